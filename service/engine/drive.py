"""Drives one operation through the Automation API and tells what happens."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pulumi.automation import EngineEvent, PulumiFn, Stack
from pulumi.automation.errors import CommandError

from programs.facts import Facts
from service.engine.adopting import Adoption
from service.engine.failures import FailureCollector, plain_text
from service.engine.mapping import EventMapper, planned_state
from service.engine.protocol import Outcome, PlannedState, Result, RunnerJob
from service.engine.workspace import CancelledBeforeStartError, EngineCommand, open_stack
from service.events.model import Diagnostic, EventPayload, Summary
from service.operations.model import ChangeSummary, OperationFailure, OperationKind

# The engine's last event may reach us after its process has ended: the stream drains in the background.
LAST_EVENT_TIMEOUT_SECONDS = 5.0
# An engine that ended without one event so far failed before its run began.
FIRST_EVENT_TIMEOUT_SECONDS = 0.3

EmitPayload = Callable[[EventPayload], None]


class ProgramFactory(Protocol):
    """Turns a request document and facts into a Pulumi program."""

    def __call__(self, request: dict[str, object], facts: Facts) -> PulumiFn:
        """Check the document and return the program; raises ValidationError on a bad document."""
        ...


class EventPump:
    """Takes engine events from the SDK's thread and hands their payloads on from its own.

    The SDK drops an event whose callback raises, and the engine waits for a slow one: so the
    callback does nothing but enqueue.
    """

    def __init__(self, emit: EmitPayload) -> None:
        self._emit = emit
        self._events: queue.SimpleQueue[EngineEvent | None] = queue.SimpleQueue()
        self._has_begun = threading.Event()
        self._has_ended = threading.Event()
        self.mapper = EventMapper()
        self.failures = FailureCollector()
        self.summary: Summary | None = None
        self.planned: list[PlannedState] = []
        self._thread = threading.Thread(target=self._run, name="event-pump", daemon=True)
        self._thread.start()

    def enqueue(self, event: EngineEvent) -> None:
        """Accept an engine event; never blocks, never raises."""
        self._events.put(event)

    def close(self, *, wait_for_last_event: bool) -> None:
        """Hand on everything enqueued, then report events that got lost."""
        if wait_for_last_event and self._has_begun.wait(FIRST_EVENT_TIMEOUT_SECONDS):
            self._has_ended.wait(LAST_EVENT_TIMEOUT_SECONDS)
        self._events.put(None)
        self._thread.join()
        if self.mapper.lost_event_count:
            lost = f"{self.mapper.lost_event_count} engine events were lost on their way"
            self._emit(Diagnostic(severity="warning", message=lost))

    def _run(self) -> None:
        while (event := self._events.get()) is not None:
            self._has_begun.set()
            planned = planned_state(event)
            if planned is not None:
                self.planned.append(planned)
            for payload in self.mapper.payloads(event):
                self.failures.observe(payload)
                if isinstance(payload, Summary):
                    self.summary = payload
                self._emit(payload)
            if self.mapper.is_complete:
                self._has_ended.set()


def drive_operation(
    job: RunnerJob, run_dir: Path, command: EngineCommand, program_for: ProgramFactory, emit: EmitPayload
) -> Result:
    """Run the job's operation to its end and return how it ended; never raises for what a run can do."""
    pump = EventPump(emit)
    adoption = Adoption(job.options.adopt)
    try:
        program = _program(job, program_for, adoption)
    except Exception as error:  # noqa: BLE001 -- whatever a blueprint raises is the operation's failure
        pump.close(wait_for_last_event=False)
        return Result(outcome=Outcome.FAILED, failure=_program_failure(error))
    output = ""
    outcome = Outcome.SUCCEEDED
    plan_path = _plan_path(job, run_dir)
    try:
        _run_kind(open_stack(job, run_dir, program, command), job, pump, plan_path)
    except CancelledBeforeStartError:
        outcome = Outcome.CANCELLED
    except CommandError:
        outcome, output = Outcome.FAILED, command.last_output
    except Exception as error:  # noqa: BLE001 -- the SDK raises what it likes; all of it is this run's failure
        outcome, output = Outcome.FAILED, f"{type(error).__name__}: {error}"
    pump.close(wait_for_last_event=command.was_started)
    result = _result(outcome, output, pump, is_interrupted=command.is_interrupted)
    if outcome is Outcome.SUCCEEDED and adoption.unmet:
        return Result(outcome=Outcome.FAILED, changes=result.changes, failure=_not_adopted(adoption.unmet))
    if job.kind is OperationKind.PREVIEW and plan_path.is_file():
        return result.model_copy(update={"plan": plan_path.read_text(), "planned": tuple(pump.planned)})
    return result


