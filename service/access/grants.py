"""Roles as they are given: in settings, to tokens, and in the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from service.access.model import Caller
from service.access.permissions import PERMISSIONS_OF, Permission, Role


def _check_permission(text: str) -> str:
    if text not in set(Permission):
        raise PydanticCustomError("permission", "there is no such permission")
    return text


PermissionName = Annotated[
    str,
    AfterValidator(_check_permission),
    WithJsonSchema({"type": "string", "enum": [str(permission) for permission in Permission]}),
]
"""A permission's name in a document; a request's IAM permissions have taken the name of the enumeration."""


class Grant(BaseModel):
    """A role and the team in which it holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    role: Role
    team: Annotated[str, Field(max_length=30, pattern=r"^(\*|[a-z][a-z0-9-]*[a-z0-9])$")] | None = Field(
        default=None, description="`*` is every team; a platform admin has none", examples=["storefront"]
    )

    @model_validator(mode="after")
    def _only_platform_admins_have_no_team(self) -> Self:
        if (self.role is Role.PLATFORM_ADMIN) != (self.team is None):
            raise PydanticCustomError("grant_team", "name a team, or `*`; of a platform admin none")
        return self


@dataclass(frozen=True, slots=True)
class Rights:
    """What grants amount to: roles by team, and whether they make a platform admin."""

    teams: Mapping[str, frozenset[Role]] = field(default_factory=dict[str, frozenset[Role]])
    is_platform_admin: bool = False


def rights_from(grants: Iterable[Grant]) -> Rights:
    """Add grants up."""
    teams: dict[str, frozenset[Role]] = {}
    is_platform_admin = False
    for grant in grants:
        if grant.team is None:
            is_platform_admin = True
        else:
            teams[grant.team] = teams.get(grant.team, frozenset()) | {grant.role}
    return Rights(teams, is_platform_admin)


def grants_of(caller: Caller) -> tuple[Grant, ...]:
    """Return the roles of a caller, as grants."""
    platform = (Grant(role=Role.PLATFORM_ADMIN),) if caller.is_platform_admin else ()
    return (
        *platform,
        *(
            Grant(role=role, team=team)
            for team in sorted(caller.teams)
            for role in sorted(caller.teams[team])
        ),
    )


def may_give(caller: Caller, grant: Grant) -> bool:
    """Whether a caller has every right that the grant gives: nobody gives more than they have."""
    return all(caller.may(permission, grant.team) for permission in PERMISSIONS_OF[grant.role])
