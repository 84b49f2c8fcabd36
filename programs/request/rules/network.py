"""Networks: room for the subnets, and a way out, or endpoints in its place."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from programs.request.images import RepositoryImage
from programs.request.network import NatGateways
from programs.request.rules.images import images_with_places
from programs.request.rules.problem import Problem
from programs.request.shape import SharedShape
from programs.request.sidecars import OwnSidecar

IMAGE_AND_LOG_ENDPOINTS = ("ecr.api", "ecr.dkr", "s3", "logs")
"""What pulling images and writing logs takes (Amazon ECR user guide, 'Interface VPC endpoints')."""


def network_problems(request: SharedShape) -> Iterator[Problem]:
    """A network without NAT that lacks an endpoint or needs the internet; an existing one that is resized."""
    for block_index, block in enumerate(request.load_balancer.allowed_cidrs):
        yield from _block_problems(block, ("load_balancer", "allowed_cidrs", block_index))
    if not lacks_nat(request):
        return
    yield from missing_endpoint_problems(request, required_endpoints(request))
    yield from _internet_images(request)


def _block_problems(block: str, loc: tuple[int | str, ...]) -> Iterator[Problem]:
    try:
        IPv4Network(block)
    except ValueError as invalid:
        yield Problem(loc, f"not an IPv4 network ({invalid}); write for instance 203.0.113.0/24")


def lacks_nat(request: SharedShape) -> bool:
    """Whether the environment's own network has no way to the internet for what is private."""
    return request.network.existing is None and request.network.nat_gateways is NatGateways.NONE


def missing_endpoint_problems(request: SharedShape, wanted: Iterable[str]) -> Iterator[Problem]:
    """A problem that lists the endpoints of `wanted` that a network without NAT gateways lacks."""
    missing = [name for name in wanted if name not in request.network.endpoints]
    if missing and lacks_nat(request):
        yield Problem(
            ("network", "endpoints"),
            f"without NAT gateways these are needed as well: {', '.join(missing)}; "
            "add them, or write `nat_gateways: single`",
        )


def required_endpoints(request: SharedShape) -> tuple[str, ...]:
    """The endpoints that images, logs and secrets take on either orchestrator."""
    wanted: list[str] = list(IMAGE_AND_LOG_ENDPOINTS)
    secrets = [secret for workload in request.workloads for secret in workload.all_secrets]
    if any(secret.secrets_manager for secret in secrets):
        wanted.append("secretsmanager")
    if any(secret.parameter for secret in secrets):
        wanted.append("ssm")
    return tuple(wanted)


def _internet_images(request: SharedShape) -> Iterator[Problem]:
    for image, place in images_with_places(request):
        if not isinstance(image, RepositoryImage) and ".dkr.ecr." not in image:
            yield Problem(
                place,
                "is pulled from the internet, which needs a NAT gateway; write an image of `registry` "
                "or `nat_gateways: single`",
            )
    for index, workload in enumerate(request.workloads):
        for number, sidecar in enumerate(workload.sidecars):
            if not isinstance(sidecar, OwnSidecar):
                yield Problem(
                    ("workloads", index, "sidecars", number),
                    f"`{sidecar}` is pulled from the internet, which needs a NAT gateway; write it as a "
                    "container of your own with an image of `registry`, or `nat_gateways: single`",
                )
