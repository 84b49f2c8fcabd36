"""What callers may do with environments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from service.access.errors import PermissionDeniedError
from service.access.permissions import Permission
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.use_cases import ensure_stack
from service.core.clock import utc_now
from service.core.errors import FieldError, PreconditionError
from service.core.ids import EnvironmentId, new_environment_id
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import InvalidRequestError
from service.environments.merge_patch import merge_patch
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import get_environment, insert_environment, save_request
from service.environments.requested import RequestedEnvironment, check_immutable, check_ttl, read_request
from service.limits.use_cases import enter_quota, hold_to_quota
from service.operations.accepted import Accepted
from service.operations.model import OperationKind, QueuePolicy
from service.operations.use_cases import StartOperation, start_operation
from service.plans.rules import plan_rules
from service.references.use_cases import enter_references, record_references
from service.schedules.planning import plan_turns
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class CreateEnvironment:
    """A request document, and whether to deploy it or only to preview it."""

    document: dict[str, JsonValue]
    kind: OperationKind
    actor: str
    queue: QueuePolicy = QueuePolicy.QUEUE


@dataclass(frozen=True, slots=True)
class ChangeEnvironment:
    """A JSON merge patch of the request; `revision` is what the caller has read, None is any.

    `may_decide` tells whether the caller may approve the team's plans.
    """

    environment_id: EnvironmentId
    patch: dict[str, JsonValue]
    revision: int | None
    kind: OperationKind
    actor: str
    queue: QueuePolicy | None = QueuePolicy.QUEUE
    may_decide: Callable[[str], bool] = lambda _team: True


async def create_environment(command: CreateEnvironment, uow: UnitOfWork, settings: Settings) -> Accepted:
    """Record an environment, its stack, its first operation and the job. The caller commits.

    Raises:
        InvalidRequestError, QuotaExceededError, EnvironmentExistsError.
    """
    requested = read_request(command.document, settings)
    check_ttl(requested.ttl, requested.environment_class, requested.team, settings)
    await enter_quota(requested.team, uow, settings)
    await enter_references(requested.team, uow)
    environment = _new_environment(requested, command.actor)
    await hold_to_quota(environment, None, uow, settings)
    await insert_environment(uow.session, environment)
    await record_references(environment, uow)
    await ensure_stack(uow, environment_id=environment.id, team=environment.team, name=environment.name)
    await plan_turns(environment, uow)
    operation = await start_operation(environment, _start(command, settings), uow)
    detail: dict[str, object] = {"after": environment.request}
    accepted = Accepted(environment, operation)
    await _audit(AuditAction.ENVIRONMENT_CREATED, command.actor, accepted, detail, uow)
    return accepted


async def change_environment(command: ChangeEnvironment, uow: UnitOfWork, settings: Settings) -> Accepted:
    """Change an environment's request and put the operation for it in line. The caller commits.

    Raises:
        EnvironmentNotFoundError, PreconditionError, InvalidRequestError, PermissionDeniedError,
        QuotaExceededError, EnvironmentDestroyedError, EnvironmentBusyError.
    """
    found = await get_environment(uow.session, command.environment_id)
    await enter_quota(found.team, uow, settings)
    await enter_references(found.team, uow)
    before = await get_environment(uow.session, command.environment_id, lock=True)
    if command.revision not in (None, before.revision):
        raise PreconditionError(
            f"the environment is at revision {before.revision}",
            hint="read it again, and repeat the change with the new ETag",
        )
    after = _changed(before, command.patch, settings)
    _check_class(before, after, command, settings)
    await hold_to_quota(after, before, uow, settings)
    await save_request(uow.session, after)
    await record_references(after, uow)
    if before.request.get("working_hours") != after.request.get("working_hours"):
        await plan_turns(after, uow)
    operation = await start_operation(after, _start(command, settings), uow)
    detail = {"before": before.request, "after": after.request, "revision": after.revision}
    accepted = Accepted(after, operation)
    await _audit(AuditAction.ENVIRONMENT_CHANGED, command.actor, accepted, detail, uow)
    return accepted


def _check_class(
    before: Environment, after: Environment, command: ChangeEnvironment, settings: Settings
) -> None:
    """Refuse to move what stands to a class that asks for less, but for those who could approve it."""
    is_loosened = plan_rules(settings).asks_less(before, after)
    if (
        is_loosened
        and before.status is not EnvironmentStatus.REQUESTED
        and not command.may_decide(before.team)
    ):
        what = f"to leave class {before.environment_class} for {after.environment_class}"
        raise PermissionDeniedError(Permission.PLANS_DECIDE, before.team, what=what)


async def _audit(
    action: AuditAction, actor: str, accepted: Accepted, detail: Mapping[str, object], uow: UnitOfWork
) -> None:
    entry = AuditEntry(
        actor=actor,
        action=action,
        team=accepted.environment.team,
        environment_id=accepted.environment.id,
        operation_id=accepted.operation.id,
        detail=detail,
    )
    await record_action(uow.session, entry)


def _start(command: CreateEnvironment | ChangeEnvironment, settings: Settings) -> StartOperation:
    return StartOperation(
        kind=command.kind,
        actor=command.actor,
        max_waiting=settings.max_waiting_operations,
        rules=plan_rules(settings),
        queue=command.queue,
    )


def _new_environment(requested: RequestedEnvironment, actor: str) -> Environment:
    now = utc_now()
    return Environment(
        id=new_environment_id(),
        team=requested.team,
        name=requested.name,
        orchestrator=requested.orchestrator,
        environment_class=requested.environment_class,
        account=requested.account,
        region=requested.region,
        request=cast("dict[str, object]", requested.document),
        revision=1,
        status=EnvironmentStatus.REQUESTED,
        is_protected=requested.is_protected,
        created_by=actor,
        created_at=now,
        updated_at=now,
        ttl_counts_from=now,
        expires_at=now + requested.ttl if requested.ttl is not None else None,
    )


def _changed(before: Environment, patch: dict[str, JsonValue], settings: Settings) -> Environment:
    stored = cast("dict[str, JsonValue]", before.request)
    document = cast("dict[str, JsonValue]", merge_patch(stored, patch))
    wanted = read_request(document, settings)
    check_immutable(before, wanted)
    check_ttl(wanted.ttl, wanted.environment_class, wanted.team, settings)
    keeps_ttl = not {"ttl", "class"} & patch.keys()
    expires_at = before.expires_at if keeps_ttl else _expiry(before, wanted)
    return replace(
        before,
        request=cast("dict[str, object]", document),
        environment_class=wanted.environment_class,
        is_protected=wanted.is_protected,
        expires_at=expires_at,
        expiry_warned_seconds=before.expiry_warned_seconds if keeps_ttl else None,
        revision=before.revision + 1,
        updated_at=utc_now(),
    )


def _expiry(environment: Environment, wanted: RequestedEnvironment) -> datetime | None:
    """Return when a changed time to live, counted from creation or the last extension, is over."""
    if wanted.ttl is None:
        return None
    expires_at = environment.ttl_counts_from + wanted.ttl
    if expires_at <= utc_now():
        since = environment.ttl_counts_from.isoformat()
        message = f"would have ended at {expires_at.isoformat()}, counted from {since}"
        fields = (FieldError(pointer="/ttl", message=message, code="ttl_over"),)
        raise InvalidRequestError(f"/ttl: {message}", fields=fields)
    return expires_at
