"""Security groups that start closed; every opening is a rule of its own with its reason."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope

ANYWHERE = "0.0.0.0/0"
TCP = "tcp"
ALL_PROTOCOLS = "-1"


@dataclass(frozen=True, slots=True)
class SecurityGroupArgs:
    """What the group protects; `allow_egress` lets its members reach anything they are let into."""

    scope: Scope
    part: str
    vpc_id: pulumi.Input[str]
    description: str
    allow_egress: bool


@dataclass(frozen=True, slots=True)
class PeerRule:
    """One port between `group`, whose rule it is, and the members of `peer`."""

    group: "SecurityGroup"
    peer: "SecurityGroup"
    port: int
    description: str
    protocol: str = TCP


class SecurityGroup(pulumi.ComponentResource):
    """A group that admits nobody until a rule says so."""

    id: pulumi.Output[str]

    def __init__(
        self, name: str, args: SecurityGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the group, closed to the inside."""
        super().__init__("berth:network:SecurityGroup", name, None, opts)
        physical_name = args.scope.name(args.part)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            name=physical_name,
            description=args.description,
            vpc_id=args.vpc_id,
            revoke_rules_on_delete=True,
            tags=args.scope.tagged(physical_name),
            opts=child,
        )
        if args.allow_egress:
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-egress",
                security_group_id=group.id,
                ip_protocol=ALL_PROTOCOLS,
                cidr_ipv4=ANYWHERE,
                description="Calls out",
                tags=args.scope.tags,
                opts=child,
            )
        self.id = group.id
        self.scope = args.scope
        self.register_outputs({"id": self.id})


def admit_peer(name: str, rule: PeerRule, owner: pulumi.Resource) -> None:
    """Open a port of one group to the members of another; the rule belongs to `owner`."""
    _make_rule(aws.vpc.SecurityGroupIngressRule, f"{name}-ingress", rule, owner)


def let_out_to_peer(name: str, rule: PeerRule, owner: pulumi.Resource) -> None:
    """Let the members of `rule.group` call a port of `rule.peer`; the rule belongs to `owner`."""
    _make_rule(aws.vpc.SecurityGroupEgressRule, f"{name}-egress", rule, owner)


def _make_rule(
    kind: type[aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule],
    resource_name: str,
    rule: PeerRule,
    owner: pulumi.Resource,
) -> None:
    kind(
        resource_name,
        security_group_id=rule.group.id,
        referenced_security_group_id=rule.peer.id,
        ip_protocol=rule.protocol,
        from_port=rule.port,
        to_port=rule.port,
        description=rule.description,
        tags=rule.group.scope.tags,
        opts=pulumi.ResourceOptions(parent=owner),
    )


def admit_addresses(name: str, group: SecurityGroup, port: int, cidr: pulumi.Input[str], reason: str) -> None:
    """Open a TCP port of a group to a range of addresses."""
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-ingress",
        security_group_id=group.id,
        cidr_ipv4=cidr,
        ip_protocol=TCP,
        from_port=port,
        to_port=port,
        description=reason,
        tags=group.scope.tags,
        opts=pulumi.ResourceOptions(parent=group),
    )
