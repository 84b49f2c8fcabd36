"""An application is a request without an orchestrator: here it becomes one for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError

from programs.request import EcsEnvironment, EksEnvironment, parse_request
from programs.request.ecs import EcsCluster
from programs.request.eks import EksCluster
from programs.request.strict import field_keys
from service.comparisons.facts import Orchestrator
from service.comparisons.places import ENDPOINT, without_places
from service.core.errors import FieldError, InvalidInputError

Request = EcsEnvironment | EksEnvironment
_SIDES: dict[Orchestrator, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ecs": (field_keys(EcsEnvironment), field_keys(EcsCluster)),
    "eks": (field_keys(EksEnvironment), field_keys(EksCluster)),
}
_OTHER: dict[Orchestrator, Orchestrator] = {"ecs": "eks", "eks": "ecs"}


class InvalidApplicationError(InvalidInputError):
    """The application is wrong on either orchestrator."""

    code = "invalid_application"
    title = "The application is not valid"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A place of the application that one orchestrator has nothing for, and why."""

    pointer: str
    why: str
    is_left_out: bool
    """Whether the plan was made without it; else there is no plan."""
    is_refused: bool = False
    """Whether the application counts on it; else it only says how the other orchestrator does its part."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """The application as a request for one orchestrator; no request where it cannot be had there."""

    orchestrator: Orchestrator
    request: Request | None
    document: Mapping[str, object]
    unavailable: tuple[Unavailable, ...]


Offered = Callable[[Request], Sequence[tuple[str, str]]]
"""Names what of a request this installation does not offer: places and reasons."""


def _everything(_request: Request) -> Sequence[tuple[str, str]]:
    return ()


def adapt_application(
    application: Mapping[str, object], offered: Offered = _everything
) -> tuple[Adapted, Adapted]:
    """Return the application for ECS and for EKS.

    What belongs to the other orchestrator alone (`capacity`, parts of `cluster`) is left out and named, and
    so is what one of them refuses, unless the rest would be another application without it.
    Raises InvalidApplicationError when both refuse the same places: then the application itself is wrong.
    """
    ecs, eks = _adapt(application, "ecs", offered), _adapt(application, "eks", offered)
    refused_by_eks = {item.pointer for item in _refusals(eks)}
    shared = [item for item in _refusals(ecs) if item.pointer in refused_by_eks]
    if shared:
        fields = tuple(FieldError(item.pointer, item.why, "invalid") for item in shared)
        raise InvalidApplicationError("the application is not valid on either orchestrator", fields=fields)
    return ecs, eks


def _refusals(adapted: Adapted) -> list[Unavailable]:
    return [item for item in adapted.unavailable if item.is_refused]


def _adapt(application: Mapping[str, object], orchestrator: Orchestrator, offered: Offered) -> Adapted:
    document, left_out = _without_foreign_parts(application, orchestrator)
    document["orchestrator"] = orchestrator
    request, document, refused = _without_refused_parts(document)
    unavailable = (*left_out, *refused)
    if request is None:
        return Adapted(orchestrator, None, document, unavailable)
    missing = tuple(_refused(pointer, why, is_left_out=False) for pointer, why in offered(request))
    return Adapted(orchestrator, None if missing else request, document, (*unavailable, *missing))


def _without_refused_parts(
    document: dict[str, object],
) -> tuple[Request | None, dict[str, object], tuple[Unavailable, ...]]:
    """Return the request that is left when what is refused is taken out, and what that was."""
    whys: dict[str, str] = {}
    rest: dict[str, object] | None = document
    while rest is not None:
        try:
            request = parse_request(rest)
        except ValidationError as invalid:
            errors = invalid.errors()
            whys = {_pointer(error["loc"]): error["msg"] for error in errors} | whys
            rest = without_places(rest, [error["loc"] for error in errors])
        else:
            return request, rest, tuple(_refused(*item, is_left_out=True) for item in whys.items())
    return None, document, tuple(_refused(*item, is_left_out=False) for item in whys.items())


def _refused(pointer: str, why: str, *, is_left_out: bool) -> Unavailable:
    is_open_question = pointer.startswith(_pointer(ENDPOINT))
    return Unavailable(pointer, why, is_left_out=is_left_out, is_refused=not is_open_question)


def _without_foreign_parts(
    application: Mapping[str, object], orchestrator: Orchestrator
) -> tuple[dict[str, object], tuple[Unavailable, ...]]:
    own, own_cluster = _SIDES[orchestrator]
    others, others_cluster = _SIDES[_OTHER[orchestrator]]
    foreign = [key for key in application if key in others and key not in own]
    document = {key: value for key, value in application.items() if key not in foreign}
    cluster = document.get("cluster")
    foreign_cluster: list[str] = []
    if isinstance(cluster, Mapping):
        parts = cast("Mapping[str, object]", cluster)
        foreign_cluster = [key for key in parts if key in others_cluster and key not in own_cluster]
        document["cluster"] = {key: value for key, value in parts.items() if key not in foreign_cluster}
    pointers = [f"/{key}" for key in foreign] + [f"/cluster/{key}" for key in foreign_cluster]
    why = f"{orchestrator.upper()} has nothing like it: it belongs to {_OTHER[orchestrator].upper()} alone"
    return document, tuple(Unavailable(pointer, why, is_left_out=True) for pointer in pointers)


def _pointer(place: tuple[int | str, ...]) -> str:
    """Write a place as a JSON pointer (RFC 6901)."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in escaped)
