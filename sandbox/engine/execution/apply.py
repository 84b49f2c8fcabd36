"""Carries out single steps: what each asks of a provider and what that makes of the states."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.engine import urn as urns
from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.execution.hooks import HookRunner
from sandbox.engine.properties.values import UNKNOWN_STRING, equal
from sandbox.engine.providers.model import Identity, Made, Outcome, Provider, ProviderError
from sandbox.engine.state.resource import HookKind, ResourceState
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import compare_inputs, with_ignored
from sandbox.engine.steps.model import DELETES, Op, Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.run import Run


@dataclass(slots=True)
class Applied:
    """What a step came to: nothing wrong, half made, or an error that ended it."""

    error: EngineError | None = None
    outcome: Outcome = Outcome.OK

    @property
    def is_recorded(self) -> bool:
        """Whether the state takes the step in, be it half made."""
        return self.error is None or self.outcome is Outcome.PARTIAL_FAILURE


class ResourceNotReadyError(ProviderError):
    """The resource exists and is not ready."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep the provider's reasons."""
        super().__init__(_problems(reasons), Outcome.PARTIAL_FAILURE)


def _problems(reasons: list[str]) -> str:
    noun = "error" if len(reasons) == 1 else "errors"
    listed = "".join(f"\t* {reason}\n" for reason in reasons)
    return f"{len(reasons)} {noun} occurred:\n{listed}\n"


