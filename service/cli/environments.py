"""`berth env`: what people and pipelines do with environments, over the API."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.cli.approvals import approve, approve_if_waiting
from service.cli.client import BerthClient
from service.cli.cost_output import print_cost
from service.cli.documents import read_document
from service.cli.follow import finish
from service.cli.operations import drift, import_, start
from service.cli.options import DEFAULT_URL, JsonOption, Reference, TokenOption, UrlOption, WaitOption
from service.cli.output import print_json, print_outputs
from service.cli.progress import LineView
from service.cli.schedules import extend, pause, resume, schedule

app = typer.Typer(
    help="Environments: create, list, show, operate, look for drift, destroy, logs, outputs, cost.",
    no_args_is_help=True,
)
app.command("approve")(approve)
app.command("start")(start)
app.command("pause")(pause)
app.command("resume")(resume)
app.command("extend")(extend)
app.command("schedule")(schedule)
app.command("drift")(drift)
app.command("import")(import_)


@app.command()
def create(
    file: Annotated[str, typer.Argument(help="A request document, YAML or JSON; - reads standard input.")],
    preview: Annotated[bool, typer.Option("--preview", help="Plan only; deploy nothing.")] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Submit a request and follow its deployment."""
    with BerthClient(url, token) as client:
        accepted = client.create_environment(
            read_document(file), operation="preview" if preview else "deploy"
        )
        name = f"{accepted.environment.team}/{accepted.environment.name}"
        title = f"{'Planning' if preview else 'Deploying'} {name}"
        finish(client, accepted.operation, title=title, wait=wait, as_json=as_json)


@app.command("list")
def list_(
    team: Annotated[str | None, typer.Option(help="Only this team's.")] = None,
    status: Annotated[str | None, typer.Option(help="Only those with this status, e.g. ready.")] = None,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """List environments."""
    filters = {key: value for key, value in {"team": team, "status": status}.items() if value is not None}
    with BerthClient(url, token) as client:
        found = list(client.list_environments(**filters))
    if as_json:
        print_json(found)
        return
    table = Table("environment", "orchestrator", "class", "region", "status", "expires", "id", box=None)
    for item in found:
        expires = item.expires_at.isoformat(timespec="minutes") if item.expires_at else ""
        table.add_row(
            f"{item.team}/{item.name}",
            item.orchestrator,
            item.environment_class,
            item.region,
            item.status,
            expires,
            item.id,
        )
    Console().print(table)


@app.command()
def show(
    reference: Reference, as_json: JsonOption = False, url: UrlOption = DEFAULT_URL, token: TokenOption = None
) -> None:
    """Show one environment and its last operation."""
    with BerthClient(url, token) as client:
        environment = client.find_environment(reference)
        operation = (
            client.get_operation(environment.last_operation_id) if environment.last_operation_id else None
        )
    if as_json:
        print_json(environment)
        return
    table = Table(box=None, show_header=False)
    for key, value in environment.model_dump(mode="json", by_alias=True).items():
        table.add_row(key, "" if value is None else str(value))
    if operation is not None:
        table.add_row("last operation", f"{operation.kind} {operation.state}")
    Console().print(table)


@app.command()
def destroy(
    reference: Reference,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Remove all of an environment's resources; its record stays."""
    with BerthClient(url, token) as client:
        environment = client.find_environment(reference)
        name = f"{environment.team}/{environment.name}"
        if not yes:
            typer.confirm(f"Remove every resource of {name}?", abort=True, err=True)
        accepted = client.destroy_environment(environment.id)
        operation = approve_if_waiting(client, accepted.operation)
        finish(client, operation, title=f"Destroying {name}", wait=wait, as_json=as_json)


@app.command()
def logs(
    reference: Annotated[str, typer.Argument(help="team/name, or the id of an environment or operation.")],
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Print an operation's events as they come, the last operation's by default."""
    with BerthClient(url, token) as client:
        operation_id = reference
        if not reference.startswith("op_"):
            operation_id = client.find_environment(reference).last_operation_id or ""
        events = client.follow_events(operation_id)
        if as_json:
            for event in events:
                typer.echo(event.model_dump_json())
            return
        LineView(Console()).show(events, title=f"operation {operation_id}", total=None)


@app.command()
def outputs(
    reference: Reference, as_json: JsonOption = False, url: UrlOption = DEFAULT_URL, token: TokenOption = None
) -> None:
    """Print an environment's outputs; secret ones stay hidden."""
    with BerthClient(url, token) as client:
        found = list(client.list_outputs(client.find_environment(reference).id))
    if as_json:
        print_json(found)
        return
    print_outputs(Console(), found)


@app.command()
def cost(
    reference: Reference, as_json: JsonOption = False, url: UrlOption = DEFAULT_URL, token: TokenOption = None
) -> None:
    """Print what an environment costs a month, and what it will have cost when its time is over."""
    with BerthClient(url, token) as client:
        found = client.get_environment_cost(client.find_environment(reference).id)
    if as_json:
        print_json(found)
        return
    console = Console()
    shown = found.standing or found.planned
    if shown is None:
        console.print("nothing is planned or deployed yet")
        return
    print_cost(console, shown)
    forecast = found.forecast
    console.print(f"until now: {forecast.spent_usd:,.2f} USD", highlight=False)
    if forecast.expires_at is not None and forecast.at_expiry_usd is not None:
        end = forecast.expires_at.isoformat(timespec="minutes")
        console.print(f"when it ends at {end}: {forecast.at_expiry_usd:,.2f} USD", highlight=False)
