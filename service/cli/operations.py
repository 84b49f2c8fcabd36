"""`berth env start|drift|import`: what is done to environments that stand."""

from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.cli.answers import DriftReportAnswer, EnvironmentDriftAnswer
from service.cli.client import BerthClient
from service.cli.documents import read_document
from service.cli.follow import finish
from service.cli.options import DEFAULT_URL, JsonOption, Reference, TokenOption, UrlOption, WaitOption
from service.cli.output import print_json
from service.operations.schemas import RequestableKind

_ADOPTION_PARTS = 3


def start(  # noqa: PLR0913 -- one parameter an option, as typer has it
    reference: Reference,
    kind: Annotated[RequestableKind, typer.Argument(help="What to do.")],
    *,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read the cloud first: puts drift right.")
    ] = False,
    adopt: Annotated[
        list[str] | None,
        typer.Option(help="TYPE,NAME,ID of a resource that stands and is to be taken over; repeatable."),
    ] = None,
    state_version: Annotated[int | None, typer.Option(help="What a restore puts back.")] = None,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Start an operation on an environment and follow it."""
    options: dict[str, JsonValue] = {
        "refresh": refresh,
        "adopt": [_adoption(text) for text in adopt or ()],
        "state_version": state_version,
    }
    with BerthClient(url, token) as client:
        environment = client.find_environment(reference)
        accepted = client.start_operation(environment.id, kind, options)
        title = f"{kind} of {environment.team}/{environment.name}"
        finish(client, accepted.operation, title=title, wait=wait, as_json=as_json)


def _adoption(text: str) -> dict[str, JsonValue]:
    parts = text.split(",", _ADOPTION_PARTS - 1)
    if len(parts) != _ADOPTION_PARTS:
        raise typer.BadParameter(f"{text!r} is not TYPE,NAME,ID", param_hint="--adopt")
    return dict(zip(("type", "name", "id"), parts, strict=True))


def drift(
    reference: Annotated[
        str | None, typer.Argument(help="team/name, or an environment's id; absent: all environments.")
    ] = None,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Show what stands otherwise than it was recorded, as the newest look found it.

    `berth env start NAME detect_drift` looks; `start NAME deploy --refresh` puts it right; `start NAME
    refresh` takes it over.
    """
    with BerthClient(url, token) as client:
        if reference is None:
            _show_fleet(list(client.list_fleet_drift()), as_json=as_json)
            return
        found = next(client.list_drift_reports(client.find_environment(reference).id), None)
    if as_json:
        print_json([] if found is None else [found])
    elif found is None:
        Console().print("nobody has looked yet: `berth env start NAME detect_drift`", markup=False)
    else:
        _show_report(found)


def _show_fleet(found: list[EnvironmentDriftAnswer], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    table = Table("environment", "drifted", "gone", "looked at", "record", box=None)
    for one in found:
        table.add_row(
            f"{one.team}/{one.name}",
            str(one.drifted_count),
            str(one.gone_count),
            one.checked_at.isoformat(timespec="minutes"),
            "unchanged since" if one.is_current else "newer than the look",
        )
    Console().print(table)


def _show_report(report: DriftReportAnswer) -> None:
    console = Console()
    when = report.checked_at.isoformat(timespec="minutes")
    if not report.is_drifted:
        console.print(f"in sync with state version {report.state_version}, looked at {when}", highlight=False)
        return
    table = Table("resource", "property", "recorded", "in the cloud", box=None)
    for resource in report.resources:
        name = escape(f"{resource.resource_type} {resource.name}")
        if resource.is_gone:
            table.add_row(name, "", "", "[red]gone[/]")
        for one in resource.properties:
            table.add_row(name, escape(one.path), escape(one.recorded or "-"), escape(one.actual or "-"))
    console.print(table)


def import_(
    reference: Reference,
    file: Annotated[
        str, typer.Argument(help="What `pulumi stack export --show-secrets` wrote; - reads standard input.")
    ],
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Put a state that was exported elsewhere in place of the recorded one."""
    with BerthClient(url, token) as client:
        environment = client.find_environment(reference)
        accepted = client.import_state(environment.id, read_document(file))
        title = f"import into {environment.team}/{environment.name}"
        finish(client, accepted.operation, title=title, wait=wait, as_json=as_json)
