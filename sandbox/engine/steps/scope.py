"""What `--target` and `--exclude` leave in a run."""

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.model import Registration, Step
from sandbox.engine.steps.run import Run


class Scope:
    """Tells what is part of the run, following dependents where that was asked for."""

    def __init__(self, run: Run) -> None:
        """Take the run's options; both sets grow with dependents."""
        self._run = run
        self._targets = run.options.targets.copy()
        self._excludes = run.options.excludes.copy()

    def includes(self, state: ResourceState) -> bool:
        """Whether a resource takes part."""
        options = self._run.options
        if options.targets.is_constrained:
            return self._is_target(state)
        if options.excludes.is_constrained:
            return not self._is_excluded(state)
        return True

    def is_targeted(self, state: ResourceState) -> bool:
        """Whether a resource takes part; providers and the stack always do."""
        parts = urns.parse(state.urn)
        if urns.is_provider_type(parts.type) or parts.qualified_type == urns.ROOT_STACK_TYPE:
            return True
        return self.includes(state)

    def _is_target(self, state: ResourceState) -> bool:
        if self._run.options.targets.contains(state.urn):
            return True
        if not self._run.options.target_dependents:
            return False
        return any(self._targets.contains(urn) for urn in state.requirements())

    def _is_excluded(self, state: ResourceState) -> bool:
        if self._run.options.excludes.contains(state.urn):
            return True
        if not self._run.options.exclude_dependents:
            return False
        return any(self._excludes.contains(urn) for urn in state.requirements())

    def follow(self, state: ResourceState, *, is_targeted: bool) -> None:
        """Let dependents of a resource share its lot."""
        options = self._run.options
        if options.excludes.is_constrained and not is_targeted and self._is_excluded(state):
            self._excludes.add(state.urn)
        elif options.targets.is_constrained and is_targeted and self._is_target(state):
            self._targets.add(state.urn)

    def keep_as_is(self, old: ResourceState, registration: Registration) -> list[Step]:
        """Steps that carry a recorded resource over, after whatever it needs that was not registered.

        Raises:
            EngineError: if something that it needs is not recorded.
        """
        self._require_provider(old)
        return self._carry_over(old, registration)

    def _require_provider(self, old: ResourceState) -> None:
        if old.provider and self._run.registry.find(old.provider) is None:
            provider_urn, identity = urns.split_reference(old.provider)
            recorded = self._run.olds.by_urn.get(provider_urn)
            if recorded is None or recorded.id != identity:
                raise EngineError(f"could not find provider {old.provider} in old state")
            raise EngineError(
                f"provider {old.provider} for resource {old.urn} has not been registered yet, "
                "this is due to a change of providers mixed with --target. "
                "Change your program back to the original providers"
            )

    def _carry_over(self, old: ResourceState, registration: Registration | None) -> list[Step]:
        if old.delete:
            return []
        done = self._run.done
        done.seen.add(old.urn)
        done.sames.add(old.urn)
        if registration is not None:
            done.sames.add(self._run.aliased.get(old.urn, old.urn))
        steps: list[Step] = []
        for urn in old.requirements():
            name = self._run.aliased.get(urn, urn)
            if done.has_step(urn) or done.has_step(name):
                continue
            needed = self._run.olds.by_urn.get(urn)
            if needed is None:
                raise EngineError(f"dependency {urn} of untargeted resource {old.urn} has no old state")
            steps.extend(self._carry_over(needed, None))
        return [*steps, self._run.untargeted_same(old, registration)]

    def queue_needs(self, new: ResourceState) -> None:
        """Carry over, before a targeted resource, what it needs and the program no longer registers."""
        if not self._run.options.targets.is_constrained:
            return
        for urn in new.requirements():
            old = self._run.olds.by_urn.get(urn)
            if old is None or old.delete or self._run.done.has_step(urn) or urn in self._run.done.seen:
                continue
            self._run.queued_sames.extend(self._carry_over(old, None))
