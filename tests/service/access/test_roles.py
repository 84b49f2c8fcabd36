"""The table of roles, the page that shows it, and what follows for a caller."""

from pathlib import Path

import pytest

from service.access.model import EVERY_TEAM, Caller, CallerKind
from service.access.permissions import PERMISSIONS_OF, TEXTS, Permission, Role, permission_table

GUIDE = Path(__file__).parents[3] / "docs/access.md"


def test_guide_shows_the_table_that_the_code_enforces() -> None:
    """docs/access.md holds the table word for word; `python -m service.access` prints it."""
    assert permission_table() in GUIDE.read_text()


def test_every_permission_is_explained_and_somebody_has_it() -> None:
    """No permission is without a text, and platform admins have every one."""
    assert set(TEXTS) == set(Permission) == PERMISSIONS_OF[Role.PLATFORM_ADMIN]


def test_admins_may_what_the_others_in_their_team_may() -> None:
    """A team's admin needs no second role."""
    for role in (Role.VIEWER, Role.DEVELOPER, Role.APPROVER):
        assert PERMISSIONS_OF[role] < PERMISSIONS_OF[Role.ADMIN]


@pytest.fixture
def developer() -> Caller:
    return Caller("user:kim", CallerKind.USER, {"storefront": frozenset({Role.DEVELOPER})})


def test_rights_end_at_the_team(developer: Caller) -> None:
    """A role holds in its team alone, and never for what belongs to no team."""
    assert developer.may(Permission.ENVIRONMENTS_CREATE, "storefront")
    assert not developer.may(Permission.ENVIRONMENTS_CREATE, "payments")
    assert not developer.may(Permission.ENVIRONMENTS_CREATE, None)
    assert developer.teams_where(Permission.ENVIRONMENTS_READ) == {"storefront"}
    assert developer.teams_where(Permission.WEBHOOKS_WRITE) == frozenset()
    assert (developer.knows("storefront"), developer.knows("payments")) == (True, False)


def test_a_role_in_every_team_reaches_no_further_than_teams() -> None:
    """Roles under `*` hold in each team, not for the installation's own things."""
    portal = Caller("service:portal", CallerKind.SERVICE_TOKEN, {EVERY_TEAM: frozenset({Role.ADMIN})})
    assert portal.may(Permission.FREEZES_WRITE, "payments")
    assert not portal.may(Permission.FREEZES_WRITE, None)
    assert not portal.may_anywhere(Permission.METRICS_READ)
    assert portal.teams_where(Permission.ENVIRONMENTS_READ) == {EVERY_TEAM}


def test_a_narrowed_credential_may_less_than_its_roles() -> None:
    """`only` takes rights away, from a platform admin too, and gives none."""
    narrowed = Caller(
        "user:ada",
        CallerKind.PERSONAL_TOKEN,
        {"storefront": frozenset({Role.VIEWER})},
        is_platform_admin=True,
        only=frozenset({Permission.ENVIRONMENTS_READ}),
    )
    assert narrowed.may(Permission.ENVIRONMENTS_READ, None)
    assert not narrowed.may(Permission.ENVIRONMENTS_DESTROY, "storefront")
    viewer = Caller(
        "user:bo",
        CallerKind.PERSONAL_TOKEN,
        {"storefront": frozenset({Role.VIEWER})},
        only=frozenset({Permission.ENVIRONMENTS_DESTROY}),
    )
    assert not viewer.may(Permission.ENVIRONMENTS_DESTROY, "storefront")


def test_people_behind_a_portal_are_recorded_apart() -> None:
    """Two people for whom a portal asks are two actors: neither passes for the other."""
    portal = Caller("service:portal", CallerKind.SERVICE_TOKEN, on_behalf_of="user:default/kim")
    assert portal.actor == "user:default/kim via service:portal"
