"""Recording what an update left behind."""

import asyncio
from dataclasses import dataclass

from service.core.ids import OperationId, StackId, UpdateId
from service.core.unit_of_work import UnitOfWork
from service.state import repository
from service.state.deployment import VersionedDeployment
from service.state.integrity import check_integrity
from service.state.model import OutputView, ResourceView
from service.state.projection import project_outputs, project_resources
from service.state.storage import StoredDeployment, store


@dataclass(frozen=True, slots=True)
class StateOrigin:
    """Where a state version comes from; `is_good` says that its operation succeeded."""

    stack_id: StackId
    number: int
    is_good: bool
    operation_id: OperationId | None = None
    update_id: UpdateId | None = None


@dataclass(frozen=True, slots=True)
class _Projection:
    stored: StoredDeployment
    resources: list[ResourceView]
    outputs: list[OutputView]


def _project(versioned: VersionedDeployment, number: int) -> _Projection:
    check_integrity(versioned.deployment)
    return _Projection(
        store(versioned),
        project_resources(versioned.deployment),
        project_outputs(versioned.deployment, state_version=number),
    )


async def record_state(
    uow: UnitOfWork, versioned: VersionedDeployment, origin: StateOrigin
) -> StoredDeployment:
    """Write a state version and what it shows; raise IntegrityError, writing nothing, where it is broken.

    Outputs change when the operation succeeded; after a failed one the last good outputs stay, marked stale.
    Does not commit.
    """
    projection = await asyncio.to_thread(_project, versioned, origin.number)
    await repository.add_version(
        uow,
        projection.stored,
        stack_id=origin.stack_id,
        number=origin.number,
        is_good=origin.is_good,
        operation_id=origin.operation_id,
        update_id=origin.update_id,
    )
    await repository.replace_resources(uow, origin.stack_id, projection.resources)
    if origin.is_good:
        await repository.replace_outputs(uow, origin.stack_id, projection.outputs)
    else:
        await repository.mark_outputs_stale(uow, origin.stack_id)
    return projection.stored
