"""Follows an operation to its end and says how it ended."""

from rich.console import Console
from rich.markup import escape

from service.cli.answers import OperationAnswer
from service.cli.client import BerthClient
from service.cli.cost_output import cost_line, print_cost
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.cli.output import print_json
from service.cli.progress import progress_view
from service.operations.model import OperationKind
from service.operations.states import OperationState


def follow_operation(
    client: BerthClient, console: Console, operation: OperationAnswer, *, title: str, total: int | None = None
) -> OperationAnswer:
    """Show an operation's events until it ends; return it as it ended.

    Raises CommandError with exit code 1 where it did not succeed.
    """
    view = progress_view(console, is_plan=operation.kind == OperationKind.PREVIEW)
    view.show(client.follow_events(operation.id), title=title, total=total)
    ended = client.get_operation(operation.id)
    if ended.state is not OperationState.SUCCEEDED:
        raise failure_of(ended)
    _print_changes(console, ended)
    _print_cost(client, console, ended)
    return ended


def finish(client: BerthClient, operation: OperationAnswer, *, title: str, wait: bool, as_json: bool) -> None:
    """Follow the operation where asked to, and print how it stands; a failed one raises CommandError."""
    if not wait:
        _print_operation(operation, as_json=as_json)
        return
    console = Console(quiet=as_json)
    if not as_json:
        follow_operation(client, console, operation, title=title)
        return
    for _ in client.follow_events(operation.id):
        pass
    ended = client.get_operation(operation.id)
    print_json(ended)
    if ended.state is not OperationState.SUCCEEDED:
        raise failure_of(ended)


def _print_operation(operation: OperationAnswer, *, as_json: bool) -> None:
    if as_json:
        print_json(operation)
        return
    Console().print(operation.model_dump(mode="json", include={"id", "environment_id", "kind", "state"}))


def _print_cost(client: BerthClient, console: Console, operation: OperationAnswer) -> None:
    """Print what a plan would cost part by part, and in one line what anything else costs."""
    if operation.cost is None:
        return
    if operation.kind == OperationKind.PREVIEW:
        print_cost(console, client.get_operation_cost(operation.id))
    else:
        console.print(f"[bold]cost[/] {cost_line(operation.cost)}", highlight=False)


def failure_of(operation: OperationAnswer) -> CommandError:
    """Tell why an operation did not succeed and what to do."""
    failure = operation.failure
    if failure is None:
        return CommandError(
            f"{operation.kind} {operation.id} was {operation.state}",
            hint=f"`berth env logs {operation.environment_id}` shows its events",
            exit_code=ExitCode.OPERATION_FAILED,
        )
    where = f"\n  resource: {failure.resource_urn}" if failure.resource_urn else ""
    said = f"\n  the provider said: {failure.provider_message}" if failure.provider_message else ""
    return CommandError(
        f"{operation.kind} {operation.id} {operation.state}: {failure.message}{where}{said}",
        hint=failure.hint,
        exit_code=ExitCode.OPERATION_FAILED,
    )


def _print_changes(console: Console, operation: OperationAnswer) -> None:
    changes = operation.changes
    if changes is None:
        return
    counted = {
        "create": changes.create,
        "update": changes.update,
        "replace": changes.replace,
        "delete": changes.delete,
        "unchanged": changes.same,
    }
    text = ", ".join(f"{count} {verb}" for verb, count in counted.items() if count) or "no resources"
    console.print(f"[bold]{escape(operation.kind)}[/] {operation.state}: {text}")
