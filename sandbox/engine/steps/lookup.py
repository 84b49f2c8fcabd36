"""Names a registration and finds what it was recorded as before."""

from sandbox.engine import urn as urns
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.aliases import former_urns
from sandbox.engine.steps.diagnostics import Diagnostics, duplicate_urn
from sandbox.engine.steps.model import Goal
from sandbox.engine.steps.run import Run


class Lookup:
    """Keeps URNs unique and follows aliases."""

    def __init__(self, run: Run, diagnostics: Diagnostics) -> None:
        """Take the run."""
        self._run = run
        self._diagnostics = diagnostics

    def claim_urn(self, goal: Goal) -> str:
        """The URN of a goal, from now on taken.

        Raises:
            EngineError: if the parent is not there.
            AlreadyReportedError: if the name is taken.
        """
        seen = self._run.done.seen
        if goal.parent and goal.parent not in seen:
            raise EngineError(f"could not find parent resource {goal.parent}")
        urn = urns.make(self._run.stack, self._run.project, goal.parent, goal.type, goal.name)
        if urn in seen:
            self._diagnostics.error(duplicate_urn(urn), urn)
            raise AlreadyReportedError(duplicate_urn(urn))
        seen.add(urn)
        return urn

    def find_old(self, urn: str, goal: Goal) -> tuple[ResourceState | None, bool]:
        """What stands in the state under the URN or one of its aliases, and whether all is in order."""
        run, is_valid = self._run, True
        if urn in run.aliased:
            other = run.aliased[urn]
            self._diagnostics.error(
                f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{other}'", urn
            )
            is_valid = False
        former = former_urns(
            run.stack, run.project, goal.parent, goal.type, goal.name, goal.aliases, run.aliases
        )
        for candidate in (urn, *former):
            old = run.olds.by_urn.get(candidate)
            if old is not None:
                return old, (candidate == urn or self._follow(urn, candidate)) and is_valid
        return None, is_valid

    def _follow(self, urn: str, alias: str) -> bool:
        run = self._run
        claimants = [run.aliased[alias]] if alias in run.aliased else []
        if alias in run.done.seen:
            claimants.insert(0, urn)
        for claimant in claimants:
            self._diagnostics.error(
                f"Duplicate resource alias '{alias}' applied to resource with URN '{urn}' "
                f"conflicting with resource with URN '{claimant}'",
                urn,
            )
        run.aliased[alias] = urn
        run.aliases[urn] = alias
        run.registry.register_alias(urn, alias)
        return not claimants


def new_state(urn: str, goal: Goal, alias: str, old: ResourceState | None) -> ResourceState:
    """The state that a goal starts from."""
    return ResourceState(
        type=goal.type,
        urn=urn,
        custom=goal.custom,
        inputs=goal.properties,
        parent=goal.parent,
        provider=goal.provider,
        protect=bool(goal.protect),
        dependencies=goal.dependencies,
        property_dependencies=goal.property_dependencies,
        additional_secret_outputs=goal.additional_secret_outputs,
        aliases=[alias] if alias else [],
        custom_timeouts=goal.custom_timeouts,
        import_id=goal.import_id,
        retain_on_delete=bool(goal.retain_on_delete),
        deleted_with=goal.deleted_with,
        replace_with=goal.replace_with,
        created=old.created if old else "",
        modified=old.modified if old else "",
        source_position=goal.source_position,
        stack_trace=goal.stack_trace,
        ignore_changes=goal.ignore_changes,
        hide_diff=goal.hide_diff,
        replace_on_changes=goal.replace_on_changes,
        replacement_trigger=goal.replacement_trigger,
        refresh_before_update=old.refresh_before_update if old else False,
        hooks=goal.hooks,
    )
