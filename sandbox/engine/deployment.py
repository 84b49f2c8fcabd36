"""One run over one stack, from its first event to its last."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.backends.protocol import UpdateSession
from sandbox.engine.channels import Server
from sandbox.engine.errors import AlreadyReportedError, CancelledError, EngineError
from sandbox.engine.events.emitter import Emitter
from sandbox.engine.execution.apply import Applier
from sandbox.engine.execution.executor import Executor
from sandbox.engine.execution.hooks import HookRunner
from sandbox.engine.execution.recorder import Recorder
from sandbox.engine.importing import Importer
from sandbox.engine.monitor.callbacks import Callbacks
from sandbox.engine.monitor.engine_service import ENGINE_SERVICE, EngineService
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.builtin import BuiltinProvider
from sandbox.engine.providers.host import ProviderHost
from sandbox.engine.providers.registry import ProviderRegistry
from sandbox.engine.refreshing import refresh_all, warn_of_pending_operations
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.sourcing import ProgramSource
from sandbox.engine.state.deployment import Snapshot
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.deletes import Deleter
from sandbox.engine.steps.imports import Import
from sandbox.engine.steps.plan import Plan
from sandbox.engine.steps.run import Mode, Options, Run
from sandbox.engine.steps.validation import PlanKeeper
from sandbox.engine.workspace.config import ConfigEntry


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that a run is given."""

    stack: str
    project: str
    organization: str
    root: Path
    folder: Path
    options: Options
    config: Mapping[str, ConfigEntry]
    client_address: str
    provider_ports: Mapping[str, int]
    read_outputs: Callable[[str], Properties]
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    changes: dict[str, int]
    error: EngineError | None
    plan: Plan


# For what the program has yet to hear; a server on which nobody waits stops at once.
_GRACE_SECONDS = 0.2


