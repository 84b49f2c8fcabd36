"""Refreshes what is recorded and starts from that."""

from sandbox.engine.errors import EngineError
from sandbox.engine.execution.executor import Executor
from sandbox.engine.execution.recorder import Recorder
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.model import Op, Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.run import Run
from sandbox.engine.steps.scope import Scope


async def refresh_all(
    run: Run, diagnostics: Diagnostics, executor: Executor, recorder: Recorder | None
) -> None:
    """Look at every recorded resource that takes part and was not looked at yet.

    Raises:
        EngineError: if a provider cannot be loaded.
    """
    scope, finder = Scope(run), ProviderFinder(run, diagnostics)
    steps: dict[ResourceState, Step] = {}
    for recorded in run.olds.resources:
        if recorded.view_of or run.is_operated_on(recorded.urn):
            continue
        is_included = scope.includes(recorded)
        scope.follow(recorded, is_targeted=is_included)
        if is_included:
            try:
                await finder.ensure(recorded.provider)
            except EngineError as error:
                raise EngineError(f"could not load provider for resource {recorded.urn}: {error}") from error
            steps[recorded] = Step(Op.REFRESH, recorded, recorded)
    for urn in (step.urn for step in steps.values()):
        run.done.refreshes.add(urn)
    executor.ignores_errors = True
    await executor.execute_together(list(steps.values()))
    executor.ignores_errors = False
    base = [
        state for state in (_after(recorded, steps) for recorded in run.olds.resources) if state is not None
    ]
    _drop_dangling(base)
    run.olds.index(base)
    if not run.options.is_refresh:
        # What follows is decided anew on the refreshed state.
        run.done.refreshes.clear()
    if recorder is not None:
        await recorder.rebuilt_base(base)


def _after(recorded: ResourceState, steps: dict[ResourceState, Step]) -> ResourceState | None:
    step = steps.get(recorded)
    return recorded if step is None else step.visible_new


def _drop_dangling(resources: list[ResourceState]) -> None:
    standing: set[str] = set()
    present = {state.urn for state in resources}
    for state in resources:
        state.dependencies = [urn for urn in state.dependencies if urn in standing]
        kept = {
            key: [urn for urn in urns if urn in standing] for key, urns in state.property_dependencies.items()
        }
        state.property_dependencies = {key: urns for key, urns in kept.items() if urns}
        state.replace_with = [urn for urn in state.replace_with if urn in standing]
        if state.deleted_with not in standing:
            state.deleted_with = ""
        if state.parent not in present:
            state.parent = ""
        standing.add(state.urn)


def warn_of_pending_operations(run: Run, diagnostics: Diagnostics) -> None:
    """Tell of operations that an earlier run left behind."""
    pending = run.snapshot.pending_operations
    if not pending:
        return
    listed = "".join(
        f"  * {operation.resource.urn}, interrupted while {operation.kind}\n" for operation in pending
    )
    diagnostics.warning(
        f"Attempting to deploy or update resources with {len(pending)} pending operations "
        f"from previous deployment.\n{listed}"
        "These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for "
        "changes to these resources to complete. You should confirm whether or not the operations listed "
        "completed successfully by checking the state of the appropriate provider. For example, if you are "
        "using AWS, you can confirm using the AWS Console.\n\n"
        "Once you have confirmed the status of the interrupted operations, you can repair your stack using "
        "`pulumi refresh` which will refresh the state from the provider you are using and clear the pending "
        "operations if there are any.\n\n"
        "Note that `pulumi refresh` will need to be run interactively to clear pending CREATE operations."
    )
