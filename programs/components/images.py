"""Where a container's image is pulled from, and which private repository that is."""

import re

from programs.components.image_repository import repository_path, repository_url
from programs.components.scope import Scope
from programs.request.images import RepositoryImage
from programs.request.workload import Workload

# A private registry's address: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_PRIVATE_REFERENCE = re.compile(
    r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<path>[^:@]+)"
)


def image_reference(scope: Scope, image: str | RepositoryImage) -> str:
    """Return the full reference that is pulled."""
    if isinstance(image, str):
        return image
    url = repository_url(scope, image.repository)
    return f"{url}@{image.digest}" if image.digest else f"{url}:{image.tag}"


def private_repository_arn(scope: Scope, image: str | RepositoryImage) -> str | None:
    """Return the ARN of the private repository an image comes from; None for a public one."""
    if isinstance(image, RepositoryImage):
        return scope.arn("ecr", f"repository/{repository_path(scope, image.repository)}")
    match = _PRIVATE_REFERENCE.match(image)
    if match is None:
        return None
    account, region, path = match["account"], match["region"], match["path"]
    return f"arn:{scope.partition}:ecr:{region}:{account}:repository/{path}"


def uses_own_repository(workload: Workload) -> bool:
    """Return whether an image comes from a repository that the environment itself makes."""
    return bool(own_repositories(workload))


def own_repositories(workload: Workload) -> frozenset[str]:
    """Return the names of the repositories of the environment itself that the workload's images come from."""
    images = [
        workload.image,
        workload.rollout.stable_image,
        *(sidecar.image for sidecar in workload.own_sidecars),
    ]
    return frozenset(image.repository for image in images if isinstance(image, RepositoryImage))