class Deployment:
    """Runs once."""

    def __init__(
        self,
        request: Request,
        snapshot: Snapshot,
        emitter: Emitter,
        session: UpdateSession,
        secrets: SecretsManager,
    ) -> None:
        """Take what to do and where to record it."""
        self._request, self._snapshot, self._emitter = request, snapshot, emitter
        self._session, self._secrets = session, secrets
        self._callbacks = Callbacks()
        self._cancelled = asyncio.Event()
        self._executors: list[Executor] = []
        self._run: Run | None = None

    def cancel(self) -> None:
        """End gracefully: nothing new begins, what runs is recorded."""
        if self._cancelled.is_set():
            return
        self._cancelled.set()
        for executor in self._executors:
            executor.stop()

    async def execute(self) -> Outcome:
        """Run to the end."""
        server = Server()
        server.add(ENGINE_SERVICE, EngineService(self._emitter).methods())
        await server.start()
        engine_address = server.address
        run = self._run = self._make_run(engine_address)
        error: EngineError | None = None
        canceller = asyncio.create_task(self._tell_providers(run))
        try:
            await self._execute(run, engine_address)
        except EngineError as failure:
            error = failure
        finally:
            canceller.cancel()
            await run.registry.close()
            await self._callbacks.close()
            await server.stop(_GRACE_SECONDS)
        corrupt = any(executor.maybe_corrupt for executor in self._executors)
        self._emitter.summary(succeeded=error is None, maybe_corrupt=corrupt)
        return Outcome(dict(self._emitter.changes), error, run.new_plan)

    async def _tell_providers(self, run: Run) -> None:
        await self._cancelled.wait()
        await run.registry.cancel()

    def _make_run(self, engine_address: str) -> Run:
        request = self._request
        builtin = BuiltinProvider(request.read_outputs, self._find_resource)
        registry = ProviderRegistry(ProviderHost(request.provider_ports, engine_address), builtin)
        return Run(request.stack, request.project, request.options, registry, self._snapshot)

    def _find_resource(self, urn: str) -> ResourceState | None:
        run = self._run
        return (run.news.get(urn) or run.reads.get(urn)) if run else None

    def _make_executor(self, run: Run, recorder: Recorder | None, hooks: HookRunner) -> Executor:
        applier = Applier(run, self._emitter, hooks)
        executor = Executor(run, applier, self._emitter, recorder)
        self._executors.append(executor)
        if self._cancelled.is_set():
            executor.stop()
        return executor

    async def _execute(self, run: Run, engine_address: str) -> None:
        options = run.options
        self._emitter.prelude(
            {key: "[secret]" if e.is_secret else e.value for key, e in self._request.config.items()}
        )
        recorder = None
        if not options.is_preview:
            recorder = Recorder(self._session, self._snapshot, self._secrets)
            await recorder.begin_run()
        hooks = HookRunner(self._callbacks, self._emitter, options.is_preview)
        if options.refreshes and not options.runs_program:
            executor = self._make_executor(run, recorder, hooks)
            await refresh_all(run, self._emitter, executor, recorder)
            self._settle(run, executor, hooks, is_end=options.is_refresh)
            if options.is_refresh:
                return
        elif not options.is_preview:
            warn_of_pending_operations(run, self._emitter)
        if missing := self._unknown(run, run.options.replaces.literals):
            self._refuse_unknown(missing)
        executor = self._make_executor(run, recorder, hooks)
        if self._request.imports:
            await self._import(run, executor)
        elif options.mode is Mode.UPDATE or options.runs_program:
            source = ProgramSource(self._request, run, self._emitter, executor, hooks, self._callbacks)
            await source.run(
                engine_address, self._cancelled, lambda: self._finish_steps(run, executor, recorder)
            )
        else:
            await self._finish_steps(run, executor, recorder)
        self._settle(run, executor, hooks)

    async def _import(self, run: Run, executor: Executor) -> None:
        try:
            await Importer(run, executor, self._request.config).import_all(self._request.imports)
        except AlreadyReportedError:
            run.has_error = True
        except EngineError as error:
            self._emitter.error(str(error))
            run.has_error = True

    async def _finish_steps(self, run: Run, executor: Executor, recorder: Recorder | None) -> None:
        """What follows when the program has registered everything: refreshes or deletions."""
        unknown_targets = self._unknown(run, run.options.targets.literals)
        if run.options.is_refresh:
            await refresh_all(run, self._emitter, executor, recorder)
        elif not executor.has_failed or executor.run.options.continue_on_error:
            sames, groups = await Deleter(run, self._emitter).steps()
            if sames:
                await executor.execute(sames)
            for group in groups:
                await executor.execute_together(executor.without_needs_of_failures(group))
        if unknown_targets:
            self._refuse_unknown(unknown_targets)

    @staticmethod
    def _unknown(run: Run, literals: list[str]) -> list[str]:
        recorded = {state.urn for state in run.olds.resources}
        return [urn for urn in literals if urn not in recorded and urn not in run.done.seen]

    def _refuse_unknown(self, literals: list[str]) -> None:
        for urn in literals:
            hint = "" if "$" in urn else " Did you forget to escape $ in your shell?"
            self._emitter.error(f"Target '{urn}' could not be found in the stack.{hint}")
        raise AlreadyReportedError("one or more targets could not be found in the stack")

    def _settle(self, run: Run, executor: Executor, hooks: HookRunner, *, is_end: bool = True) -> None:
        """Raise what went wrong; at the end of everything also for steps that a plan had and nobody saw."""
        kind = "preview" if run.options.is_preview else "update"
        unmet = PlanKeeper(run).unmet() if is_end and not executor.has_failed else []
        for urn in unmet:
            self._emitter.error(f"expected resource operations for {urn} but none were seen", urn)
        if executor.fault is not None:
            self._emitter.error(str(executor.fault))
        if executor.has_failed or run.has_error or hooks.late_failures or unmet:
            self._emitter.error(f"{kind} failed")
            raise AlreadyReportedError(f"{kind} failed")
        if self._cancelled.is_set():
            self._emitter.error(f"{kind} canceled")
            raise CancelledError(f"{kind} cancelled")
