"""Every route names who may ask."""

from service.access.permissions import Permission
from service.access.served import ServedRoute, served_routes
from service.access.subjects import SUBJECTS
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY

APP = create_app(Settings(database_url="postgresql://x/y", secrets_key=SECRETS_KEY))
CHECKED_INSIDE = {Permission.TOKENS_MANAGE}  # one route makes tokens of either kind
PULUMI = "/api/"  # the Pulumi CLI's API, which engines and leases call too
WITHOUT_GUARD = {"/openapi.json"}  # FastAPI's own: the document tells nothing that the sources do not
# A blueprint; a delivery of its endpoint; a scheduled action of its environment; the form's files; a token,
# which may be a person's; an output.
WITHOUT_TEAM = {"name", "action_id", "delivery_id", "asset", "token_id", "output_name"}


def guarded_routes() -> list[ServedRoute]:
    return [route for route in served_routes(APP) if route.path not in WITHOUT_GUARD]


def test_every_route_names_one_permission_or_is_open_with_a_reason() -> None:
    """A route that names none, or two, is a hole or a riddle."""
    assert [route.path for route in guarded_routes() if len(route.guards) != 1] == []


def test_only_health_and_the_page_are_open() -> None:
    """Whoever opens another route to all changes this test."""
    opened = {route.path for route in guarded_routes() if route.is_open}
    unserved = "/api/{path}"
    assert opened == {
        "/livez",
        "/readyz",
        "/",
        "/docs",
        "/docs/oauth2-redirect",
        "/form/{asset}",
        "/api/capabilities",
        unserved,
    }


def test_every_path_parameter_leads_to_a_team_or_is_known_to_have_none() -> None:
    """The guard looks up whose a thing is by its parameter's name: a new name must be made known to it."""
    named = {
        parameter
        for route in guarded_routes()
        if not route.path.startswith(PULUMI)
        for parameter in route.parameters
    }
    assert named == {subject.parameter for subject in SUBJECTS} | WITHOUT_TEAM


def test_one_s_own_identity_needs_no_role() -> None:
    """Whoever is known may ask who they are, and nothing else without a permission."""
    unguarded = {route.path for route in guarded_routes() if not route.is_open and route.permission is None}
    update = "/api/stacks/{organization}/{project}/{stack}/{kind}/{update_id}"
    by_lease = {path for path in unguarded if path.startswith(update)}
    assert unguarded - by_lease == {"/v1/me", "/api/user", "/api/user/organizations/default"}
    assert len(by_lease) == 8


def test_every_permission_guards_something() -> None:
    """A permission that no route names would promise what nobody checks."""
    guarding = {route.permission for route in guarded_routes()} - {None}
    assert guarding | CHECKED_INSIDE == set(Permission)
