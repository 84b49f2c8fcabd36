"""VPC endpoints: AWS's services reached without leaving AWS's network."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import Network
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup, SecurityGroupArgs, admit_addresses

_HTTPS_PORT = 443
# https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
GATEWAY_SERVICES = frozenset({"s3", "dynamodb"})


@dataclass(frozen=True, slots=True)
class EndpointsArgs:
    """Services by AWS's names without the region's prefix, such as `ecr.api`."""

    scope: Scope
    network: Network
    cidr: str
    services: tuple[str, ...]


class Endpoints(pulumi.ComponentResource):
    """Gateway endpoints for S3 and DynamoDB, interface endpoints for the rest."""

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make one endpoint for each service."""
        super().__init__("berth:network:Endpoints", name, None, opts)
        interfaces = [service for service in args.services if service not in GATEWAY_SERVICES]
        for service in args.services:
            if service in GATEWAY_SERVICES:
                self._make_gateway(name, service, args)
        if interfaces:
            self._make_interfaces(name, interfaces, args)
        self.register_outputs({})

    def _make_gateway(self, name: str, service: str, args: EndpointsArgs) -> None:
        aws.ec2.VpcEndpoint(
            f"{name}-{service}",
            vpc_id=args.network.vpc_id,
            service_name=_service_name(args.scope, service),
            vpc_endpoint_type="Gateway",
            route_table_ids=list(args.network.private_route_table_ids),
            tags=args.scope.tagged(args.scope.name(service)),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_interfaces(self, name: str, services: list[str], args: EndpointsArgs) -> None:
        group = SecurityGroup(
            f"{name}-access",
            SecurityGroupArgs(
                scope=args.scope,
                part="endpoints",
                vpc_id=args.network.vpc_id,
                description="VPC endpoints: HTTPS from this VPC",
                allow_egress=False,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        admit_addresses(f"{name}-https", group, _HTTPS_PORT, args.cidr, "HTTPS from this VPC")
        for service in services:
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=args.network.vpc_id,
                service_name=_service_name(args.scope, service),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(args.network.placement.private_subnet_ids),
                security_group_ids=[group.id],
                tags=args.scope.tagged(args.scope.name(service)),
                opts=pulumi.ResourceOptions(parent=self),
            )


def _service_name(scope: Scope, service: str) -> str:
    domain = (
        "cn.com.amazonaws"
        if scope.partition == "aws-cn" and service not in GATEWAY_SERVICES
        else "com.amazonaws"
    )
    return f"{domain}.{scope.region}.{service}"
