"""The network that a request names: looked at before a run, so that one that does not fit fails before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.facts import ExistingSubnet
from programs.request.network import ExistingNetwork
from service.operations.model import OperationKind
from service.operations.runs import ClaimedOperation

_KINDS_THAT_PLACE = frozenset({OperationKind.PREVIEW, OperationKind.DEPLOY})
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-subnets.html
_LEAST_ZONES = 2


class NetworkDoesNotFitError(RuntimeError):
    """A subnet is not there, is another network's, or all of them stand in one zone."""


@dataclass(frozen=True, slots=True)
class FoundSubnet:
    """A subnet as the cloud describes it."""

    subnet_id: str
    vpc_id: str
    cidr_block: str
    zone_name: str


def existing_network(claimed: ClaimedOperation) -> ExistingNetwork | None:
    """Return the network that a run's program will place things in; what runs no program needs none."""
    network = claimed.request.get("network")
    if claimed.run.kind not in _KINDS_THAT_PLACE or not isinstance(network, dict):
        return None
    named: object = network.get("existing")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    # Read from JSON, where sequences are lists: that is what a strict model calls lax.
    return None if named is None else ExistingNetwork.model_validate(named, strict=False)


def subnet_ids(network: ExistingNetwork) -> tuple[str, ...]:
    """Return the ids of all subnets that a request names, each once."""
    return tuple(dict.fromkeys((*network.public_subnet_ids, *network.private_subnet_ids)))


def checked_subnets(network: ExistingNetwork, found: Sequence[FoundSubnet]) -> tuple[ExistingSubnet, ...]:
    """Return what a program is told of the subnets.

    Raises:
        NetworkDoesNotFitError: says which subnet is wrong and why.
    """
    there = {subnet.subnet_id: subnet for subnet in found}
    for subnet_id in subnet_ids(network):
        if subnet_id not in there:
            raise NetworkDoesNotFitError(f"there is no subnet {subnet_id} in this account and region")
        if there[subnet_id].vpc_id != network.vpc_id:
            raise NetworkDoesNotFitError(
                f"{subnet_id} is a subnet of {there[subnet_id].vpc_id}, not of {network.vpc_id}"
            )
    for kind, ids in (("public", network.public_subnet_ids), ("private", network.private_subnet_ids)):
        zone_names = {there[subnet_id].zone_name for subnet_id in ids}
        if len(zone_names) < _LEAST_ZONES:
            raise NetworkDoesNotFitError(f"all {kind} subnets stand in {zone_names.pop()}; name two zones'")
    return tuple(ExistingSubnet(one, there[one].cidr_block) for one in subnet_ids(network))
