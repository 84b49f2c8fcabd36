"""The security groups of a cluster and of its self-managed nodes, with their rules."""

import asyncio
from dataclasses import dataclass

from sandbox.cloud.construct.monitor import Child
from sandbox.cloud.eks.parts import Making
from sandbox.cloud.wire.values import Properties, Value, object_of

_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_ALL = ("-1", 0, 0)
_HTTPS = ("tcp", 443, 443)
_KUBELET = ("tcp", 1025, 65535)


async def cluster_group(making: Making) -> Child:
    """The control plane's security group, which may reach anything."""
    name = f"{making.name}-eksClusterSecurityGroup"
    group = await _group(making, name, "clusterSecurityGroupTags")
    rule = _rule("Allow internet access.", "egress", _ALL, group, {"cidrBlocks": ["0.0.0.0/0"]})
    await making.aws_resource(_RULE, f"{making.name}-eksClusterInternetEgressRule", rule, group)
    return group


@dataclass(frozen=True, slots=True)
class NodeGroups:
    """The nodes' security group, and the rule that lets nodes reach the control plane."""

    group: Child
    cluster_ingress: Child


async def node_group(making: Making, cluster: Child, control_plane: Child) -> NodeGroups:
    """The nodes' security group and the rules between nodes and control plane."""
    name = making.name
    owned: Properties = {f"kubernetes.io/cluster/{cluster['name']}": "owned"}
    group = await _group(making, f"{name}-nodeSecurityGroup", "nodeSecurityGroupTags", owned, cluster)
    plane: Properties = {"sourceSecurityGroupId": control_plane.id}
    nodes: Properties = {"sourceSecurityGroupId": group.id}
    rules: list[tuple[str, Properties]] = [
        (
            "eksNodeIngressRule",
            _rule("Allow nodes to communicate with each other", "ingress", _ALL, group, {"self": True}),
        ),
        (
            "eksNodeClusterIngressRule",
            _rule(
                "Allow worker Kubelets and pods to receive communication from the cluster control plane",
                *("ingress", _KUBELET, group, plane),
            ),
        ),
        (
            "eksExtApiServerClusterIngressRule",
            _rule(
                "Allow pods running extension API servers on port 443 to receive communication from cluster "
                "control plane",
                *("ingress", _HTTPS, group, plane),
            ),
        ),
        (
            "eksNodeInternetEgressRule",
            _rule("Allow internet access.", "egress", _ALL, group, {"cidrBlocks": ["0.0.0.0/0"]}),
        ),
        (
            "eksClusterIngressRule",
            _rule(
                "Allow pods to communicate with the cluster API Server",
                *("ingress", _HTTPS, control_plane, nodes),
            ),
        ),
    ]
    made = await asyncio.gather(
        *(making.aws_resource(_RULE, f"{name}-{part}", rule, group, control_plane) for part, rule in rules)
    )
    return NodeGroups(group, made[-1])


async def _group(
    making: Making, name: str, tags: str, own_tags: Properties | None = None, *needed: Child
) -> Child:
    given = {**object_of(making.arguments, tags), **object_of(making.arguments, "tags")}
    return await making.aws_resource(
        _GROUP,
        name,
        {
            "vpcId": making.arguments.get("vpcId"),
            "revokeRulesOnDelete": True,
            "tags": {"Name": name, **(own_tags or {}), **given},
        },
        *needed,
    )


def _rule(
    description: str, direction: str, ports: tuple[str, int, int], group: Child, peer: dict[str, Value]
) -> Properties:
    protocol, first, last = ports
    return {
        "description": description,
        "type": direction,
        "protocol": protocol,
        "fromPort": first,
        "toPort": last,
        "securityGroupId": group.id,
        **peer,
    }
