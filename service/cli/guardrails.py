"""`berth guardrail`: the rules that plans are held to, and exemptions from them."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from service.cli.client import BerthClient
from service.cli.options import DEFAULT_URL, JsonOption, TokenOption, UrlOption
from service.cli.output import print_json

app = typer.Typer(help="Guardrails: list, exempt, exemptions, revoke.", no_args_is_help=True)


@app.command("list")
def list_(as_json: JsonOption = False, url: UrlOption = DEFAULT_URL, token: TokenOption = None) -> None:
    """List the rules, with how strictly each is held to for each class."""
    with BerthClient(url, token) as client:
        found = client.list_guardrails()
    if as_json:
        print_json(found)
        return
    classes = list(found[0].levels) if found else []
    table = Table("rule", *classes, "title", box=None)
    for rule in found:
        table.add_row(rule.name, *rule.levels.values(), rule.title)
    Console().print(table)


@app.command()
def exempt(
    rule: Annotated[str, typer.Argument(help="The guardrail's name.")],
    reference: Annotated[str, typer.Argument(help="A team, or an environment as team/name or by its id.")],
    until: Annotated[datetime, typer.Option(help="When the exemption ends, UTC.")],
    reason: Annotated[str, typer.Option(help="Why, for who asks later.")],
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Let a team or an environment break a rule until a time."""
    with BerthClient(url, token) as client:
        scope: dict[str, JsonValue] = {"team": reference}
        if "/" in reference or reference.startswith("env_"):
            scope = {"environment_id": client.find_environment(reference).id}
        end = until if until.tzinfo else until.replace(tzinfo=UTC)
        wish: dict[str, JsonValue] = {"rule": rule, "reason": reason, "until": end.isoformat(), **scope}
        granted = client.grant_exemption(wish)
    if as_json:
        print_json(granted)
        return
    Console().print(f"{granted.id}: {granted.team} is exempt from {rule} until {granted.until.isoformat()}")


@app.command()
def exemptions(
    team: Annotated[str | None, typer.Option(help="Only this team's.")] = None,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """List exemptions, those that are over among them."""
    with BerthClient(url, token) as client:
        found = list(client.list_exemptions(**({"team": team} if team else {})))
    if as_json:
        print_json(found)
        return
    table = Table("rule", "team", "environment", "until", "revoked", "by", "reason", "id", box=None)
    for one in found:
        revoked = one.revoked_at.isoformat(timespec="minutes") if one.revoked_at else ""
        until = one.until.isoformat(timespec="minutes")
        table.add_row(
            one.rule,
            one.team,
            one.environment_id or "all",
            until,
            revoked,
            one.created_by,
            one.reason,
            one.id,
        )
    Console().print(table)


@app.command()
def revoke(
    exemption_id: Annotated[str, typer.Argument(help="The exemption's id.")],
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """End an exemption now."""
    with BerthClient(url, token) as client:
        client.revoke_exemption(exemption_id)
    Console().print(f"{exemption_id} is revoked")
