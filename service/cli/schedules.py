"""`berth env pause|resume|extend|schedule`: when environments run, and until when."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.cli.answers import ScheduledActionAnswer
from service.cli.client import BerthClient
from service.cli.follow import finish
from service.cli.options import DEFAULT_URL, JsonOption, Reference, TokenOption, UrlOption, WaitOption
from service.cli.output import print_json


def pause(
    reference: Reference,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Bring every workload to 0 copies, until it is resumed by its working hours or by hand."""
    _turn(reference, "pause", "Pausing", wait=wait, as_json=as_json, url=url, token=token)


def resume(
    reference: Reference,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Bring every workload back to the copies of its request."""
    _turn(reference, "resume", "Resuming", wait=wait, as_json=as_json, url=url, token=token)


def _turn(
    reference: str, verb: str, title: str, *, wait: bool, as_json: bool, url: str, token: str | None
) -> None:
    with BerthClient(url, token) as client:
        environment = client.find_environment(reference)
        accepted = client.turn_environment(environment.id, verb)
        name = f"{environment.team}/{environment.name}"
        finish(client, accepted.operation, title=f"{title} {name}", wait=wait, as_json=as_json)


def extend(
    reference: Reference,
    ttl: Annotated[str, typer.Argument(help="ISO 8601 duration from now on, for instance P3D.")],
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Let an environment with a time to live live longer."""
    with BerthClient(url, token) as client:
        extended = client.extend_environment(client.find_environment(reference).id, ttl)
    if as_json:
        print_json(extended)
    elif extended.expires_at is not None:
        Console().print(f"lives until {extended.expires_at.isoformat(timespec='minutes')}")


def schedule(
    reference: Reference,
    skip: Annotated[str | None, typer.Option(help="Leave out the action of this id this once.")] = None,
    delay: Annotated[str | None, typer.Option(help="Put the action of this id off; needs --until.")] = None,
    until: Annotated[
        str | None, typer.Option(help="When instead, for instance 2026-11-27T20:00:00Z.")
    ] = None,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Show what is due for an environment; put an action off or leave it out."""
    if (delay is None) != (until is None) or (delay is not None and skip is not None):
        raise typer.BadParameter("write --delay ID --until TIME, or --skip ID")
    with BerthClient(url, token) as client:
        environment_id = client.find_environment(reference).id
        if delay is not None and until is not None:
            due = client.delay_action(environment_id, delay, until)
        elif skip is not None:
            due = client.skip_action(environment_id, skip)
        else:
            due = client.list_scheduled_actions(environment_id)
    if as_json:
        print_json(due)
        return
    _show(due)


def _show(due: list[ScheduledActionAnswer]) -> None:
    table = Table("due", "what", "planned", "", "id", box=None)
    for one in due:
        note = "held: protected" if one.held else f"delayed by {one.changed_by}" if one.changed_by else ""
        planned = one.planned_at.isoformat(timespec="minutes")
        table.add_row(one.due_at.isoformat(timespec="minutes"), one.kind, planned, note, one.id)
    Console().print(table)
