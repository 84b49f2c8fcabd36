"""Who calls: a subject, its roles in teams, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.access.permissions import PERMISSIONS_OF, Permission, Role
from service.access.persons import joined

EVERY_TEAM = "*"
"""In place of a team's name: roles that hold in each team. No team can be called so."""

TeamScope = frozenset[str] | None
"""Teams whose things are to be seen; None is every team and what belongs to none."""


class CallerKind(StrEnum):
    """How a caller has proved who it is."""

    LOCAL = "local"
    ADMIN_TOKEN = "admin_token"  # noqa: S105 -- a kind, not a secret
    USER = "user"
    SERVICE_TOKEN = "service_token"  # noqa: S105 -- a kind, not a secret
    PERSONAL_TOKEN = "personal_token"  # noqa: S105 -- a kind, not a secret
    BACKSTAGE = "backstage"


_OWN_CREDENTIALS = frozenset({CallerKind.LOCAL, CallerKind.USER, CallerKind.PERSONAL_TOKEN})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request.

    `teams` holds the roles by team, EVERY_TEAM among the keys for roles that hold in each. `only` narrows
    what the roles allow, for a token that may less than its owner. `on_behalf_of` names the person for whom
    a portal such as Backstage asks; it gives no rights, and is recorded beside the subject. `vouches` says
    that the installation takes the portal's word for who that is.
    """

    subject: str
    kind: CallerKind
    teams: Mapping[str, frozenset[Role]] = field(default_factory=dict[str, frozenset[Role]])
    is_platform_admin: bool = False
    on_behalf_of: str | None = None
    only: frozenset[Permission] | None = None
    vouches: bool = False

    @property
    def actor(self) -> str:
        """The text under which deeds are recorded; two people behind one portal are two actors."""
        return self.subject if self.on_behalf_of is None else joined(self.on_behalf_of, self.subject)

    @property
    def is_proven_person(self) -> bool:
        """Whether it is certain which person asks: what a team's own token says of that is not."""
        return self.kind in _OWN_CREDENTIALS or (self.vouches and self.on_behalf_of is not None)

    def may(self, permission: Permission, team: str | None) -> bool:
        """Whether the caller has a right in a team; None stands for what belongs to no team."""
        if self.only is not None and permission not in self.only:
            return False
        return self.is_platform_admin or (team is not None and permission in self._rights_in(team))

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether the caller has a right in at least one team."""
        return self.may(permission, None) or any(self.may(permission, team) for team in self.teams)

    def knows(self, team: str | None) -> bool:
        """Whether the caller may learn that things of this team exist."""
        return self.is_platform_admin or (
            team is not None and bool(self.teams.get(team) or self.teams.get(EVERY_TEAM))
        )

    def teams_where(self, permission: Permission) -> TeamScope:
        """Return the teams in which the caller has a right."""
        if self.may(permission, None):
            return None
        return frozenset(team for team in self.teams if self.may(permission, team))

    def _rights_in(self, team: str) -> frozenset[Permission]:
        roles = self.teams.get(team, frozenset()) | self.teams.get(EVERY_TEAM, frozenset())
        return frozenset[Permission]().union(*(PERMISSIONS_OF[role] for role in roles))
