"""`berth token` against a running API."""

import asyncio
import json

import pytest
from typer.testing import CliRunner, Result

from service.cli.app import app
from service.cli.errors import CommandError
from service.core.errors import ConfigurationError
from service.identity.exposure import check_exposure
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import serve


async def berth(*arguments: str, fails: bool = False) -> Result:
    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert (result.exception is not None) == fails, result.output
    return result


async def test_tokens_are_made_used_and_revoked(settings: Settings) -> None:
    """From the admin token to a pipeline's own, which lists environments until it is revoked."""
    admin = "an-admin-token-of-more-than-32-characters"
    known = settings.model_copy(update={"admin_token": Settings(admin_token=admin).admin_token})
    async with serve(create_app(known)) as url:
        at = ("--url", url)
        refused = await berth("env", "list", *at, fails=True)
        assert isinstance(refused.exception, CommandError)
        assert refused.exception.hint == "send Authorization: Bearer and a token"
        as_admin = (*at, "--token", admin)
        grant = ("--team", "shop", "--grant", "shop=developer")
        made = await berth("token", "create", "ci", "--kind", "service", *grant, *as_admin)
        [secret] = made.stdout.splitlines()
        assert secret.startswith("bth_st_")
        assert secret not in made.stderr
        await berth("env", "list", *at, "--token", secret)
        listed = await berth("token", "list", *as_admin)
        [token] = json.loads((await berth("token", "list", "--json", *as_admin)).stdout)
        assert token["token"] is None
        assert token["id"] in listed.stdout
        await berth("token", "revoke", token["id"], *as_admin)
        gone = await berth("env", "list", *at, "--token", secret, fails=True)
        assert "revoked" in str(gone.exception)
        assert json.loads((await berth("token", "list", "--json", *as_admin)).stdout) == []


async def test_a_grant_names_team_and_role() -> None:
    """What is no grant is refused before anything is asked."""
    refused = await berth("token", "create", "x", "--grant", "=developer", fails=True)
    assert isinstance(refused.exception, CommandError)


ISSUER = {"issuer": "https://id.example.com", "audience": "berth"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "berth.example.com"])  # noqa: S104 -- refused
def test_nothing_is_served_to_others_without_authentication(host: str) -> None:
    """On any other address than loopback somebody must say who may call."""
    with pytest.raises(ConfigurationError, match="nothing says who may call") as refused:
        create_app(Settings(host=host, database_url="postgresql://x/y"))
    assert "BERTH_OIDC__ISSUER" in str(refused.value.hint)
    check_exposure(Settings(host=host, oidc=ISSUER))
    check_exposure(Settings(host=host, admin_token="x" * 32))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "localhost"])
def test_one_s_own_machine_needs_no_authentication(host: str) -> None:
    """The one-machine default goes on as it was."""
    check_exposure(Settings(host=host))
