"""The program's part of a run: it registers, the generator decides, the executor carries out."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sandbox.engine.channels import Server
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.events.emitter import Emitter
from sandbox.engine.execution.executor import Executor
from sandbox.engine.execution.hooks import HookRunner
from sandbox.engine.monitor.callbacks import Callbacks
from sandbox.engine.monitor.program import run_program
from sandbox.engine.monitor.service import MONITOR_SERVICE, MonitorService
from sandbox.engine.monitor.session import Session
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.components import RunInfo
from sandbox.engine.steps.generator import StepGenerator
from sandbox.engine.steps.model import Goal, Registered, Registration, Step
from sandbox.engine.steps.reads import read_steps
from sandbox.engine.steps.run import Run
from sandbox.engine.urn import is_root_stack

if TYPE_CHECKING:
    from sandbox.engine.deployment import Request

Finish = Callable[[], Awaitable[None]]


class ProgramSource:
    """Runs the program once and serves it."""

    def __init__(
        self,
        request: "Request",
        run: Run,
        emitter: Emitter,
        executor: Executor,
        hooks: HookRunner,
        callbacks: Callbacks,
    ) -> None:
        """Take the parts of the run."""
        self._request, self._run, self._emitter = request, run, emitter
        self._executor, self._hooks, self._callbacks = executor, hooks, callbacks
        self._generator = StepGenerator(run, emitter, executor.execute)
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stack_outputs: tuple[str, Properties] | None = None
        self._deciding = 0
        self._decided = asyncio.Event()

    def _info(self, monitor_address: str) -> RunInfo:
        request, options = self._request, self._run.options
        return RunInfo(
            project=request.project,
            stack=request.stack,
            organization=request.organization,
            config={key: entry.value for key, entry in request.config.items()},
            secret_keys=[key for key, entry in request.config.items() if entry.is_secret],
            is_dry_run=options.is_preview,
            parallel=options.parallel,
            monitor_address=monitor_address,
        )

    async def run(self, engine_address: str, cancelled: asyncio.Event, finish: Finish) -> None:
        """Run the program, and what follows when it has registered everything.

        Raises:
            EngineError: if the program or a registration fails.
        """
        server = Server()
        info = self._info(server.address)
        session = Session(
            self._run,
            info,
            self._request.root,
            self._request.config,
            self.register,
            self.register_outputs,
            self._emitter,
            self._callbacks,
            self._hooks,
            self._fail,
        )
        server.add(MONITOR_SERVICE, MonitorService(session).methods())
        await server.start()
        program = asyncio.create_task(
            run_program(self._request.client_address, engine_address, str(self._request.folder), info)
        )
        error: EngineError | None = None
        try:
            await self._until_registered(program, session, cancelled)
            if not self._executor.stopped.is_set():
                await finish()
        except EngineError as failure:
            error = failure
            self._executor.stop()
            self._report(failure)
        await self._executor.finished()
        await self._finalize_stack_outputs(has_failed=error is not None)
        await self._end(program, session, server)
        if error is not None and not isinstance(error, AlreadyReportedError):
            raise AlreadyReportedError(str(error)) from error
        if error is not None:
            raise error

    def _report(self, failure: EngineError) -> None:
        if not isinstance(failure, AlreadyReportedError):
            self._emitter.error(str(failure))

    async def _until_registered(
        self, program: "asyncio.Task[None]", session: Session, cancelled: asyncio.Event
    ) -> None:
        waits = [
            asyncio.ensure_future(work)
            for work in (session.program_waits.wait(), self._executor.stopped.wait(), cancelled.wait())
        ]
        try:
            await asyncio.wait([program, self._failure, *waits], return_when=asyncio.FIRST_COMPLETED)
            if self._failure.done():
                self._failure.result()
            if program.done():
                program.result()
            while self._deciding and not (self._executor.stopped.is_set() or self._failure.done()):
                await self._one_more_decided()
            if self._failure.done():
                self._failure.result()
        finally:
            for wait in waits:
                wait.cancel()

    async def _one_more_decided(self) -> None:
        self._decided.clear()
        stopped = asyncio.ensure_future(self._executor.stopped.wait())
        decided = asyncio.ensure_future(self._decided.wait())
        await asyncio.wait([stopped, decided, self._failure], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        decided.cancel()

    async def _end(self, program: "asyncio.Task[None]", session: Session, server: Server) -> None:
        session.may_shut_down.set()
        # The program's pending registrations fail with the monitor's end, and then it ends too.
        await server.stop(0.2 if program.done() or session.program_waits.is_set() else None)
        try:
            await asyncio.wait_for(program, timeout=10)
        except (EngineError, TimeoutError):
            return

    def _fail(self, error: EngineError) -> None:
        if not self._failure.done():
            self._failure.set_exception(AlreadyReportedError(str(error)))

    async def register(self, goal: Goal, read_id: str) -> Registered:
        """Decide on a registration and wait for what comes of it.

        Raises:
            EngineError: if the run ends before.
        """
        answer: asyncio.Future[Registered] = asyncio.get_running_loop().create_future()
        registration = Registration(goal, answer, read_id)
        self._deciding += 1
        try:
            async with self._generator.turn:
                steps = await self._decide(registration)
        except EngineError as error:
            if not self._failure.done():
                self._failure.set_exception(error)
            raise EngineError("resource monitor shut down") from error
        finally:
            self._deciding -= 1
            self._decided.set()
        if chain := self._executor.without_dependents_of_failures(steps):
            self._executor.start(chain)
        stopped = asyncio.ensure_future(self._executor.stopped.wait())
        await asyncio.wait([answer, stopped], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            # What runs already may still end well; the program is not told, as it goes no further.
            await self._executor.finished()
        stopped.cancel()
        if answer.done():
            return answer.result()
        raise EngineError("resource monitor shut down while waiting on step's done channel")

    async def _decide(self, registration: Registration) -> list[Step]:
        if self._executor.stopped.is_set():
            raise AlreadyReportedError("the run is ending")
        try:
            if registration.read_id:
                return read_steps(self._run, self._emitter, registration)
            return await self._generator.register(registration)
        except AlreadyReportedError:
            raise
        except EngineError as error:
            urn = next((urn for urn, goal in self._run.goals.items() if goal is registration.goal), "")
            self._emitter.error(str(error), urn)
            raise AlreadyReportedError(str(error)) from error

    async def register_outputs(self, urn: str, outputs: Properties) -> None:
        """Give a component its outputs; the stack's are kept until the run has ended."""
        if is_root_stack(urn):
            self._stack_outputs = (urn, outputs)
            return
        await self._executor.register_outputs(urn, outputs)

    async def _finalize_stack_outputs(self, *, has_failed: bool) -> None:
        if self._stack_outputs is None:
            return
        urn, outputs = self._stack_outputs
        if has_failed or self._executor.has_failed or self._run.has_error or self._hooks.late_failures:
            old = self._run.olds.by_urn.get(urn)
            outputs = {**(old.outputs if old else {}), **outputs}
        await self._executor.register_outputs(urn, outputs)