@dataclass(slots=True)
class Applier:
    """Carries out steps of one run."""

    run: Run
    diagnostics: Diagnostics
    hooks: HookRunner
    providers: ProviderFinder = field(init=False)

    def __post_init__(self) -> None:
        """Find providers where the generator does."""
        self.providers = ProviderFinder(self.run, self.diagnostics)

    async def apply(self, step: Step) -> Applied:
        """Carry out a step; what goes wrong is part of the result."""
        try:
            await self._action(step)(step)
        except ProviderError as error:
            return Applied(error, error.outcome)
        except EngineError as error:
            return Applied(error)
        return Applied()

    def _action(self, step: Step) -> Callable[[Step], Awaitable[None]]:
        if step.op in DELETES:
            return self._delete
        return {
            Op.SAME: self._same,
            Op.CREATE: self._create,
            Op.CREATE_REPLACEMENT: self._create,
            Op.UPDATE: self._update,
            Op.READ: self._read,
            Op.READ_REPLACEMENT: self._read,
            Op.REFRESH: self._refresh,
            Op.IMPORT: self._import,
            Op.IMPORT_REPLACEMENT: self._import,
        }.get(step.op, _nothing)

    async def _provider(self, state: ResourceState) -> Provider:
        return await self.providers.serving(state.urn, state.type, state.provider)

    @property
    def _is_preview(self) -> bool:
        return self.run.options.is_preview

    async def _same(self, step: Step) -> None:
        old, new = _both(step)
        new.id, new.outputs = old.id, old.outputs
        if urns.is_provider_type(new.type) and not step.is_skipped_create and not step.is_untargeted:
            recorded = new.copy()
            recorded.inputs = old.inputs
            try:
                await self.run.registry.same(recorded, from_check=True)
            except EngineError as error:
                raise EngineError(f"bad provider state for resource {step.urn}: {error}") from error

    async def _create(self, step: Step) -> None:
        new = _new(step)
        await self.hooks.run(HookKind.BEFORE_CREATE, new, new_inputs=new.inputs)
        if new.custom:
            provider = await self._provider(new)
            made = await self.hooks.retry(
                "create",
                new,
                lambda: provider.create(
                    new.urn,
                    new.inputs,
                    timeout_seconds=new.custom_timeouts.create,
                    is_preview=self._is_preview,
                ),
                new_inputs=new.inputs,
            )
            _take(new, made)
        new.created = new.modified = timestamp()
        if step.marks_old_deleted and step.old is not None:
            step.old.delete = True
        _raise_if_not_ready(new)
        if new.custom:
            await self.hooks.run_after(
                HookKind.AFTER_CREATE, new, new_inputs=new.inputs, new_outputs=new.outputs
            )

    async def _update(self, step: Step) -> None:
        old, new = _both(step)
        new.id, new.created, new.modified = old.id, old.created, old.modified
        await self.hooks.run(
            HookKind.BEFORE_UPDATE, new, new_inputs=new.inputs, old_inputs=old.inputs, old_outputs=old.outputs
        )
        if new.custom:
            provider = await self._provider(new)
            made = await self.hooks.retry(
                "update",
                new,
                lambda: provider.update(
                    Identity(new.urn, old.id),
                    old.inputs,
                    old.outputs,
                    new.inputs,
                    timeout_seconds=new.custom_timeouts.update,
                    ignore_changes=step.ignore_changes,
                    is_preview=self._is_preview,
                ),
                new_inputs=new.inputs,
                old_inputs=old.inputs,
                old_outputs=old.outputs,
            )
            _take(new, made)
            new.modified = timestamp()
        if new.init_errors:
            # What did not become ready keeps its old inputs, so that the next run tries again.
            error = ResourceNotReadyError(new.init_errors)
            new.inputs = dict(old.inputs)
            raise error
        if new.custom:
            await self.hooks.run_after(
                HookKind.AFTER_UPDATE,
                new,
                new_inputs=new.inputs,
                old_inputs=old.inputs,
                new_outputs=new.outputs,
                old_outputs=old.outputs,
            )

    async def _delete(self, step: Step) -> None:
        old = _old(step)
        await self.hooks.run(HookKind.BEFORE_DELETE, old, old_inputs=old.inputs, old_outputs=old.outputs)
        if step.op is Op.DELETE and old.protect:
            raise ProtectedError(words.protected_from_deletion(old.urn))
        goes_along = old.deleted_with in self.run.done.deletes
        if not self._is_preview and old.custom and not (old.external or old.retain_on_delete or goes_along):
            provider = await self._provider(old)
            await self.hooks.retry(
                "delete",
                old,
                lambda: provider.delete(
                    Identity(old.urn, old.id),
                    old.inputs,
                    old.outputs,
                    timeout_seconds=old.custom_timeouts.delete,
                ),
                old_inputs=old.inputs,
                old_outputs=old.outputs,
            )
        if step.marks_pending_replacement:
            old.pending_replacement = True
        await self.hooks.run_after(HookKind.AFTER_DELETE, old, old_inputs=old.inputs, old_outputs=old.outputs)

    async def _read(self, step: Step) -> None:
        new = _new(step)
        if new.id == UNKNOWN_STRING:
            new.outputs = {}
        else:
            provider = await self._provider(new)
            made = await provider.read(
                Identity(new.urn, new.id), new.inputs, new.inputs, timeout_seconds=new.custom_timeouts.read
            )
            if not made.exists:
                raise EngineError(f"resource '{new.id}' does not exist")
            new.outputs, new.init_errors = made.outputs, made.init_errors
            new.id = made.id or new.id
        old = step.old
        if old is not None:
            if step.marks_old_deleted:
                old.delete = True
            new.created, new.modified = old.created, old.modified
            if not (equal(new.inputs, old.inputs) and equal(new.outputs, old.outputs)):
                new.modified = timestamp()
        _raise_if_not_ready(new)

    async def _refresh(self, step: Step) -> None:
        old, wanted = _both(step)
        if not old.custom or urns.is_provider_type(old.type) or old.pending_replacement:
            if step.is_persisted:
                step.new = old.copy()
            return
        provider = await self._provider(old)
        made = await provider.read(
            Identity(wanted.urn, old.id), old.inputs, old.outputs, timeout_seconds=old.custom_timeouts.read
        )
        if not made.exists:
            step.is_gone = True
            return
        if made.init_errors:
            listed = "\n* ".join(made.init_errors)
            self.diagnostics.warning(f"Refreshed resource is in an unhealthy state:\n* {listed}", step.urn)
        await self._take_refreshed(step, old, wanted, made, provider)

    async def _take_refreshed(
        self, step: Step, old: ResourceState, wanted: ResourceState, made: Made, provider: Provider
    ) -> None:
        new = wanted.copy()
        new.id, new.init_errors = made.id, made.init_errors
        new.refresh_before_update = made.refresh_before_update
        new.inputs = old.inputs if made.inputs is None else made.inputs
        new.outputs = made.outputs
        if not (equal(new.inputs, old.inputs) and equal(new.outputs, old.outputs)):
            new.modified = timestamp()
        step.new = new
        if old.external:
            step.has_difference = not equal(old.outputs, new.outputs)
            return
        diff = await provider.diff(
            Identity(new.urn, new.id),
            new.inputs,
            new.outputs,
            old.inputs,
            allow_unknowns=self._is_preview,
            ignore_changes=old.ignore_changes,
        )
        if diff.has_changes is None:
            bent, _ = with_ignored(old.inputs, new.inputs, old.ignore_changes)
            diff = compare_inputs(new.inputs, bent)
        inverted = diff.inverted()
        step.has_difference, step.diffs, step.detailed_diff = (
            diff.has_changes,
            inverted.changed_keys,
            inverted.detailed,
        )

    async def _import(self, step: Step) -> None:
        new = _new(step)
        if step.is_planned:
            self._refuse_unfit(new)
        if not new.custom:
            new.created = new.modified = timestamp()
            step.old = new.copy()
            return
        provider = await self._provider(new)
        made = await provider.read(
            Identity(new.urn, new.import_id), {}, {}, timeout_seconds=new.custom_timeouts.read
        )
        if not made.exists:
            raise EngineError(f"resource '{new.import_id}' does not exist")
        if made.inputs is None:
            package = urns.package_of(new.type)
            raise EngineError(
                f"provider does not support importing resources; please try updating the '{package}' plugin"
            )
        new.id, new.init_errors = made.id or new.import_id, made.init_errors
        new.inputs, new.outputs = dict(made.inputs), made.outputs
        new.refresh_before_update = made.refresh_before_update
        step.old = new.copy()
        step.old.aliases, step.old.additional_secret_outputs, step.old.hooks = [], [], {}
        new.created = new.modified = timestamp()
        if step.is_planned:
            await self._settle_planned(step, new, provider)
        if step.marks_old_deleted and step.original is not None:
            step.original.delete = True

    def _refuse_unfit(self, new: ResourceState) -> None:
        if new.urn in self.run.olds.by_urn:
            raise EngineError(f"resource '{new.urn}' already exists")
        if not urns.is_root_stack(new.parent) and new.parent not in self.run.news:
            raise EngineError(f"unknown parent '{new.parent}' for resource '{new.urn}'")

    async def _settle_planned(self, step: Step, new: ResourceState, provider: Provider) -> None:
        new.import_id = ""
        if step.properties_wanted:
            new.inputs = {key: new.inputs[key] for key in step.properties_wanted if key in new.inputs}
        checked = await provider.check(
            new.urn,
            _old(step).inputs,
            new.inputs,
            allow_unknowns=self._is_preview,
            random_seed=step.random_seed,
        )
        for failure in checked.failures:
            value = words.show_value(new.inputs.get(failure.property))
            self.diagnostics.warning(
                words.invalid_property(new.type, new.name, failure.property, value, failure.reason), new.urn
            )


class ProtectedError(EngineError):
    """A protected resource cannot be deleted; the rest of a run goes on."""


async def _nothing(step: Step) -> None:
    del step


def _new(step: Step) -> ResourceState:
    if step.new is None:
        raise AssertionError(step.op)
    return step.new


def _old(step: Step) -> ResourceState:
    if step.old is None:
        raise AssertionError(step.op)
    return step.old


def _both(step: Step) -> tuple[ResourceState, ResourceState]:
    return _old(step), _new(step)


def _take(new: ResourceState, made: Made) -> None:
    new.id, new.outputs = made.id, made.outputs
    new.init_errors, new.refresh_before_update = made.init_errors, made.refresh_before_update


def _raise_if_not_ready(new: ResourceState) -> None:
    if new.init_errors:
        raise ResourceNotReadyError(new.init_errors)
