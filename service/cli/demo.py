"""`berth demo`: the whole way of a request on this machine, watched in the terminal."""

from collections import Counter
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.cli.answers import AcceptedAnswer, EnvironmentAnswer, OperationAnswer
from service.cli.client import BerthClient
from service.cli.documents import read_document
from service.cli.follow import follow_operation
from service.cli.local_stack import LocalStack, is_port_free
from service.cli.output import print_outputs
from service.settings import Settings

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop.ecs.yaml"


def run_demo(settings: Settings, console: Console, source: str | None, *, once: bool) -> None:
    """Start everything, plan and deploy the request, show what was recorded; serve on until Ctrl-C.

    A second run finds the environment of the first and deploys the document to it again.
    """
    document = read_document(source or str(SHOP))
    if not is_port_free(settings.host, settings.port):
        console.print(f"port {settings.port} is taken: using a free one")
        settings = settings.model_copy(update={"port": 0})
    settings = settings.model_copy(update={"sandbox_latency": "demo"})
    console.print("Starting Postgres, the API and a worker ...")
    with LocalStack(settings) as stack, BerthClient(stack.url) as client:
        stack.interrupt_when_a_part_ends()
        try:
            environment = _plan_and_deploy(client, console, document)
            _show_records(client, console, environment)
            _show_addresses(console, stack.url)
            if not once:
                console.print("Serving until Ctrl-C.")
                stack.wait()
        except KeyboardInterrupt:
            stack.check()
            console.print("Stopping ...")
            raise


def _plan_and_deploy(
    client: BerthClient, console: Console, document: dict[str, JsonValue]
) -> EnvironmentAnswer:
    planned = _plan(client, console, document)
    name = f"{planned.environment.team}/{planned.environment.name}"
    deploy = client.start_operation(planned.environment.id, "deploy").operation
    total = _resources_in(planned.operation)
    ended = follow_operation(client, console, deploy, title=f"Deploying {name}", total=total)
    console.print(f"engine: {ended.engine} {ended.engine_version or ''}; state version {ended.state_version}")
    return client.find_environment(planned.environment.id)


def _plan(client: BerthClient, console: Console, document: dict[str, JsonValue]) -> AcceptedAnswer:
    existing = client.try_find_environment(f"{document.get('team')}/{document.get('name')}")
    if existing is None:
        accepted = client.create_environment(document, operation="preview")
    else:
        accepted = client.change_environment(existing, document, operation="preview")
    name = f"{accepted.environment.team}/{accepted.environment.name}"
    ended = follow_operation(client, console, accepted.operation, title=f"Planning {name}")
    return accepted.model_copy(update={"operation": ended})


def _resources_in(operation: OperationAnswer) -> int | None:
    changes = operation.changes
    if changes is None:
        return None
    return changes.create + changes.update + changes.replace + changes.delete + changes.same


def _show_records(client: BerthClient, console: Console, environment: EnvironmentAnswer) -> None:
    outputs = list(client.list_outputs(environment.id))
    print_outputs(console, outputs)
    kinds = Counter(resource.type for resource in client.list_resources(environment.id))
    resources = Table(
        title=f"{kinds.total()} resources", title_justify="left", box=None, padding=(0, 2, 0, 0)
    )
    resources.add_column("type", no_wrap=True)
    resources.add_column("count", justify="right")
    for kind, count in sorted(kinds.items()):
        resources.add_row(escape(kind), str(count))
    console.print(resources)
    console.print(f"Environment {environment.id} is [bold green]{environment.status}[/].")
    for output in outputs:
        if output.name == "url":
            console.print(f"Its address:  [bold]{escape(str(output.value))}[/]", soft_wrap=True)


def _show_addresses(console: Console, url: str) -> None:
    console.print(f"The form:     {url}/docs")
    console.print(f"The records:  {url}/v1/environments")
    console.print(f"This engine:  {url}/v1/system")
