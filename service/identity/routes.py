"""Who one is, as Berth sees it."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from service.access.grants import Grant, PermissionName, grants_of
from service.access.http import CallerOf, requires_identity
from service.access.model import CallerKind
from service.core.openapi import problems

router = APIRouter(prefix="/v1/me", tags=["Access"])


class CallerView(BaseModel):
    """A caller with its roles."""

    subject: str = Field(examples=["user:kim@example.com"])
    kind: CallerKind
    on_behalf_of: str | None = Field(description="The person for whom a portal asks")
    grants: list[Grant] = Field(description="Roles in teams")
    only: list[PermissionName] | None = Field(
        description="What the credential is narrowed to; null: it is not"
    )


@router.get(
    "",
    operation_id="get_me",
    dependencies=[requires_identity()],
    summary="Read who you are here",
    responses=problems(),
)
async def get(caller: CallerOf) -> CallerView:
    """Tell the caller's name in the records, and its roles: where to look after a 403."""
    return CallerView(
        subject=caller.subject,
        kind=caller.kind,
        on_behalf_of=caller.on_behalf_of,
        grants=list(grants_of(caller)),
        only=None if caller.only is None else sorted(str(one) for one in caller.only),
    )
