"""Carries out chains of steps, several chains at a time, and tells and records what becomes of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.engine.errors import EngineError
from sandbox.engine.events.emitter import Emitter
from sandbox.engine.execution.apply import Applied, Applier, ProtectedError
from sandbox.engine.execution.recorder import Recorder
from sandbox.engine.properties.values import Properties, Secret
from sandbox.engine.providers.model import Outcome
from sandbox.engine.state.resource import HookKind, ResourceState
from sandbox.engine.steps.model import READS, Op, Result, Step
from sandbox.engine.steps.run import Run


@dataclass(slots=True)
class Executor:
    """Runs the steps of one run; after the first failure nothing new begins unless that was asked for."""

    run: Run
    applier: Applier
    emitter: Emitter
    recorder: Recorder | None
    errored: list[Step] = field(default_factory=list[Step])
    has_failed: bool = False
    maybe_corrupt: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    # Refreshes go on whatever fails.
    ignores_errors: bool = False
    _places: asyncio.Semaphore = field(init=False)
    _running: set[asyncio.Task[bool]] = field(default_factory=set[asyncio.Task[bool]])
    _pending_outputs: dict[str, Step] = field(default_factory=dict[str, Step])
    _skipped: set[str] = field(default_factory=set[str])
    fault: EngineError | None = None

    def __post_init__(self) -> None:
        """Take as many places as chains may run at once."""
        self._places = asyncio.Semaphore(max(self.run.options.parallel, 1))

    def start(self, chain: Sequence[Step]) -> "asyncio.Task[bool]":
        """Begin a chain; its steps follow one another."""
        task = asyncio.create_task(self._run_chain(chain))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def execute(self, chain: Sequence[Step]) -> bool:
        """Carry out a chain and answer whether all of it succeeded."""
        return await self.start(chain)

    async def execute_together(self, steps: Sequence[Step]) -> None:
        """Carry out steps that do not wait for one another."""
        await asyncio.gather(*(self.start([step]) for step in steps))

    async def finished(self) -> None:
        """Wait until nothing runs."""
        while self._running:
            await asyncio.gather(*self._running)

    def stop(self) -> None:
        """Let nothing new begin."""
        self.stopped.set()

    def without_dependents_of_failures(self, steps: Sequence[Step]) -> list[Step]:
        """Steps that do not need what has failed; the others are answered as skipped."""
        self._skipped.update(step.result.urn for step in self.errored)
        kept: list[Step] = []
        for step in steps:
            if self._skipped and any(urn in self._skipped for urn in _related(step.result)):
                self._skipped.add(step.result.urn)
                if step.registration is not None:
                    step.registration.done(step.result, Result.SKIPPED)
            else:
                kept.append(step)
        return kept

    def without_needs_of_failures(self, steps: Sequence[Step]) -> list[Step]:
        """Deletions of what nothing needs that could not be deleted."""
        needed = {urn for step in self.errored for urn in self._requirements(step.result)}
        return [step for step in steps if step.result.urn not in needed]

    def _requirements(self, state: ResourceState) -> set[str]:
        graph = self.run.olds.graph
        return {needed.urn for needed in graph.transitive_dependencies(state)} if state in graph else set()

    async def _run_chain(self, chain: Sequence[Step]) -> bool:
        async with self._places:
            for step in chain:
                if self.stopped.is_set():
                    return False
                try:
                    succeeded = await self._run_step(step)
                except EngineError as error:
                    # The state cannot be recorded: nothing that would have to be may go on.
                    self.fault = self.fault or error
                    self.has_failed = True
                    self.stop()
                    return False
                if not succeeded:
                    return False
        return True

    async def _run_step(self, step: Step) -> bool:
        self.emitter.step_begins(step)
        operation_id = await self.recorder.begin(step) if self.recorder else 0
        applied = await self.applier.apply(step)
        if applied.error is None and step.is_logical and step.visible_new is not None:
            self._pending_outputs[step.urn] = step
        if step.visible_new is not None and step.op is not Op.REPLACE:
            self._take_over(step, step.visible_new)
        self._tell(step, applied)
        if self.recorder:
            await self.recorder.end(step, operation_id, succeeded=applied.is_recorded)
        if applied.error is not None:
            self._fail(step, applied)
            return False
        self._answer(step)
        if self.applier.hooks.late_failures and not self.run.options.continue_on_error:
            self.stop()
        return True

    def _take_over(self, step: Step, new: ResourceState) -> None:
        new.outputs = _with_secrets(new)
        (self.run.reads if step.op in READS else self.run.news)[new.urn] = new

    def _tell(self, step: Step, applied: Applied) -> None:
        if applied.error is None:
            self.emitter.step_ended(step)
            return
        if applied.outcome is Outcome.UNKNOWN:
            self.maybe_corrupt = True
        self.emitter.step_failed(step, applied.error, applied.outcome)

    def _fail(self, step: Step, applied: Applied) -> None:
        self.has_failed = True
        if self.ignores_errors:
            return
        if self.run.options.continue_on_error or isinstance(applied.error, ProtectedError):
            if step.registration is not None:
                step.registration.done(step.result, Result.FAILED)
            self.errored.append(step)
        else:
            self.stop()

    @staticmethod
    def _answer(step: Step) -> None:
        registration = step.registration
        if registration is None or step.new is None or step.op is Op.REPLACE:
            return
        # An import in a program is answered when the update that follows it is decided.
        if step.op in (Op.IMPORT, Op.IMPORT_REPLACEMENT) and not step.is_planned:
            return
        registration.done(step.new, is_unknown=step.is_skipped_create)

    async def register_outputs(self, urn: str, outputs: Properties) -> None:
        """Give a component its outputs.

        Raises:
            EngineError: if it was not registered.
        """
        step = self._pending_outputs.pop(urn, None)
        if step is None or step.new is None:
            raise EngineError(f"cannot complete a resource '{urn}' whose registration isn't pending")
        if step.is_skipped_create:
            return
        step.new.outputs = outputs
        if not step.new.custom:
            await self._run_component_hooks(step, step.new)
        self.emitter.outputs_registered(step)
        if self.recorder:
            await self.recorder.outputs(step)

    async def _run_component_hooks(self, step: Step, new: ResourceState) -> None:
        hooks = self.applier.hooks
        if step.op is Op.CREATE:
            await hooks.run_after(HookKind.AFTER_CREATE, new, new_inputs=new.inputs, new_outputs=new.outputs)
        elif step.op is Op.UPDATE and step.old is not None:
            await hooks.run_after(
                HookKind.AFTER_UPDATE,
                new,
                new_inputs=new.inputs,
                new_outputs=new.outputs,
                old_inputs=step.old.inputs,
                old_outputs=step.old.outputs,
            )

    async def cancel(self) -> None:
        """Let nothing new begin and ask the providers to end what runs."""
        self.stop()
        await self.run.registry.cancel()


def _related(state: ResourceState) -> list[str]:
    return [*([state.parent] if state.parent else []), *state.related()]


def _with_secrets(state: ResourceState) -> Properties:
    outputs = dict(state.outputs)
    for key, value in outputs.items():
        is_hidden = key in state.additional_secret_outputs or isinstance(state.inputs.get(key), Secret)
        if is_hidden and not isinstance(value, Secret):
            outputs[key] = Secret(value)
    return outputs
