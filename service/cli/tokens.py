"""`berth token`: bearer tokens for pipelines, portals and people."""

from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from service.cli.client import BerthClient
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.cli.options import DEFAULT_URL, JsonOption, TokenOption, UrlOption
from service.cli.output import print_json
from service.tokens.model import TokenKind

app = typer.Typer(help="Tokens: create, list, revoke.", no_args_is_help=True)


@app.command()
def create(  # noqa: PLR0913, PLR0917 -- a command's options are its parameters
    name: Annotated[str, typer.Argument(help="What it is for, e.g. ci or laptop.")],
    kind: Annotated[TokenKind, typer.Option(help="One's own, or a service's.")] = TokenKind.PERSONAL,
    grant: Annotated[
        list[str] | None,
        typer.Option(
            help="TEAM=ROLE, as often as needed; `platform_admin` alone. Personal: default one's own."
        ),
    ] = None,
    permission: Annotated[
        list[str] | None, typer.Option(help="Narrow it to this permission, as often as needed.")
    ] = None,
    team: Annotated[
        str | None, typer.Option(help="Whose service token it is; default the platform's.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Whose personal token it is; default one's own.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How long it lives.")] = 90,
    forwards_users: Annotated[
        bool, typer.Option("--forwards-users", help="A portal's: it may name for whom it asks.")
    ] = False,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Create a token and print it: on standard output, once, and nothing else."""
    wish: dict[str, JsonValue] = {
        "kind": kind,
        "name": name,
        "team": team,
        "owner": owner,
        "grants": [_read_grant(text) for text in grant or []],
        "permissions": list(permission) if permission else None,
        "expires_in_days": days,
        "forwards_users": forwards_users,
    }
    with BerthClient(url, token) as client:
        made = client.create_token(wish)
    if as_json:
        print_json(made)
        return
    typer.echo(made.token)
    until = f"{made.expires_at:%Y-%m-%d}"
    typer.echo(f"{made.id}, for {made.subject}, until {until}; it is not shown again", err=True)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Expired and revoked ones too.")] = False,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """List one's own tokens and those of services that one manages."""
    with BerthClient(url, token) as client:
        found = list(client.list_tokens(**({} if every else {"active": "true"})))
    if as_json:
        print_json(found)
        return
    table = Table("subject", "name", "roles", "expires", "last used", box=None)
    table.add_column("id", no_wrap=True)  # to be copied whole
    for one in found:
        table.add_row(
            one.subject,
            one.name,
            ", ".join(f"{grant.team}={grant.role}" if grant.team else grant.role for grant in one.grants),
            "revoked" if one.revoked_at else f"{one.expires_at:%Y-%m-%d}",
            f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never",
            one.id,
        )
    Console().print(table)


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="tok_…, as `berth token list` shows it.")],
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Make a token worthless at once."""
    with BerthClient(url, token) as client:
        revoked = client.revoke_token(token_id)
    if as_json:
        print_json(revoked)
    else:
        typer.echo(f"{revoked.id} of {revoked.subject} is revoked")


def _read_grant(text: str) -> dict[str, JsonValue]:
    team, found, role = text.rpartition("=")
    if not role or (found and not team):
        raise CommandError(f"{text!r} is no grant", hint="write TEAM=ROLE", exit_code=ExitCode.USAGE)
    return {"team": team or None, "role": role}
