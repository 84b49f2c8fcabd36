"""The life of an update as its engine asks for it: create, start, renew, complete; and cancel."""

from dataclasses import dataclass, field, replace

from service.backend import stacks_repository, updates_repository
from service.backend.callers import Caller, EngineCaller, open_stack
from service.backend.errors import (
    LeaseLostError,
    UpdateInProgressError,
    UpdateNotFoundError,
    UpdateStateError,
)
from service.backend.finishing import end_update
from service.backend.hand_runs import begin_hand_run, end_hand_run, lock_environment_of, run_of
from service.backend.journal import JOURNAL_VERSION
from service.backend.model import (
    LEASE_SECONDS,
    Lease,
    Stack,
    StackName,
    Update,
    UpdateKind,
    UpdateStatus,
    new_lease_token,
    token_hash,
)
from service.backend.updates_repository import UpdateDescription
from service.core.clock import utc_now
from service.core.ids import UpdateId, new_update_id
from service.core.unit_of_work import UnitOfWork
from service.operations import claims
from service.plans.rules import PlanRules
from service.state import repository as state_repository


@dataclass(frozen=True, slots=True)
class LeaseKey:
    """What an engine presents with each write: the update, where it says it is, and the lease's token."""

    address: StackName
    update_id: UpdateId
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartedUpdate:
    """What an engine is told when its update starts."""

    version: int
    lease: Lease
    journal_version: int


async def create_update(
    uow: UnitOfWork,
    caller: Caller,
    address: StackName,
    kind: UpdateKind,
    description: UpdateDescription,
) -> UpdateId:
    """Record that an update is wanted; nothing is locked before it starts."""
    stack = await open_stack(uow, caller, address)
    wanted = Update(
        id=new_update_id(),
        stack_id=stack.id,
        kind=kind,
        status=UpdateStatus.NOT_STARTED,
        requested_by=caller.login,
        created_at=utc_now(),
        operation_id=caller.operation_id if isinstance(caller, EngineCaller) else None,
        epoch=caller.epoch if isinstance(caller, EngineCaller) else None,
    )
    await updates_repository.add(uow, wanted, description)
    await uow.commit()
    return wanted.id


async def start_update(
    uow: UnitOfWork,
    caller: Caller,
    address: StackName,
    update_id: UpdateId,
    rules: PlanRules,
    *,
    tags: dict[str, str] | None,
    journal_version: int,
) -> StartedUpdate:
    """Start an update: it gets the stack, a version number and a lease. Previews only get a lease.

    Raises:
        UpdateInProgressError: another update holds the stack and is alive.
        UpdateStateError: this one has been started already.
    """
    created = await _not_started(uow, address, update_id)
    created = await _as_operation(uow, caller, address, created, rules)
    stack = await open_stack(uow, caller, address, lock=True)
    if created.writes_state:
        stack = await _free_stack(uow, stack)
    base = await state_repository.newest_version(uow, stack.id)
    version = stack.version + 1 if created.writes_state else stack.version
    started = replace(
        created,
        status=UpdateStatus.RUNNING,
        version=version if created.writes_state else None,
        base_version=None if base is None else base.number,
        journal_version=min(journal_version, JOURNAL_VERSION),
    )
    lease = await _grant_lease(uow, started)
    if created.writes_state:
        await stacks_repository.begin_update(uow, stack.id, update_id, version=version)
    if tags is not None:
        await stacks_repository.replace_tags(uow, stack.id, tags)
    await uow.commit()
    return StartedUpdate(version, lease, started.journal_version)


async def _not_started(uow: UnitOfWork, address: StackName, update_id: UpdateId) -> Update:
    created = await updates_repository.find_at(uow, address, update_id)
    if created is None:
        raise UpdateNotFoundError(f"Update '{update_id}' not found")
    if created.status is not UpdateStatus.NOT_STARTED:
        raise UpdateStateError(f"Update '{update_id}' has been started already")
    return created


async def _as_operation(
    uow: UnitOfWork, caller: Caller, address: StackName, created: Update, rules: PlanRules
) -> Update:
    """A person's update of an environment's stack becomes an operation of that environment."""
    stack = await open_stack(uow, caller, address)
    if isinstance(caller, EngineCaller) or stack.environment_id is None or not created.writes_state:
        return created
    run = await begin_hand_run(
        uow,
        stack.environment_id,
        created.kind,
        rules,
        login=caller.login,
        engine_version=created.engine_version,
    )
    return replace(created, operation_id=run.operation_id, epoch=run.epoch)


async def _grant_lease(uow: UnitOfWork, started: Update) -> Lease:
    token = new_lease_token()
    return await updates_repository.start(
        uow, started, lease_token=token, lease_hash=token_hash(token), lease_seconds=LEASE_SECONDS
    )


async def _free_stack(uow: UnitOfWork, stack: Stack) -> Stack:
    """Return the stack, free: what a dead update left is folded first; a living one is not touched."""
    if stack.active_update_id is None:
        return stack
    holder = await updates_repository.get(uow, stack.active_update_id, lock=True)
    if holder is None or holder.status is not UpdateStatus.RUNNING:
        return stack
    if await _is_alive(uow, holder):
        since = (holder.started_at or holder.created_at).strftime("%Y-%m-%d %H:%M:%S UTC")
        raise UpdateInProgressError(
            "Another update is currently in progress.",
            hint=f"{holder.requested_by} has held the stack for a {holder.kind} since {since}",
        )
    await end_update(uow, stack, holder, UpdateStatus.FAILED, failure="its lease expired")
    return stack


