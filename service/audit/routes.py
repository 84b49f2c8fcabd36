"""The audit log over HTTP: to read, never to change."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, IPvAnyAddress

from programs.request.identifiers import DnsLabel
from service.access.http import CallerOf, requires
from service.access.permissions import Permission
from service.audit.reading import AuditFilter, list_entries
from service.audit.repository import AuditAction
from service.audit.schemas import AuditView, audit_view
from service.core.app_state import Uows
from service.core.errors import InvalidInputError
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request

router = APIRouter(prefix="/v1/audit", tags=["Audit"])


class AuditQuery(BaseModel):
    """Which entries are wanted."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    actor: str | None = Field(default=None, max_length=255, pattern=r"^[^\x00]*$", description="Who did it")
    action: AuditAction | None = Field(default=None, description="What was done")
    team: DnsLabel | None = Field(default=None, description="To whose environments")
    environment_id: str | None = Field(default=None, pattern=r"^env_[0-9a-f]{32}$")
    operation_id: str | None = Field(default=None, pattern=r"^op_[0-9a-f]{32}$")
    request_id: str | None = Field(default=None, max_length=128, pattern=r"^[\x21-\x7e]+$")
    remote_address: IPvAnyAddress | None = Field(default=None, description="From where")
    since: AwareDatetime | None = Field(default=None, description="From then on")
    until: AwareDatetime | None = Field(default=None, description="Before then")
    page_size: PageSize = 50
    page_token: PageToken = None


@router.get(
    "",
    operation_id="list_audit",
    dependencies=[requires(Permission.AUDIT_READ)],
    summary="Read the audit log",
    responses=problems(InvalidInputError),
)
async def list_all(caller: CallerOf, uows: Uows, query: Annotated[AuditQuery, Query()]) -> Page[AuditView]:
    """List who did what, when, from where and by which request, newest first.

    No entry is ever changed or removed.
    """
    wanted = AuditFilter(
        actor=query.actor,
        action=query.action,
        team=query.team,
        environment_id=query.environment_id,
        operation_id=query.operation_id,
        request_id=query.request_id,
        remote_address=None if query.remote_address is None else str(query.remote_address),
        since=query.since,
        until=query.until,
    )
    page = read_page_request(query.page_size, query.page_token, wanted.texts())
    async with uows() as uow:
        rows = await list_entries(uow.session, wanted, page, caller.teams_where(Permission.AUDIT_READ))
    return make_page(page, [audit_view(row) for row in rows], lambda one: str(one.id))
