"""Who may call a workload: the peers that are named, and whoever brings requests from outside."""

from collections.abc import Sequence

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from programs.components.scope import Scope
from programs.eks.naming import namespace_of, object_labels, selector_labels
from programs.request.containers import Port, Protocol
from programs.request.workload import Workload

_NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


def make_network_policy(
    name: str,
    workload: Workload,
    callers: Sequence[str],
    blocks: Sequence[str],
    scope: Scope,
    opts: pulumi.ResourceOptions,
) -> NetworkPolicy | None:
    """Open the workload's ports to its callers, and its first one to blocks of addresses.

    A workload that nobody calls has no such policy: its namespace stays closed.
    """
    rules = [*_peer_rules(workload, callers), *_block_rules(workload, blocks)]
    if not rules:
        return None
    return NetworkPolicy(
        f"{name}-callers",
        metadata=ObjectMetaArgs(
            name="callers", namespace=namespace_of(workload.name), labels=object_labels(scope, workload)
        ),
        spec=NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(match_labels=selector_labels(workload.name)),
            policy_types=["Ingress"],
            ingress=rules,
        ),
        opts=opts,
    )


def _peer_rules(workload: Workload, callers: Sequence[str]) -> list[NetworkPolicyIngressRuleArgs]:
    if not callers or not workload.ports:
        return []
    peers = [
        NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(match_labels={_NAMESPACE_NAME_LABEL: namespace_of(caller)}),
            pod_selector=LabelSelectorArgs(match_labels=selector_labels(caller)),
        )
        for caller in callers
    ]
    return [NetworkPolicyIngressRuleArgs(from_=peers, ports=[_port(port) for port in workload.ports])]


def _block_rules(workload: Workload, blocks: Sequence[str]) -> list[NetworkPolicyIngressRuleArgs]:
    if not blocks or not workload.ports:
        return []
    peers = [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=block)) for block in blocks]
    return [NetworkPolicyIngressRuleArgs(from_=peers, ports=[_port(workload.ports[0])])]


def _port(port: Port) -> NetworkPolicyPortArgs:
    return NetworkPolicyPortArgs(port=port.port, protocol="UDP" if port.protocol is Protocol.UDP else "TCP")
