"""Who may call a workload: the peers that are named, and whoever brings requests from outside."""

from collections.abc import Collection, Sequence

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, LabelSelectorRequirementArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from programs.components.scope import Scope
from programs.eks.naming import NAME_LABEL, namespace_of, object_labels, selector_labels
from programs.request.containers import Port, Protocol
from programs.request.workload import Workload

_NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


def make_network_policy(
    name: str,
    workload: Workload,
    callers: Sequence[str],
    blocks: Sequence[str],
    by_flagger: Collection[str],
    scope: Scope,
    opts: pulumi.ResourceOptions,
) -> NetworkPolicy | None:
    """Open the workload's ports to its callers, and its first one to blocks of addresses.

    `by_flagger` are the workloads, of all, that Flagger delivers. A workload that nobody calls has no such
    policy: its namespace stays closed.
    """
    rules = [*_peer_rules(workload, callers, by_flagger), *_block_rules(workload, blocks)]
    if not rules:
        return None
    return NetworkPolicy(
        f"{name}-callers",
        metadata=ObjectMetaArgs(
            name="callers", namespace=namespace_of(workload.name), labels=object_labels(scope, workload)
        ),
        spec=NetworkPolicySpecArgs(
            pod_selector=_pods_of(workload.name, by_flagger),
            policy_types=["Ingress"],
            ingress=rules,
        ),
        opts=opts,
    )


def _pods_of(workload_name: str, by_flagger: Collection[str]) -> LabelSelectorArgs:
    if workload_name not in by_flagger:
        return LabelSelectorArgs(match_labels=selector_labels(workload_name))
    # Copies of the version that stands are Flagger's, which ends the label's value with `-primary`.
    # https://docs.flagger.app/usage/how-it-works#canary-target
    names = [workload_name, f"{workload_name}-primary"]
    named = LabelSelectorRequirementArgs(key=NAME_LABEL, operator="In", values=names)
    return LabelSelectorArgs(match_expressions=[named])


def _peer_rules(
    workload: Workload, callers: Sequence[str], by_flagger: Collection[str]
) -> list[NetworkPolicyIngressRuleArgs]:
    if not callers or not workload.ports:
        return []
    peers = [
        NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(match_labels={_NAMESPACE_NAME_LABEL: namespace_of(caller)}),
            pod_selector=_pods_of(caller, by_flagger),
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
