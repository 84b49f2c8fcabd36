"""What goes when everything else is done: resources that the program no longer registers."""

from sandbox.engine.errors import AlreadyReportedError
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.checking import Checker
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.graph import DependencyGraph
from sandbox.engine.steps.model import Op, Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.replacing import Replacer
from sandbox.engine.steps.run import Run
from sandbox.engine.steps.validation import PlanKeeper


class Deleter:
    """Makes the steps of the deletions, in groups that may be carried out together."""

    def __init__(self, run: Run, diagnostics: Diagnostics) -> None:
        """Take the run."""
        self._run = run
        self._diagnostics = diagnostics
        self._providers = ProviderFinder(run, diagnostics)
        self._replacer = Replacer(run, diagnostics, self._providers, Checker(run, diagnostics))

    async def steps(self) -> tuple[list[Step], list[list[Step]]]:
        """Steps that carry over what is left out of the run, and groups of deletions in order.

        Raises:
            AlreadyReportedError: if something would be deleted that the targets leave out.
        """
        allowed, forbidden = await self._allowed(), self._forbidden()
        sames: list[Step] = []
        deletes: list[Step] = []
        for recorded in self._run.olds.resources:
            if recorded.view_of:
                continue
            if (allowed is None or recorded.urn in allowed) and recorded.urn not in forbidden:
                step = self._delete(self._run.refreshed.get(recorded, recorded))
                if step is not None:
                    deletes.append(step)
                    await self._providers.ensure(recorded.provider)
            elif not self._run.is_operated_on(recorded.urn) and not recorded.delete:
                sames.append(self._run.untargeted_same(recorded))
        for made in self._run.to_delete:
            if (allowed is None or made.urn in allowed) and made.urn not in forbidden:
                self._run.done.deletes.add(made.urn)
                deletes.append(_removal(made))
        PlanKeeper(self._run).check([*sames, *deletes])
        self._refuse_untargeted(deletes)
        return sames, self._in_order(deletes)

    def _delete(self, recorded: ResourceState) -> Step | None:
        run = self._run
        if recorded.delete:
            if recorded in run.pending_deletes:
                return None
            run.done.deletes.add(recorded.urn)
            op = Op.DISCARD_REPLACED if recorded.external else Op.DELETE_REPLACED
            return Step(op, recorded, None)
        if run.is_operated_on(recorded.urn) or (
            recorded in run.pending_deletes and not recorded.pending_replacement
        ):
            return None
        run.done.deletes.add(recorded.urn)
        if recorded.pending_replacement:
            return Step(Op.REMOVE_PENDING_REPLACE, recorded, None)
        return _removal(recorded)

    async def _allowed(self) -> set[str] | None:
        targets = self._run.options.targets
        if not targets.is_constrained:
            return None
        graph = self._graph()
        reached: set[str] = set()
        for recorded in self._run.olds.resources:
            if targets.contains(recorded.urn):
                reached.add(recorded.urn)
                reached.update(state.urn for state in graph.dependents(recorded, with_children=True))
        allowed = set(reached)
        for recorded in self._run.olds.resources:
            if recorded.urn in reached:
                allowed.update(state.urn for state, _ in await self._replacer.dependents_to_replace(recorded))
                allowed.update(state.urn for state in self._replacer.cascading(recorded.urn))
        return allowed

    def _forbidden(self) -> set[str]:
        options = self._run.options
        if options.targets.is_constrained or not options.excludes.is_constrained:
            return set()
        graph = self._graph()
        kept: set[str] = set()
        for recorded in self._run.olds.resources:
            if options.excludes.contains(recorded.urn):
                kept.add(recorded.urn)
                kept.update(state.urn for state in graph.transitive_dependencies(recorded))
                if options.exclude_dependents:
                    kept.update(state.urn for state in graph.dependents(recorded, with_children=True))
        return kept

    def _graph(self) -> DependencyGraph:
        graph = DependencyGraph([*self._run.to_delete, *self._run.olds.resources])
        for recorded, refreshed in self._run.refreshed.items():
            graph.alias(refreshed, recorded)
        return graph

    def _refuse_untargeted(self, deletes: list[Step]) -> None:
        options, found = self._run.options, False
        for step in deletes:
            if not options.targets.contains(step.urn) and not options.target_dependents:
                self._diagnostics.error(
                    f"Resource '{step.urn}' will be destroyed but was not specified in --target list.\n"
                    "Either include resource in --target list or pass --target-dependents to proceed.",
                    step.urn,
                )
                self._run.has_error = found = True
        if found and not options.is_preview:
            raise AlreadyReportedError("delete untargeted resource")

    def _in_order(self, deletes: list[Step]) -> list[list[Step]]:
        by_state = {step.result: step for step in deletes}
        return [[by_state[state] for state in group] for group in self._graph().deletion_order(by_state)]


def _removal(state: ResourceState) -> Step:
    return Step(Op.DISCARD if state.external else Op.DELETE, state, None)
