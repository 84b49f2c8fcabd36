"""An environment's network: a VPC of its own, or one that exists already."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.planning.cidr import ZoneSubnets
from programs.request.network import NatGateways


@dataclass(frozen=True, slots=True)
class NetworkArgs:
    """The address plan; the zones' ranges lie within `cidr`.

    `public_subnet_tags` and `private_subnet_tags` are what a controller in the cluster looks for.
    """

    scope: Scope
    cidr: str
    zones: tuple[ZoneSubnets, ...]
    nat: NatGateways
    public_subnet_tags: tuple[tuple[str, str], ...] = ()
    private_subnet_tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkPlacement:
    """Where things are placed, whoever made the network."""

    vpc_id: pulumi.Input[str]
    public_subnet_ids: tuple[pulumi.Input[str], ...]
    private_subnet_ids: tuple[pulumi.Input[str], ...]

    def balancer_subnet_ids(self, *, is_internal: bool) -> tuple[pulumi.Input[str], ...]:
        """Return the subnets that a load balancer stands in."""
        return self.private_subnet_ids if is_internal else self.public_subnet_ids


class Network(pulumi.ComponentResource):
    """A VPC with a public and a private subnet in every zone.

    Every private subnet has a route table of its own whatever the NAT mode, so that changing the mode
    changes routes and nothing else.
    """

    vpc_id: pulumi.Output[str]
    placement: NetworkPlacement
    private_route_table_ids: tuple[pulumi.Output[str], ...]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network."""
        if not args.zones:
            raise ValueError("a network needs at least one availability zone")
        super().__init__("berth:network:Network", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        vpc = self._make_vpc()
        self.vpc_id = vpc.id
        public = self._make_public_subnets(vpc)
        gateways = self._make_nat_gateways(public)
        private = self._make_private_subnets(vpc)
        self.private_route_table_ids = self._route_private_subnets(vpc, private, gateways)
        self.placement = NetworkPlacement(
            vpc_id=vpc.id,
            public_subnet_ids=tuple(subnet.id for subnet in public),
            private_subnet_ids=tuple(subnet.id for subnet in private),
        )
        self.register_outputs({"vpc_id": vpc.id})

    def _tags(self, part: str) -> dict[str, str]:
        return self._args.scope.tagged(self._args.scope.name(part))

    def _make_vpc(self) -> aws.ec2.Vpc:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=self._args.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("vpc"),
            opts=self._child,
        )
        # A VPC brings a group that lets its members reach each other; nothing here uses it.
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags=self._tags("unused"),
            opts=self._child,
        )
        return vpc

    def _make_public_subnets(self, vpc: aws.ec2.Vpc) -> list[aws.ec2.Subnet]:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=vpc.id, tags=self._tags("internet"), opts=self._child
        )
        table = aws.ec2.RouteTable(
            f"{self._name}-public", vpc_id=vpc.id, tags=self._tags("public"), opts=self._child
        )
        aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        subnets: list[aws.ec2.Subnet] = []
        for number, zone in enumerate(self._args.zones, start=1):
            subnet = self._make_subnet(f"public-{number}", vpc, zone.zone_name, zone.public_cidr)
            self._associate(f"public-{number}", subnet, table)
            subnets.append(subnet)
        return subnets

    def _make_private_subnets(self, vpc: aws.ec2.Vpc) -> list[aws.ec2.Subnet]:
        return [
            self._make_subnet(f"private-{number}", vpc, zone.zone_name, zone.private_cidr)
            for number, zone in enumerate(self._args.zones, start=1)
        ]

    def _make_subnet(self, part: str, vpc: aws.ec2.Vpc, zone_name: str, cidr: str) -> aws.ec2.Subnet:
        is_public = part.startswith("public")
        extra = self._args.public_subnet_tags if is_public else self._args.private_subnet_tags
        return aws.ec2.Subnet(
            f"{self._name}-{part}",
            vpc_id=vpc.id,
            availability_zone=zone_name,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={**self._tags(part), **dict(extra)},
            opts=self._child,
        )

    def _make_nat_gateways(self, public: list[aws.ec2.Subnet]) -> list[aws.ec2.NatGateway]:
        homes = {NatGateways.NONE: [], NatGateways.SINGLE: public[:1], NatGateways.ONE_PER_AZ: public}[
            self._args.nat
        ]
        gateways: list[aws.ec2.NatGateway] = []
        for number, subnet in enumerate(homes, start=1):
            address = aws.ec2.Eip(
                f"{self._name}-nat-{number}-address",
                domain="vpc",
                tags=self._tags(f"nat-{number}"),
                opts=self._child,
            )
            gateway = aws.ec2.NatGateway(
                f"{self._name}-nat-{number}",
                allocation_id=address.id,
                subnet_id=subnet.id,
                tags=self._tags(f"nat-{number}"),
                opts=self._child,
            )
            gateways.append(gateway)
        return gateways

    def _route_private_subnets(
        self, vpc: aws.ec2.Vpc, private: list[aws.ec2.Subnet], gateways: list[aws.ec2.NatGateway]
    ) -> tuple[pulumi.Output[str], ...]:
        table_ids: list[pulumi.Output[str]] = []
        for number, subnet in enumerate(private, start=1):
            table = aws.ec2.RouteTable(
                f"{self._name}-private-{number}-routes",
                vpc_id=vpc.id,
                tags=self._tags(f"private-{number}"),
                opts=self._child,
            )
            self._associate(f"private-{number}", subnet, table)
            if gateways:
                aws.ec2.Route(
                    f"{self._name}-private-{number}-internet",
                    route_table_id=table.id,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=gateways[(number - 1) % len(gateways)].id,
                    opts=self._child,
                )
            table_ids.append(table.id)
        return tuple(table_ids)

    def _associate(self, part: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) -> None:
        aws.ec2.RouteTableAssociation(
            f"{self._name}-{part}-association", subnet_id=subnet.id, route_table_id=table.id, opts=self._child
        )
