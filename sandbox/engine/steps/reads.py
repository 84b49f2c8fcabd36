"""Resources that a program reads and does not own."""

from sandbox.engine.errors import EngineError
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.lookup import Lookup
from sandbox.engine.steps.model import Op, Registration, Step
from sandbox.engine.steps.run import Mode, Run


def read_steps(run: Run, diagnostics: Diagnostics, registration: Registration) -> list[Step]:
    """The steps that a read takes.

    Raises:
        EngineError: if it names no id, or its name is taken.
    """
    goal = registration.goal
    lookup = Lookup(run, diagnostics)
    urn = lookup.claim_urn(goal)
    if not registration.read_id:
        raise EngineError(f"Expected an ID for {urn}")
    old, _ = lookup.find_old(urn, goal)
    new = ResourceState(
        type=goal.type,
        urn=urn,
        custom=True,
        id=registration.read_id,
        inputs=goal.properties,
        parent=goal.parent,
        provider=goal.provider,
        external=True,
        dependencies=goal.dependencies,
        additional_secret_outputs=goal.additional_secret_outputs,
        source_position=goal.source_position,
        stack_trace=goal.stack_trace,
    )
    if old is not None and not old.external and old.id != registration.read_id:
        # The recorded resource is given up: it is deleted when everything else is done.
        run.done.replaces.add(urn)
        read = Step(Op.READ_REPLACEMENT, old, new, registration, marks_old_deleted=True)
        return [read, Step(Op.REPLACE, old, new, marks_old_deleted=True)]
    if run.options.mode is Mode.DESTROY:
        run.to_delete.append(new)
    run.done.reads.add(urn)
    return [Step(Op.READ, old, new, registration)]
