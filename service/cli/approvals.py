"""`berth env approve`: shows what an operation that waits would do, and agrees to it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from service.cli.answers import OperationAnswer, PlanAnswer
from service.cli.client import BerthClient
from service.cli.follow import finish
from service.cli.options import DEFAULT_URL, JsonOption, TokenOption, UrlOption, WaitOption
from service.operations.states import OperationState


def approve(
    operation_id: Annotated[str, typer.Argument(help="The operation that waits for approval.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = None,
) -> None:
    """Look at the plan of an operation that waits, and approve just that plan."""
    with BerthClient(url, token) as client:
        plan = client.get_plan(operation_id)
        _show(plan)
        if not yes:
            typer.confirm("Approve this plan?", abort=True, err=True)
        accepted = client.approve_operation(operation_id, plan.digest)
        title = f"{accepted.operation.kind} {accepted.environment.team}/{accepted.environment.name}"
        finish(client, accepted.operation, title=title, wait=wait, as_json=as_json)


def approve_if_waiting(client: BerthClient, operation: OperationAnswer) -> OperationAnswer:
    """Approve what its asker has just confirmed, where it waits for approval; return it as it then stands.

    Raises CommandError where somebody else must approve.
    """
    if operation.state is not OperationState.AWAITING_APPROVAL:
        return operation
    plan = client.get_plan(operation.id)
    _show(plan)
    return client.approve_operation(operation.id, plan.digest).operation


def _show(plan: PlanAnswer) -> None:
    console = Console(stderr=True)
    changes = plan.changes
    console.print(
        f"The plan: {changes.create} to create, {changes.update} to update, {changes.replace} to replace, "
        f"{changes.delete} to delete"
    )
    for finding in plan.findings:
        console.print(f"  {escape(finding.rule)} ({finding.severity}): {escape(finding.message)}")