async def _is_alive(uow: UnitOfWork, holder: Update) -> bool:
    """An operation's update lives as long as its epoch; a person's as long as its lease."""
    if holder.operation_id is not None and holder.epoch is not None:
        return await updates_repository.holds_epoch(uow, holder.operation_id, holder.epoch)
    return await updates_repository.has_live_lease(uow, holder.id)


async def recognize_lease(uow: UnitOfWork, key: LeaseKey) -> None:
    """Tell whoever holds a lease, or held it, from a stranger.

    Raises:
        UpdateNotFoundError: there is no such update.
        LeaseLostError: its lease has another token.
    """
    if await updates_repository.was_leased(uow, key.update_id, token_hash(key.token)):
        return
    if await updates_repository.find_at(uow, key.address, key.update_id) is None:
        raise UpdateNotFoundError(f"Update '{key.update_id}' not found")
    raise LeaseLostError(f"the lease of update {key.update_id} was never given, or was given to another")


async def open_lease(uow: UnitOfWork, key: LeaseKey, *, exclusive: bool = False) -> Update:
    """Return the running update whose lease this is; it stays so until this transaction ends.

    Raises:
        LeaseLostError: the lease has expired or was never given, or the operation has moved past its epoch.
    """
    known = await updates_repository.find_at(uow, key.address, key.update_id)
    if known is None:
        raise UpdateNotFoundError(f"Update '{key.update_id}' not found")
    exclusive = exclusive or known.is_by_hand
    if known.operation_id is not None and known.epoch is not None:
        is_current = await updates_repository.holds_epoch(
            uow, known.operation_id, known.epoch, exclusive=exclusive
        )
        if not is_current:
            raise LeaseLostError(f"operation {known.operation_id} no longer runs in epoch {known.epoch}")
    if exclusive:
        await stacks_repository.get(uow, known.stack_id, lock=True)
    leased = await updates_repository.find_leased(uow, known.id, token_hash(key.token), exclusive=exclusive)
    if leased is None:
        raise LeaseLostError(f"the lease of update {known.id} has expired or was given to another")
    return leased


async def renew_lease(uow: UnitOfWork, key: LeaseKey, *, duration_seconds: int) -> Lease:
    """Extend a lease from now. The token stays the same, so that a lost answer loses nothing."""
    leased = await open_lease(uow, key)
    seconds = min(max(duration_seconds, 1), LEASE_SECONDS)
    until = await updates_repository.renew(uow, leased.id, lease_seconds=seconds)
    if leased.is_by_hand:
        await claims.renew_lease(uow, await run_of(uow, leased), lease_seconds=seconds)
    await uow.commit()
    return Lease(key.token, until)


async def complete_update(uow: UnitOfWork, key: LeaseKey, status: UpdateStatus) -> None:
    """End an update as its engine says; asking again with the same lease changes nothing.

    Raises:
        IntegrityError: what the engine wrote is not a consistent state; the last good one stays.
    """
    if await updates_repository.find_finished(uow, key.update_id, token_hash(key.token)) is not None:
        return
    await lock_environment_of(uow, await updates_repository.find_at(uow, key.address, key.update_id))
    leased = await open_lease(uow, key, exclusive=True)
    stack = await stacks_repository.get(uow, leased.stack_id)
    if stack is None:
        raise UpdateNotFoundError(f"Update '{key.update_id}' not found")
    fault = await end_update(uow, stack, leased, status)
    await end_hand_run(uow, leased, status if fault is None else UpdateStatus.FAILED)
    await uow.commit()
    if fault is not None:
        raise fault


async def cancel_update(uow: UnitOfWork, caller: Caller, address: StackName, update_id: UpdateId) -> None:
    """Stop an update: an operation is asked to stop, any other update ends here and loses its lease."""
    await open_stack(uow, caller, address)
    seen = await updates_repository.find_at(uow, address, update_id)
    if seen is None:
        raise UpdateNotFoundError(f"Update '{update_id}' not found")
    await lock_environment_of(uow, seen)
    if seen.operation_id is not None and seen.epoch is not None:
        await updates_repository.holds_epoch(uow, seen.operation_id, seen.epoch, exclusive=True)
    stack = await open_stack(uow, caller, address, lock=True)
    running = await updates_repository.get(uow, update_id, lock=True)
    if running is None:
        raise UpdateNotFoundError(f"Update '{update_id}' not found")
    if running.status is not UpdateStatus.RUNNING:
        raise UpdateStateError("The update has already ended")
    if running.operation_id is not None and not running.is_by_hand and await _is_alive(uow, running):
        await updates_repository.request_cancel(uow, running.operation_id)
    else:
        await end_update(uow, stack, running, UpdateStatus.CANCELLED, failure=f"cancelled by {caller.login}")
        await end_hand_run(uow, running, UpdateStatus.CANCELLED)
    await uow.commit()
