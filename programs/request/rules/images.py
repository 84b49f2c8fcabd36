"""Images: of a repository that is there, and not `latest` in production."""

from collections.abc import Iterator

from programs.request.images import RepositoryImage
from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.sidecars import OwnSidecar


def images_with_places(request: SharedShape) -> Iterator[tuple[str | RepositoryImage, Place]]:
    """Every image a request names, and where."""
    for index, workload in enumerate(request.workloads):
        yield workload.image, ("workloads", index, "image")
        if workload.rollout.stable_image is not None:
            yield workload.rollout.stable_image, ("workloads", index, "rollout", "stable_image")
        for number, sidecar in enumerate(workload.sidecars):
            if isinstance(sidecar, OwnSidecar):
                yield sidecar.image, ("workloads", index, "sidecars", number, "image")


def image_problems(request: SharedShape) -> Iterator[Problem]:
    """Repositories that the registry lacks; in production, images that name no version."""
    for image, place in images_with_places(request):
        if isinstance(image, RepositoryImage):
            yield from _repository_problems(image, place, request)
        elif request.is_production and _is_unversioned(image):
            yield Problem(
                place,
                "names no version, which class production refuses; write a tag such as `:1.27` or a digest",
            )


def _repository_problems(image: RepositoryImage, place: Place, request: SharedShape) -> Iterator[Problem]:
    known = request.registry.repositories
    if image.repository not in known:
        there = f"there are {', '.join(known)}" if known else "there are none"
        yield Problem(
            (*place, "repository"),
            f"no such repository in `registry.repositories` ({there}); add `{image.repository}` to it",
        )
    if request.is_production and image.tag == "latest":
        yield Problem(
            (*place, "tag"), "`latest` is refused for class production; write a version such as v1.0.0"
        )


def _is_unversioned(reference: str) -> bool:
    """Whether a reference leaves open which image it means: no digest, and no tag or `latest`."""
    if "@" in reference:
        return False
    _, colon, tag = reference.rpartition("/")[2].partition(":")
    return not colon or tag == "latest"
