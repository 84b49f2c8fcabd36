"""Where an environment stands: a network of its own, or one that a request names."""

from dataclasses import dataclass

import pulumi

from programs.components.endpoints import Endpoints, EndpointsArgs
from programs.components.flow_log import FlowLog, FlowLogArgs
from programs.components.key import EncryptionKey
from programs.components.network import Network, NetworkArgs, NetworkPlacement
from programs.components.scope import Scope
from programs.facts import Facts
from programs.planning.cidr import plan_subnets
from programs.request import network as requested


@dataclass(frozen=True, slots=True)
class SubnetTags:
    """Tags by which controllers find the subnets they may use."""

    public: tuple[tuple[str, str], ...] = ()
    private: tuple[tuple[str, str], ...] = ()


def place_network(
    network: requested.Network,
    facts: Facts,
    scope: Scope,
    key: EncryptionKey,
    opts: pulumi.ResourceOptions,
    subnet_tags: SubnetTags | None = None,
) -> NetworkPlacement:
    """Make the network, its endpoints and its flow log; return where things go.

    Raises:
        ValueError: when the region has fewer availability zones than are asked for.
    """
    if network.existing is not None:
        existing = network.existing
        return NetworkPlacement(existing.vpc_id, existing.public_subnet_ids, existing.private_subnet_ids)
    zone_names = facts.availability_zone_names[: network.availability_zones]
    if len(zone_names) < network.availability_zones:
        raise ValueError(
            f"{facts.region} has {len(zone_names)} availability zones for this account, "
            f"{network.availability_zones} are asked for"
        )
    zones = plan_subnets(network.cidr, zone_names)
    tags = subnet_tags or SubnetTags()
    made = Network(
        "network",
        NetworkArgs(scope, network.cidr, zones, network.nat_gateways, tags.public, tags.private),
        opts,
    )
    if network.endpoints:
        Endpoints("endpoints", EndpointsArgs(scope, made, network.cidr, network.endpoints), opts)
    if network.flow_logs:
        FlowLog("flow-log", FlowLogArgs(scope, made.vpc_id, key.arn), opts)
    return made.placement
