"""NAT gateways, endpoints, addresses, load balancers, names: what costs by the hour at the edge."""

from collections.abc import Iterator
from decimal import Decimal

from service.costs.model import Component
from service.costs.planned import PlannedResource
from service.costs.quote import HOURS, Quote, Quoter
from service.costs.reading import count_at, flag_at, text_at
from service.pricing.keys import PriceKey

SUBNET = "aws:ec2/subnet:Subnet"
_LEAST_ZONES = 2


def price_nat_gateway(gateway: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a NAT gateway's hours and what passes it (https://aws.amazon.com/vpc/pricing/)."""
    yield quoter.fixed(gateway, Component.NETWORK, PriceKey.NAT_GATEWAY_HOUR, "NAT gateway", HOURS)
    yield quoter.usage(
        gateway, Component.NETWORK, PriceKey.NAT_GATEWAY_DATA, "NAT gateway data", "nat_gb_per_gateway"
    )


def price_address(address: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a public IPv4 address, in use or idle (https://aws.amazon.com/vpc/pricing/)."""
    yield quoter.fixed(address, Component.NETWORK, PriceKey.PUBLIC_IPV4_HOUR, "public IPv4 address", HOURS)


def price_endpoint(endpoint: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge an interface endpoint in each of its zones; gateway endpoints are free.

    https://aws.amazon.com/privatelink/pricing/
    """
    if text_at(endpoint.inputs, "vpcEndpointType") in (None, "Gateway"):
        return
    zones = max(1, count_at(endpoint.inputs, "subnetIds"))
    key = PriceKey.INTERFACE_ENDPOINT_HOUR
    yield quoter.fixed(
        endpoint, Component.NETWORK, key, f"interface endpoint in {zones} zones", HOURS * zones
    )
    yield quoter.usage(
        endpoint,
        Component.NETWORK,
        PriceKey.INTERFACE_ENDPOINT_DATA,
        "interface endpoint data",
        "gb_per_interface_endpoint",
    )


def price_load_balancer(balancer: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a load balancer: hours, capacity units, its public addresses, what leaves through it."""
    is_network = text_at(balancer.inputs, "loadBalancerType") == "network"
    zones = max(
        _LEAST_ZONES, count_at(balancer.inputs, "subnets"), count_at(balancer.inputs, "subnetMappings")
    )
    is_internal = flag_at(balancer.inputs, "internal")
    yield from balancer_charges(
        balancer, quoter, is_network=is_network, public_zones=0 if is_internal else zones
    )


def balancer_charges(
    owner: PlannedResource, quoter: Quoter, *, is_network: bool, public_zones: int
) -> Iterator[Quote]:
    """Charge a load balancer that `owner` is or makes (https://aws.amazon.com/elasticloadbalancing/pricing/)."""
    hour = PriceKey.NLB_HOUR if is_network else PriceKey.ALB_HOUR
    capacity = PriceKey.NLB_CAPACITY if is_network else PriceKey.ALB_CAPACITY
    label = "network load balancer" if is_network else "application load balancer"
    yield quoter.fixed(owner, Component.LOAD_BALANCING, hour, label, HOURS)
    yield quoter.usage(
        owner,
        Component.LOAD_BALANCING,
        capacity,
        f"{label} capacity units",
        "capacity_units_per_load_balancer",
        HOURS,
    )
    yield quoter.usage(
        owner,
        Component.NETWORK,
        PriceKey.INTER_ZONE_DATA,
        "data between zones",
        "inter_zone_gb_per_load_balancer",
    )
    if public_zones:
        addresses = HOURS * Decimal(public_zones)
        key = PriceKey.PUBLIC_IPV4_HOUR
        yield quoter.fixed(owner, Component.NETWORK, key, f"{public_zones} public IPv4 addresses", addresses)
        yield quoter.usage(
            owner,
            Component.NETWORK,
            PriceKey.INTERNET_EGRESS_DATA,
            "data out to the internet",
            "egress_gb_per_load_balancer",
        )


def price_zone(zone: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a hosted zone and its queries (https://aws.amazon.com/route53/pricing/)."""
    yield quoter.fixed(zone, Component.DISCOVERY, PriceKey.ROUTE53_ZONE_MONTH, "hosted zone", 1)
    yield quoter.usage(zone, Component.DISCOVERY, PriceKey.ROUTE53_QUERY, "DNS queries", "queries_per_zone")


def price_lattice_service(service: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a VPC Lattice service (https://aws.amazon.com/vpc/lattice/pricing/)."""
    yield quoter.fixed(
        service, Component.NETWORK, PriceKey.LATTICE_SERVICE_HOUR, "VPC Lattice service", HOURS
    )
    yield quoter.usage(
        service, Component.NETWORK, PriceKey.LATTICE_DATA, "VPC Lattice data", "lattice_gb_per_service"
    )
    yield quoter.usage(
        service,
        Component.NETWORK,
        PriceKey.LATTICE_REQUEST,
        "VPC Lattice requests",
        "lattice_requests_per_service",
    )
