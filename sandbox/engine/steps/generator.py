"""Turns what the program registers into steps."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from sandbox.engine import urn as urns
from sandbox.engine.errors import AlreadyReportedError
from sandbox.engine.providers.model import DiffResult, Provider
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.checking import Checker
from sandbox.engine.steps.comparing import Comparer
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import trigger_fires, with_replacements
from sandbox.engine.steps.lookup import Lookup, new_state
from sandbox.engine.steps.model import Goal, Op, Registration, Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.replacing import Replacer
from sandbox.engine.steps.run import Mode, Run
from sandbox.engine.steps.scope import Scope
from sandbox.engine.steps.validation import PlanKeeper, refuse_untargeted_creates

# Executes steps in order and answers when they are done; False when they failed or were given up.
Execute = Callable[[list[Step]], Awaitable[bool]]
_SEED_BYTES = 32


class StepGenerator:
    """Decides, one registration after another, what each comes to."""

    def __init__(self, run: Run, diagnostics: Diagnostics, execute: Execute) -> None:
        """Take the run and who carries out the steps on which a decision waits."""
        self._run = run
        self._diagnostics = diagnostics
        self._execute = execute
        self._lookup = Lookup(run, diagnostics)
        self._scope = Scope(run)
        self._providers = ProviderFinder(run, diagnostics)
        self._checker = Checker(run, diagnostics)
        self._comparer = Comparer(run, diagnostics, self._providers)
        self._replacer = Replacer(run, diagnostics, self._providers, self._checker)
        self._plan = PlanKeeper(run)
        # Registrations are decided one at a time and in order.
        self.turn = asyncio.Lock()

    async def register(self, registration: Registration) -> list[Step]:
        """The steps that a registration takes; its answer is given by the last of them.

        Raises:
            EngineError: if it cannot be.
        """
        goal = registration.goal
        urn = self._lookup.claim_urn(goal)
        old, is_valid = self._lookup.find_old(urn, goal)
        self._run.goals[urn] = goal
        new = new_state(urn, goal, self._run.aliases.get(urn, ""), old)
        if urns.is_provider_type(goal.type):
            self._run.providers[urn] = new
            if alias := self._run.aliases.get(urn):
                self._run.providers[alias] = new
        if old is not None and self._refreshes_inline and self._scope.includes(old):
            old = await self._refresh(old, new)
        early = self._without_running(registration, urn, old, new)
        if early is not None:
            return self._validated(early)
        steps = await self._decide(registration, urn, old, new, is_valid=is_valid)
        return self._validated(steps)

    def _validated(self, steps: list[Step]) -> list[Step]:
        queued = [step for step in self._run.queued_sames if not self._run.is_operated_on(step.urn)]
        self._run.queued_sames.clear()
        for step in queued:
            self._run.done.seen.add(step.urn)
            self._run.done.sames.add(step.urn)
        steps = [*queued, *steps]
        self._plan.check(steps)
        refuse_untargeted_creates(self._run, self._diagnostics, steps)
        return steps

    @property
    def _refreshes_inline(self) -> bool:
        return self._run.options.refreshes and self._run.options.runs_program

    async def _refresh(self, old: ResourceState, new: ResourceState) -> ResourceState | None:
        is_internal = not old.custom or urns.is_provider_type(old.type)
        step = Step(Op.REFRESH, old, new, is_persisted=True, is_internal=is_internal)
        self._run.done.refreshes.add(new.urn)
        await self._wait_for([step])
        refreshed = step.visible_new
        if refreshed is not None:
            self._run.olds.graph.alias(refreshed, old)
            self._run.refreshed[old] = refreshed
        return refreshed

    async def _wait_for(self, steps: list[Step]) -> None:
        # Others may register while a step runs on which this decision waits.
        self.turn.release()
        try:
            succeeded = await self._execute(steps)
        finally:
            await self.turn.acquire()
        if not succeeded:
            raise AlreadyReportedError(f"step on {steps[0].urn} failed")

    def _without_running(
        self, registration: Registration, urn: str, old: ResourceState | None, new: ResourceState
    ) -> list[Step] | None:
        """What a run that only refreshes or destroys makes of a registration, if it goes its own way."""
        goal, options = registration.goal, self._run.options
        if options.mode is Mode.UPDATE:
            return None
        is_plain = goal.custom and not urns.is_provider_type(goal.type)
        lacks_needs = any(needed in self._run.done.skipped_creates for needed in new.requirements())
        if options.mode is Mode.REFRESH:
            if not is_plain and not lacks_needs:
                return None
            if old is None:
                return [self._skip(registration, urn, new)]
            registration.done(old)
            return []
        if lacks_needs:
            if old is not None:
                new.outputs = old.outputs
            return [self._skip(registration, urn, new)]
        return self._on_destroy(registration, urn, old, new, is_plain=is_plain)

    def _on_destroy(
        self,
        registration: Registration,
        urn: str,
        old: ResourceState | None,
        new: ResourceState,
        *,
        is_plain: bool,
    ) -> list[Step] | None:
        if is_plain and old is None:
            return [self._skip(registration, urn, new)]
        self._run.to_delete.append(new)
        if not is_plain or old is None:
            return None
        self._run.done.sames.add(urn)
        new.inputs = old.inputs
        return [Step(Op.SAME, old, new, registration)]

    def _skip(self, registration: Registration, urn: str, new: ResourceState) -> Step:
        if self._run.options.mode is not Mode.DESTROY:
            self._run.done.sames.add(urn)
        self._run.done.skipped_creates.add(urn)
        return Step(Op.SAME, new.copy(), new, registration, is_skipped_create=True)

    async def _decide(
        self,
        registration: Registration,
        urn: str,
        old: ResourceState | None,
        new: ResourceState,
        *,
        is_valid: bool,
    ) -> list[Step]:
        goal = registration.goal
        provider = await self._providers.find(urn, goal)
        is_recreating = urn in self._run.done.deletes
        seed = self._plan.seed(urn) or os.urandom(_SEED_BYTES)
        if _is_import(goal, old):
            old, new = await self._import(registration, urn, old, new, seed, is_recreating=is_recreating)
        is_targeted = self._scope.is_targeted(new)
        if provider is not None:
            checked = old.inputs if old is not None else {}
            if is_targeted:
                starts_afresh = (
                    is_recreating or old is None or old.external or self._comparer.is_forced(urn, old)
                )
                result = await self._checker.check(provider, new, old, starts_afresh=starts_afresh, seed=seed)
                is_valid = is_valid and not self._checker.report(new, result.failures)
                checked = result.inputs
            new.inputs = checked
        if is_targeted:
            self._scope.queue_needs(new)
        self._plan.begin(urn, seed)
        if not is_valid:
            raise AlreadyReportedError(f"resource {urn} is invalid")
        return await self._choose(
            registration, urn, old, new, provider, is_targeted=is_targeted, is_recreating=is_recreating
        )

    async def _import(
        self,
        registration: Registration,
        urn: str,
        old: ResourceState | None,
        new: ResourceState,
        seed: bytes,
        *,
        is_recreating: bool,
    ) -> tuple[ResourceState, ResourceState]:
        goal = registration.goal
        self._run.done.imports.add(urn)
        replaces = old is not None and not is_recreating
        op = Op.IMPORT_REPLACEMENT if replaces else Op.IMPORT
        imported = Step(
            op,
            None,
            new,
            registration,
            original=old if replaces else None,
            ignore_changes=goal.ignore_changes,
            random_seed=seed,
            marks_old_deleted=replaces,
        )
        steps = [imported]
        if replaces:
            steps.append(Step(Op.REPLACE, old, new, marks_old_deleted=True))
        await self._wait_for(steps)
        wanted = new_state(urn, goal, self._run.aliases.get(urn, ""), None)
        wanted.import_id, wanted.created, wanted.modified = new.import_id, new.created, new.modified
        return new, wanted

    async def _choose(
        self,
        registration: Registration,
        urn: str,
        old: ResourceState | None,
        new: ResourceState,
        provider: Provider | None,
        *,
        is_targeted: bool,
        is_recreating: bool,
    ) -> list[Step]:
        if is_recreating and old is not None:
            return self._replacer.recreate(registration, old, new)
        if old is not None and old.external:
            self._run.done.creates.add(urn)
            create = Step(Op.CREATE_REPLACEMENT, old, new, registration, marks_old_deleted=True)
            return [create, Step(Op.REPLACE, old, new, marks_old_deleted=True)]
        self._scope.follow(new, is_targeted=is_targeted)
        if old is None:
            if not is_targeted:
                return [self._skip(registration, urn, new)]
            self._run.done.creates.add(urn)
            return [Step(Op.CREATE, None, new, registration)]
        if not is_targeted:
            return self._scope.keep_as_is(old, registration)
        return await self._compare(registration, old, new, provider)

    async def _compare(
        self, registration: Registration, old: ResourceState, new: ResourceState, provider: Provider | None
    ) -> list[Step]:
        fires = trigger_fires(new.replacement_trigger, old.replacement_trigger)
        diff = DiffResult(has_changes=True) if fires else await self._comparer.diff(old, new, provider)
        if new.urn in self._run.done.deletes:
            return self._replacer.recreate(registration, old, new)
        diff = with_replacements(
            diff, registration.goal.replace_on_changes, has_init_errors=bool(old.init_errors)
        )
        if diff.has_changes or old.pending_replacement:
            if diff.must_replace or fires or old.pending_replacement:
                return await self._replacer.replace(
                    registration, old, new, diff, provider, is_forced=self._comparer.is_forced(new.urn, old)
                )
            return [self._update(registration, old, new, diff)]
        if old.init_errors:
            return [self._update(registration, old, new, diff)]
        if new.urn in self._run.done.imports:
            registration.done(old)
            return []
        self._run.done.sames.add(new.urn)
        return [Step(Op.SAME, old, new, registration)]

    def _update(
        self, registration: Registration, old: ResourceState, new: ResourceState, diff: DiffResult
    ) -> Step:
        self._run.done.updates.add(new.urn)
        return Step(
            Op.UPDATE,
            old,
            new,
            registration,
            diffs=diff.changed_keys,
            detailed_diff=diff.detailed,
            ignore_changes=registration.goal.ignore_changes,
        )


def _is_import(goal: Goal, old: ResourceState | None) -> bool:
    if not goal.custom or not goal.import_id:
        return False
    return old is None or old.external or (old.import_id or old.id) != goal.import_id
