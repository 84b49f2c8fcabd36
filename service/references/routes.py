"""References between environments over HTTP."""

from fastapi import APIRouter

from service.access.http import requires
from service.access.permissions import Permission
from service.core.app_state import Uows
from service.core.openapi import problems
from service.environments.errors import EnvironmentNotFoundError
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import get_environment
from service.references.repository import list_dependants, list_used_names
from service.references.schemas import ReferencesView

router = APIRouter(prefix="/v1/environments/{environment_id}", tags=["Environments"])


@router.get(
    "/references",
    operation_id="get_references",
    dependencies=[requires(Permission.ENVIRONMENTS_READ)],
    summary="Show which environments use which",
    responses=problems(EnvironmentNotFoundError),
)
async def get_references(environment_id: EnvironmentIdPath, uows: Uows) -> ReferencesView:
    """Show whose outputs this environment uses, and who uses its own: those keep it from being destroyed."""
    async with uows() as uow:
        await get_environment(uow.session, environment_id)
        return ReferencesView(
            uses=list(await list_used_names(uow.session, environment_id)),
            used_by=list(await list_dependants(uow.session, environment_id)),
        )
