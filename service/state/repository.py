"""All SQL about state versions, resources and outputs."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update

from service.backend.tables import StackRow
from service.core.ids import EnvironmentId, OperationId, StackId, UpdateId, UploadId
from service.core.unit_of_work import UnitOfWork
from service.state.model import OutputView, ResourceView, StateVersion
from service.state.storage import StoredDeployment
from service.state.tables import OutputRow, ResourceRow, StateUploadRow, StateVersionRow

_VERSION_COLUMNS = (
    StateVersionRow.stack_id,
    StateVersionRow.number,
    StateVersionRow.is_good,
    StateVersionRow.digest,
    StateVersionRow.size_bytes,
    StateVersionRow.resource_count,
    StateVersionRow.pending_operation_count,
    StateVersionRow.created_at,
    StateVersionRow.operation_id,
    StateVersionRow.update_id,
)


async def add_version(
    uow: UnitOfWork,
    stored: StoredDeployment,
    *,
    stack_id: StackId,
    number: int,
    is_good: bool,
    operation_id: OperationId | None,
    update_id: UpdateId | None,
) -> None:
    """Record a deployment as the stack's next version."""
    await uow.session.execute(
        insert(StateVersionRow).values(
            stack_id=stack_id,
            number=number,
            operation_id=operation_id,
            update_id=update_id,
            is_good=is_good,
            **_columns(stored),
        )
    )


async def stored_deployment(
    uow: UnitOfWork, stack_id: StackId, number: int | None = None
) -> tuple[int, StoredDeployment] | None:
    """Return a version's number and deployment, the newest where no number is named; None without one."""
    query = select(StateVersionRow).where(StateVersionRow.stack_id == stack_id)
    if number is not None:
        query = query.where(StateVersionRow.number == number)
    row = (
        await uow.session.execute(query.order_by(StateVersionRow.number.desc()).limit(1))
    ).scalar_one_or_none()
    if row is None:
        return None
    return row.number, _stored(row)


def _stored(row: StateVersionRow | StateUploadRow) -> StoredDeployment:
    return StoredDeployment(
        schema_version=row.schema_version,
        features=tuple(row.features),
        digest=row.digest,
        size_bytes=row.size_bytes,
        resource_count=row.resource_count,
        pending_operation_count=row.pending_operation_count,
        body=row.deployment,
    )


async def add_upload(
    uow: UnitOfWork,
    stored: StoredDeployment,
    *,
    upload_id: UploadId,
    environment_id: EnvironmentId,
    uploaded_by: str,
) -> None:
    """Keep a state until the operation runs that puts it in place."""
    await uow.session.execute(
        insert(StateUploadRow).values(
            id=upload_id,
            environment_id=environment_id,
            uploaded_by=uploaded_by,
            **_columns(stored),
        )
    )


async def get_upload(uow: UnitOfWork, upload_id: UploadId) -> StoredDeployment | None:
    """Return a state that was uploaded, or None."""
    row = await uow.session.get(StateUploadRow, upload_id)
    return None if row is None else _stored(row)


async def remove_upload(uow: UnitOfWork, upload_id: UploadId) -> None:
    """Forget a state that was uploaded."""
    await uow.session.execute(delete(StateUploadRow).where(StateUploadRow.id == upload_id))


def _columns(stored: StoredDeployment) -> dict[str, object]:
    return {
        "schema_version": stored.schema_version,
        "features": list(stored.features),
        "deployment": stored.body,
        "digest": stored.digest,
        "size_bytes": stored.size_bytes,
        "resource_count": stored.resource_count,
        "pending_operation_count": stored.pending_operation_count,
    }


async def newest_version(uow: UnitOfWork, stack_id: StackId) -> StateVersion | None:
    """Return the record of the newest version, without its deployment."""
    versions = await page_of_versions(uow, stack_id, before=None, limit=1)
    return versions[0] if versions else None


async def page_of_versions(
    uow: UnitOfWork, stack_id: StackId, *, before: int | None, limit: int
) -> list[StateVersion]:
    """Return versions with a number smaller than `before`, newest first."""
    query = select(*_VERSION_COLUMNS).where(StateVersionRow.stack_id == stack_id)
    if before is not None:
        query = query.where(StateVersionRow.number < before)
    rows = await uow.session.execute(query.order_by(StateVersionRow.number.desc()).limit(limit))
    return [StateVersion(**row) for row in rows.mappings()]


async def replace_resources(uow: UnitOfWork, stack_id: StackId, resources: Sequence[ResourceView]) -> None:
    """Show these resources as the stack's, and no others."""
    await uow.session.execute(delete(ResourceRow).where(ResourceRow.stack_id == stack_id))
    if resources:
        await uow.session.execute(
            insert(ResourceRow), [{"stack_id": stack_id, **asdict(resource)} for resource in resources]
        )


async def page_of_resources(
    uow: UnitOfWork, stack_id: StackId, *, after: int | None, limit: int, type_: str | None = None
) -> list[ResourceView]:
    """Return resources whose position is greater than `after`, in the deployment's order."""
    columns = [column for column in ResourceRow.__table__.columns if column.name != "stack_id"]
    query = select(*columns).where(ResourceRow.stack_id == stack_id)
    if after is not None:
        query = query.where(ResourceRow.position > after)
    if type_ is not None:
        query = query.where(ResourceRow.type == type_)
    rows = await uow.session.execute(query.order_by(ResourceRow.position).limit(limit))
    return [ResourceView(**row) for row in rows.mappings()]


async def replace_outputs(uow: UnitOfWork, stack_id: StackId, outputs: Sequence[OutputView]) -> None:
    """Show these outputs as the stack's, and no others."""
    await uow.session.execute(delete(OutputRow).where(OutputRow.stack_id == stack_id))
    if outputs:
        await uow.session.execute(
            insert(OutputRow), [{"stack_id": stack_id, **asdict(output)} for output in outputs]
        )


async def mark_outputs_stale(uow: UnitOfWork, stack_id: StackId) -> None:
    """Keep showing the last good outputs, as such."""
    await uow.session.execute(update(OutputRow).where(OutputRow.stack_id == stack_id).values(is_stale=True))


async def outputs(uow: UnitOfWork, stack_id: StackId) -> list[OutputView]:
    """Return the stack's outputs by name."""
    rows = await uow.session.execute(
        select(
            OutputRow.name, OutputRow.value, OutputRow.is_secret, OutputRow.is_stale, OutputRow.state_version
        )
        .where(OutputRow.stack_id == stack_id)
        .order_by(OutputRow.name)
    )
    return [OutputView(**row) for row in rows.mappings()]


async def stack_of_environment(uow: UnitOfWork, environment_id: EnvironmentId) -> StackId | None:
    """Return the environment's stack."""
    found = await uow.session.scalar(select(StackRow.id).where(StackRow.environment_id == environment_id))
    return None if found is None else StackId(found)


async def resource_count(uow: UnitOfWork, environment_id: EnvironmentId) -> int:
    """Return how many resources the environment's newest state version holds; 0 where it has none."""
    count = await uow.session.scalar(
        select(StateVersionRow.resource_count)
        .join(StackRow, StackRow.id == StateVersionRow.stack_id)
        .where(StackRow.environment_id == environment_id)
        .order_by(StateVersionRow.number.desc())
        .limit(1)
    )
    return count or 0
