"""`pulumi preview|up|refresh|destroy`: runs of the engine."""

import asyncio
import os
import signal
from argparse import Namespace
from dataclasses import dataclass, replace

from sandbox.engine.backends.protocol import UpdateKind, UpdateRequest, UpdateSession
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say
from sandbox.engine.commands.planning import load_plan, save_plan
from sandbox.engine.commands.reading import drop_pending_creates, read_state, shielded
from sandbox.engine.deployment import Deployment, Outcome, Request
from sandbox.engine.errors import EngineError, NoChangesExpectedError
from sandbox.engine.events.display import Display
from sandbox.engine.events.emitter import Emitter
from sandbox.engine.events.sinks import EventLog
from sandbox.engine.outputs import read_outputs
from sandbox.engine.providers.ports import attached_ports
from sandbox.engine.state.json_values import JsonObject
from sandbox.engine.steps.imports import Import
from sandbox.engine.steps.run import Mode, Options
from sandbox.engine.steps.targets import Targets
from sandbox.engine.version import DISPLAY_VERSION
from sandbox.engine.workspace.config import decrypt_config, full_key

_KINDS = {
    "preview": UpdateKind.PREVIEW,
    "up": UpdateKind.UPDATE,
    "refresh": UpdateKind.REFRESH,
    "destroy": UpdateKind.DESTROY,
    "import": UpdateKind.IMPORT,
}
_MODES = {UpdateKind.REFRESH: Mode.REFRESH, UpdateKind.DESTROY: Mode.DESTROY}
# Operations that leave the cloud as it is (engine/update.go: HasChanges).
_SHOWN_NAMES = {UpdateKind.UPDATE: "update", UpdateKind.DESTROY: "destroy", UpdateKind.REFRESH: "refresh"}
_HARMLESS = frozenset({"same", "read", "discard", "read-replacement"})
_DEFAULT_PARALLEL_PER_CPU = 4


@dataclass(frozen=True, slots=True)
class _Plan:
    kind: UpdateKind
    options: Options
    is_dry_run: bool
    imports: tuple[Import, ...] = ()


def run_update(context: Context, imports: tuple[Import, ...] = ()) -> None:
    """Run the engine and end as it ended.

    Raises:
        EngineError: if the run failed, was cancelled, or changed what it should not have.
    """
    arguments = context.arguments
    _refuse_unsupported(arguments)
    kind = _KINDS[str(arguments.command)]
    if kind is not UpdateKind.PREVIEW and not (
        arguments.yes or arguments.preview_only or arguments.skip_preview
    ):
        raise EngineError(
            "--yes or --skip-preview or --preview-only must be passed in to proceed "
            "when running in non-interactive mode"
        )
    planned = _Plan(
        kind,
        _options(arguments, kind),
        kind is UpdateKind.PREVIEW or bool(arguments.preview_only),
        imports,
    )
    if arguments.exclude_protected and kind is UpdateKind.DESTROY:
        kept = shielded(context)
        if kept is None:
            return
        planned = replace(planned, options=replace(planned.options, excludes=kept))
    if arguments.clear_pending_creates and not planned.is_dry_run:
        drop_pending_creates(context)
    outcome = asyncio.run(_run(context, planned))
    if outcome.error is not None:
        raise outcome.error
    if arguments.save_plan:
        save_plan(str(arguments.save_plan), outcome.plan)
    if arguments.expect_no_changes and any(
        op not in _HARMLESS for op, count in outcome.changes.items() if count
    ):
        raise NoChangesExpectedError(_SHOWN_NAMES.get(kind, kind.value))
    if arguments.remove and kind is UpdateKind.DESTROY:
        context.backend.remove(context.stack, force=False)


def _refuse_unsupported(arguments: Namespace) -> None:
    if arguments.policy_pack:
        raise EngineError(
            "the sandbox's engine runs no policy packs; use the official pulumi CLI for --policy-pack"
        )
    if arguments.remote:
        raise EngineError("the sandbox's engine runs nothing remotely")
    if arguments.attach_debugger:
        raise EngineError("the sandbox's engine attaches no debuggers")


