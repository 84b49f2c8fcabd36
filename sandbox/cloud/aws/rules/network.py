"""What EC2 refuses in networks. Source: the EC2 API reference and its list of error codes."""

import ipaddress
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.wire.values import Properties, objects_of, text_of, texts_of

_VPC = "ec2/vpc:Vpc"
_SUBNET = "ec2/subnet:Subnet"
_GATEWAY = "ec2/internetGateway:InternetGateway"
_WIDEST, _NARROWEST = 16, 28
_CIDRS = ("cidrBlock", "destinationCidrBlock", "cidrIpv4")
_HIGHEST_PORT = 65535


def cidr_check(inputs: Properties) -> Iterator[Failure]:
    """A CIDR block has to be one, written without host bits."""
    for name in _CIDRS:
        value = inputs.get(name)
        if isinstance(value, str) and value:
            yield from _wrong_cidr(name, value)


def vpc(asked: Asked) -> Iterator[ApiError]:
    """A VPC's block has between 16 and 65,536 addresses."""
    network = _network(asked.text("cidrBlock"))
    if network is not None and not _WIDEST <= network.prefixlen <= _NARROWEST:
        yield ApiError("InvalidVpc.Range", f"The CIDR '{network}' is invalid.")


def subnet(asked: Asked) -> Iterator[ApiError]:
    """A subnet's block lies inside its VPC's, overlaps no other, and its zone is the region's."""
    if asked.record is not None:
        return
    zone = asked.text("availabilityZone")
    if zone and zone not in asked.around.zone_names:
        zones = ", ".join(asked.around.zone_names)
        yield ApiError(
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. "
            f"Subnets can currently only be created in the following availability zones: {zones}.",
        )
    network, home = _network(asked.text("cidrBlock")), asked.find(_VPC, asked.text("vpcId"))
    if network is None or home is None:
        return
    around = _network(text_of(home.outputs, "cidrBlock"))
    if network.prefixlen > _NARROWEST or (around is not None and not network.subnet_of(around)):
        yield ApiError("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    for other in asked.others(_SUBNET, "vpcId", home.id):
        taken = _network(text_of(other.outputs, "cidrBlock"))
        if taken is not None and taken.overlaps(network):
            yield ApiError("InvalidSubnet.Conflict", f"The CIDR '{network}' conflicts with another subnet")


def internet_gateway(asked: Asked) -> Iterator[ApiError]:
    """A VPC has one internet gateway."""
    vpc_id = asked.text("vpcId")
    for other in asked.others(_GATEWAY, "vpcId", vpc_id) if vpc_id else []:
        yield ApiError(
            "Resource.AlreadyAssociated", f"resource {other.id} is already attached to network {vpc_id}"
        )


def nat_gateway(asked: Asked) -> Iterator[ApiError]:
    """A public NAT gateway stands in a VPC with an internet gateway, on an address of its own."""
    if asked.text("connectivityType") == "private":
        return
    home = asked.find(_SUBNET, asked.text("subnetId"))
    vpc_id = text_of(home.outputs, "vpcId") if home else ""
    if home is not None and not asked.others(_GATEWAY, "vpcId", vpc_id):
        yield ApiError("Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached")
    address = asked.text("allocationId")
    for _ in asked.others("ec2/natGateway:NatGateway", "allocationId", address) if address else []:
        yield ApiError("Resource.AlreadyAssociated", f"Elastic IP address [{address}] is already associated")


def route(asked: Asked) -> Iterator[ApiError]:
    """A table has one route to a destination, and the route leads somewhere."""
    destination = asked.text("destinationCidrBlock")
    if asked.record is None and destination:
        for other in asked.others("ec2/route:Route", "routeTableId", asked.text("routeTableId")):
            if other.outputs.get("destinationCidrBlock") == destination:
                yield ApiError("RouteAlreadyExists", f"The route identified by {destination} already exists.")
    targets = ("gatewayId", "natGatewayId", "networkInterfaceId", "transitGatewayId", "vpcEndpointId")
    others = ("vpcPeeringConnectionId", "egressOnlyGatewayId", "carrierGatewayId", "localGatewayId")
    if not any(asked.text(name) for name in (*targets, *others)):
        yield ApiError(
            "InvalidParameterCombination",
            "The request must contain exactly one of gatewayId, natGatewayId, ...",
        )


def security_group(asked: Asked) -> Iterator[ApiError]:
    """A group's name is not a group's id, and not the default one's."""
    name = asked.text("name")
    if name.startswith("sg-"):
        yield ApiError("InvalidParameterValue", "Group names may not be in the format sg-*")
    for rule in (*objects_of(asked.properties, "ingress"), *objects_of(asked.properties, "egress")):
        yield from _ports(rule)


def ingress_rule(asked: Asked) -> Iterator[ApiError]:
    """A group has an ingress rule once."""
    yield from _rule(asked, "vpc/securityGroupIngressRule:SecurityGroupIngressRule")


def egress_rule(asked: Asked) -> Iterator[ApiError]:
    """A group has an egress rule once."""
    yield from _rule(asked, "vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def vpc_endpoint(asked: Asked) -> Iterator[ApiError]:
    """An endpoint's service exists in the region, and its private names need the VPC's DNS."""
    prefix = f"com.amazonaws.{asked.around.region}."
    name = asked.text("serviceName")
    if not name.startswith((prefix, "com.amazonaws.vpce.", "aws.api.", "com.amazonaws.s3-global")):
        yield ApiError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    home = asked.find(_VPC, asked.text("vpcId"))
    if home is None or asked.properties.get("privateDnsEnabled") is not True:
        return
    if not (home.outputs.get("enableDnsSupport") is True and home.outputs.get("enableDnsHostnames") is True):
        yield ApiError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC "
            "attributes set to true "
            f"for {home.id}",
        )
    for other in asked.others("ec2/vpcEndpoint:VpcEndpoint", "vpcId", home.id):
        if other.outputs.get("serviceName") == name and other.outputs.get("privateDnsEnabled") is True:
            yield ApiError(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS "
                f"domain for {name} "
                f"in the VPC {home.id}",
            )
    yield from _one_per_zone(asked)


def _one_per_zone(asked: Asked) -> Iterator[ApiError]:
    seen: set[str] = set()
    for key in texts_of(asked.properties, "subnetIds"):
        found = asked.find(_SUBNET, key)
        zone = text_of(found.outputs, "availabilityZone") if found else ""
        if zone in seen:
            yield ApiError(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {key}. VPC endpoint "
                "subnets should be "
                "in different availability zones supported by the VPC endpoint service.",
            )
        seen.add(zone)


def _rule(asked: Asked, type_: str) -> Iterator[ApiError]:
    yield from _ports(asked.properties)
    peers = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    if not any(asked.text(name) for name in peers):
        yield ApiError("MissingParameter", "Either CIDR, prefix list, or security group must be specified")
    if asked.record is not None:
        return
    parts = ("ipProtocol", "fromPort", "toPort", *peers)
    for other in asked.others(type_, "securityGroupId", asked.text("securityGroupId")):
        if all(other.outputs.get(name) == asked.properties.get(name) for name in parts):
            yield ApiError("InvalidPermission.Duplicate", "the specified rule already exists")


def _ports(rule: Properties) -> Iterator[ApiError]:
    first, last = rule.get("fromPort"), rule.get("toPort")
    protocol = text_of(rule, "ipProtocol") or text_of(rule, "protocol")
    if protocol not in ("tcp", "udp", "6", "17") or not isinstance(first, int) or not isinstance(last, int):
        return
    if not 0 <= first <= last <= _HIGHEST_PORT:
        yield ApiError("InvalidParameterValue", f"Invalid value '{first}-{last}' for portRange.")


def _wrong_cidr(name: str, value: str) -> Iterator[Failure]:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        yield Failure(name, f'"{value}" is not a valid IPv4 CIDR block: invalid CIDR address: {value}')
        return
    if str(network) != value:
        yield Failure(name, f'"{value}" is not a valid IPv4 CIDR block; did you mean "{network}"?')


def _network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text) if text else None
    except ValueError:
        return None
