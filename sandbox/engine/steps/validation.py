"""Holds steps against the plan and the targets of a run."""

from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.model import Op, Step
from sandbox.engine.steps.plan import ResourcePlan
from sandbox.engine.steps.run import Run

# What may happen where more was foreseen (deploy/plan.go: ConstrainedTo).
_WEAKER: dict[Op, frozenset[Op]] = {
    Op.SAME: frozenset(Op),
    Op.UPDATE: frozenset({Op.UPDATE, Op.REPLACE}),
}


class PlanKeeper:
    """Foresees steps in a preview that saves a plan; keeps a run to the plan that it was given."""

    def __init__(self, run: Run) -> None:
        """Take the run."""
        self._run = run

    def seed(self, urn: str) -> bytes:
        """The seed that a plan has for a resource, empty when it has none."""
        plan = self._run.options.plan
        resource = plan.resources.get(urn) if plan else None
        return resource.seed if resource else b""

    def begin(self, urn: str, seed: bytes) -> None:
        """Foresee a resource."""
        if self._run.options.saves_plan:
            self._run.new_plan.resources.setdefault(urn, ResourcePlan()).seed = seed

    def check(self, steps: list[Step]) -> None:
        """Refuse what was not foreseen.

        Raises:
            EngineError: if a step is not in the plan.
        """
        for step in steps:
            if self._run.options.plan is not None:
                self._keep(step)
            if self._run.options.saves_plan:
                self._run.new_plan.record(self._run.aliased.get(step.urn, step.urn), step.op.value)

    def _keep(self, step: Step) -> None:
        plan = self._run.options.plan
        foreseen = plan.resources.get(step.urn) if plan else None
        if foreseen is None:
            if step.op is not Op.SAME:
                raise EngineError(
                    f"{step.op} is not allowed by the plan: no steps were expected for this resource"
                )
            return
        if not foreseen.ops:
            raise EngineError(
                f"{step.op} is not allowed by the plan: no more steps were expected for this resource"
            )
        constraint = Op(foreseen.ops.pop(0))
        if constraint not in _WEAKER.get(step.op, frozenset({step.op})):
            raise EngineError(
                f"{step.op} is not allowed by the plan: this resource is constrained to {constraint}"
            )

    def unmet(self) -> list[str]:
        """URNs for which steps were foreseen that did not happen."""
        plan = self._run.options.plan
        if plan is None:
            return []
        recorded = {resource.urn for resource in self._run.olds.resources}
        return [
            urn
            for urn, resource in plan.resources.items()
            if resource.ops and not (resource.ops == [Op.DELETE] and urn not in recorded)
        ]


def refuse_untargeted_creates(run: Run, diagnostics: Diagnostics, steps: list[Step]) -> None:
    """Refuse steps on resources that need something which the targets leave out.

    Raises:
        AlreadyReportedError: if there are such steps and this is no preview.
    """
    options = run.options
    if not options.targets.is_constrained and not options.replaces.is_constrained:
        return
    for step in steps:
        if step.new is None or step.is_skipped_create:
            continue
        for urn in step.new.requirements():
            if urn in run.done.skipped_creates:
                diagnostics.error(
                    f"Resource '{step.urn}' depends on '{urn}' which was was not specified in --target list.",
                    step.urn,
                )
                run.has_error = True
                if not options.is_preview:
                    raise AlreadyReportedError("untargeted create")
                run.done.skipped_creates.discard(urn)