def _options(arguments: Namespace, kind: UpdateKind) -> Options:
    replaced = [*arguments.replace, *arguments.target_replace]
    runs_program = str(arguments.run_program) == "true"
    parallel = int(arguments.parallel) or (os.cpu_count() or 1) * _DEFAULT_PARALLEL_PER_CPU
    return Options(
        is_preview=kind is UpdateKind.PREVIEW or bool(arguments.preview_only),
        mode=_MODES.get(kind, Mode.UPDATE),
        refreshes=kind is UpdateKind.REFRESH or str(arguments.refresh) == "true",
        runs_program=runs_program,
        parallel=parallel,
        targets=Targets([*arguments.target, *arguments.target_replace]),
        excludes=Targets(arguments.exclude),
        replaces=Targets(replaced),
        target_dependents=bool(arguments.target_dependents),
        exclude_dependents=bool(arguments.exclude_dependents),
        continue_on_error=bool(arguments.continue_on_error),
        plan=load_plan(str(arguments.plan)) if arguments.plan else None,
        saves_plan=bool(arguments.save_plan),
    )


async def _run(context: Context, planned: _Plan) -> Outcome:
    arguments, backend, name = context.arguments, context.backend, context.stack
    _take_config(context)
    secrets = context.secrets
    base, snapshot = read_state(context)
    entries = decrypt_config(context.settings.config, secrets, context.project.name)
    request = Request(
        stack=name.stack,
        project=name.project,
        organization=name.organization,
        root=context.project.root,
        folder=context.project.working_directory,
        options=planned.options,
        config={entry.key: entry for entry in entries},
        client_address=str(arguments.client),
        provider_ports=attached_ports(context.environment),
        imports=planned.imports,
        read_outputs=lambda other: read_outputs(backend, backend.parse_name(other, name.project)),
    )
    if not arguments.json:
        say(f"{_title(planned)} ({backend.show_name(name, name.project)}):")
    session = backend.begin(name, _update_request(context, planned), base.deployment)
    log = EventLog(str(arguments.event_log))
    display = Display(
        name.stack,
        is_preview=planned.is_dry_run,
        shows_json=bool(arguments.json),
        shows_outputs=not arguments.suppress_outputs,
        shows_progress=not arguments.suppress_progress,
    )

    def sink(event: JsonObject, is_recorded: bool) -> None:
        log.add(event)
        if is_recorded:
            display.show(event)
            session.record_event(event)

    emitter = Emitter(
        sink, is_preview=planned.is_dry_run, is_refresh=planned.kind is UpdateKind.REFRESH,
        color=str(arguments.color or "raw"),
    )  # fmt: skip
    deployment = Deployment(request, snapshot, emitter, session, secrets)
    outcome = await _until_finished(deployment, session)
    emitter.cancel()
    display.finish()
    await log.close()
    return outcome


async def _until_finished(deployment: Deployment, session: UpdateSession) -> Outcome:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _on_signal, deployment, number)
    outcome = await deployment.execute()
    try:
        await session.finish(succeeded=outcome.error is None, changes=outcome.changes)
    except EngineError as error:
        return Outcome(outcome.changes, outcome.error or error, outcome.plan)
    return outcome


def _on_signal(deployment: Deployment, number: signal.Signals) -> None:
    # The second signal of its kind ends the process as it would without us.
    asyncio.get_running_loop().remove_signal_handler(number)
    say("^C received; cancelling. If you would like to terminate immediately, hit ^C again.")
    deployment.cancel()


def _take_config(context: Context) -> None:
    for pair in context.arguments.config:
        key, _, value = str(pair).partition("=")
        context.settings.config[full_key(key, context.project.name)] = value
    if context.arguments.config:
        context.settings.save()


def _title(planned: _Plan) -> str:
    if planned.is_dry_run:
        names = {UpdateKind.REFRESH: "Previewing refresh", UpdateKind.DESTROY: "Previewing destroy"}
        return names.get(planned.kind, "Previewing update")
    return {UpdateKind.REFRESH: "Refreshing", UpdateKind.DESTROY: "Destroying"}.get(planned.kind, "Updating")


def _update_request(context: Context, planned: _Plan) -> UpdateRequest:
    project, arguments = context.project, context.arguments
    return UpdateRequest(
        kind=planned.kind,
        project=project.name,
        runtime="client" if arguments.client else project.runtime,
        main=project.main,
        description=project.description,
        config=dict(context.settings.config),
        message=str(arguments.message or ""),
        environment=_environment(context, planned),
        is_dry_run=planned.is_dry_run,
        parallel=planned.options.parallel,
    )


def _environment(context: Context, planned: _Plan) -> dict[str, str]:
    recorded = {
        "exec.kind": str(context.arguments.exec_kind or "cli"),
        "pulumi.arch": os.uname().machine,
        "pulumi.os": "linux",
        "pulumi.version": DISPLAY_VERSION,
        "updatePlan": str(planned.options.plan is not None).lower(),
    }
    names = sorted(name for name in context.environment if name.startswith("PULUMI_"))
    recorded.update((f"pulumi.env.{name}", "set") for name in names)
    return recorded