def _plan_path(job: RunnerJob, run_dir: Path) -> Path:
    """Return where a preview saves its plan, or where the plan that a deploy is held to stands."""
    path = run_dir / "plan.json"
    if job.plan is not None:
        path.touch(mode=0o600)
        path.write_text(job.plan)
    return path


def _program(job: RunnerJob, program_for: ProgramFactory, adoption: Adoption) -> PulumiFn | None:
    if job.kind not in {OperationKind.PREVIEW, OperationKind.DEPLOY}:
        return None
    program = program_for(job.request, job.facts)
    return adoption.within(program) if job.options.adopt else program


def _run_kind(stack: Stack, job: RunnerJob, pump: EventPump, plan_path: Path) -> None:
    match job.kind:
        case OperationKind.PREVIEW:
            stack.preview(
                plan=str(plan_path),
                refresh=job.options.refresh,
                parallel=job.parallelism,
                color="never",
                suppress_progress=True,
                on_event=pump.enqueue,
            )
        case OperationKind.DEPLOY:
            stack.up(
                plan=None if job.plan is None else str(plan_path),
                refresh=job.options.refresh,
                parallel=job.parallelism,
                color="never",
                suppress_progress=True,
                suppress_outputs=True,
                show_secrets=False,
                on_event=pump.enqueue,
            )
        case OperationKind.REFRESH:
            stack.refresh(
                parallel=job.parallelism,
                color="never",
                suppress_progress=True,
                suppress_outputs=True,
                show_secrets=False,
                on_event=pump.enqueue,
            )
        case OperationKind.DETECT_DRIFT:
            stack.preview_refresh(
                parallel=job.parallelism, color="never", suppress_progress=True, on_event=pump.enqueue
            )
        case OperationKind.DESTROY:
            stack.destroy(
                parallel=job.parallelism,
                color="never",
                suppress_progress=True,
                suppress_outputs=True,
                show_secrets=False,
                on_event=pump.enqueue,
            )
        case OperationKind.REPAIR | OperationKind.IMPORT | OperationKind.RESTORE:
            stack.refresh(
                parallel=job.parallelism,
                clear_pending_creates=True,
                color="never",
                suppress_progress=True,
                suppress_outputs=True,
                show_secrets=False,
                on_event=pump.enqueue,
            )


def _result(outcome: Outcome, output: str, pump: EventPump, *, is_interrupted: bool) -> Result:
    changes = _changes(pump.summary)
    if outcome is Outcome.SUCCEEDED:
        return Result(outcome=outcome, changes=changes)
    if is_interrupted or outcome is Outcome.CANCELLED:
        failure = OperationFailure(
            code="cancelled",
            message="the operation was cancelled; the steps that had begun were finished and recorded",
            hint="what stands is in the resources; deploy or destroy from here",
        )
        return Result(outcome=Outcome.CANCELLED, changes=changes, failure=failure)
    return Result(outcome=outcome, changes=changes, failure=pump.failures.failure(output))


def _changes(summary: Summary | None) -> ChangeSummary | None:
    if summary is None:
        return None
    return ChangeSummary(
        create=summary.create,
        update=summary.update,
        replace=summary.replace,
        delete=summary.delete,
        same=summary.same,
    )


def _not_adopted(unmet: list[str]) -> OperationFailure:
    return OperationFailure(
        code="nothing_adopted",
        message=f"the program makes no {', no '.join(unmet)}: nothing was adopted under these names",
        hint="name resources by type and name as a preview of this request shows them",
    )


def _program_failure(error: Exception) -> OperationFailure:
    return OperationFailure(
        code="program_error",
        message=plain_text(f"{type(error).__name__}: {error}")[:1000],
        hint="the recorded request no longer fits its blueprint: correct it and deploy again",
    )
