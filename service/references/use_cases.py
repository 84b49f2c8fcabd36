"""Environments may use each other's outputs: recorded at the request, resolved when an operation begins."""

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from programs.request.environment_references import OutputReference, find_references, replace_references
from service.core.errors import FieldError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import InvalidRequestError
from service.environments.model import Environment
from service.operations.model import OperationKind
from service.operations.repository import list_unfinished
from service.references import repository
from service.references.errors import EnvironmentInUseByOthersError, ReferenceNotReadyError
from service.state.model import OutputView
from service.state.repository import outputs, stack_of_environment


async def enter_references(team: str, uow: UnitOfWork) -> None:
    """Wait until no other transaction changes the team's references; before any environment is locked.

    Whoever held an environment's row first would wait here for one that waits for that row.
    """
    await repository.lock_references(uow.session, team)


async def record_references(environment: Environment, uow: UnitOfWork) -> None:
    """Record whose outputs an environment's request uses, after `enter_references`. Does not commit.

    Raises:
        InvalidRequestError: one is not there, is going, or uses this one in the end.
    """
    named = list(find_references(cast("Mapping[str, JsonValue]", environment.request)))
    names = sorted({one.environment for one in named})
    found = await repository.find_living(uow.session, environment.team, names)
    missing = [one for one in named if one.environment not in found]
    if missing:
        raise _invalid(missing, f"team {environment.team} has no environment {missing[0].environment}")
    await repository.replace_references(uow.session, environment.id, sorted(set(found.values())))
    for name, used_id in found.items():
        places = [one for one in named if one.environment == name]
        if await _is_going(used_id, uow):
            raise _invalid(places, f"environment {name} is being destroyed")
        if await _leads_to(environment.id, used_id, uow):
            raise _invalid(places, f"environment {name} is, or uses, {environment.name} itself: a circle")


async def _is_going(environment_id: EnvironmentId, uow: UnitOfWork) -> bool:
    unfinished = await list_unfinished(uow.session, environment_id)
    return any(one.kind is OperationKind.DESTROY for one in unfinished)


async def _leads_to(wanted: EnvironmentId, start: EnvironmentId, uow: UnitOfWork) -> bool:
    seen: set[EnvironmentId] = set()
    frontier = {start}
    while frontier:
        if wanted in frontier:
            return True
        seen |= frontier
        frontier = await repository.list_used(uow.session, sorted(frontier)) - seen
    return False


def _invalid(places: Sequence[OutputReference], message: str) -> InvalidRequestError:
    fields = tuple(FieldError(pointer=one.pointer, message=message, code="reference") for one in places)
    return InvalidRequestError(f"{fields[0].pointer}: {message}", fields=fields)


async def refuse_if_used(environment_id: EnvironmentId, uow: UnitOfWork) -> None:
    """Raise EnvironmentInUseByOthersError where living environments use this one."""
    names = await repository.list_dependants(uow.session, environment_id)
    if names:
        raise EnvironmentInUseByOthersError(environment_id, names)


async def resolve_references(document: dict[str, object], team: str, uow: UnitOfWork) -> dict[str, object]:
    """Return a request with the outputs that it names in their places, as they are now.

    Raises:
        ReferenceNotReadyError: one is not there (yet), is secret, or is no plain value.
    """
    stored = cast("Mapping[str, JsonValue]", document)
    names = sorted({one.environment for one in find_references(stored)})
    if not names:
        return document
    found = await repository.find_living(uow.session, team, names)
    views = {name: await _outputs_of(environment_id, uow) for name, environment_id in found.items()}
    resolved = replace_references(stored, lambda one: _value(one, views.get(one.environment, {})))
    return cast("dict[str, object]", resolved)


async def _outputs_of(environment_id: EnvironmentId, uow: UnitOfWork) -> dict[str, OutputView]:
    stack_id = await stack_of_environment(uow, environment_id)
    return {} if stack_id is None else {view.name: view for view in await outputs(uow, stack_id)}


def _value(reference: OutputReference, views: Mapping[str, OutputView]) -> str:
    name, *rest = reference.path
    view = views.get(name)
    if view is None:
        raise ReferenceNotReadyError(
            f"{reference}: environment {reference.environment} has no output {name}",
            hint="deploy that environment first; its outputs list what there is",
        )
    value = cast("JsonValue", view.value)
    for key in rest:
        value = value.get(key) if isinstance(value, dict) else None
    if view.is_secret or isinstance(value, dict | list) or value is None:
        raise ReferenceNotReadyError(
            f"{reference} is a secret, or not a plain value",
            hint="name a text or number; secrets are shared through Secrets Manager",
        )
    return str(value).lower() if isinstance(value, bool) else str(value)
