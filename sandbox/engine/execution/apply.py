"""Carries out single steps: what each asks of a provider and what that makes of the states."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.engine import urn as urns
from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.execution.hooks import HookRunner
from sandbox.engine.execution.looking import Looker
from sandbox.engine.execution.states import ResourceNotReadyError, new_of, old_of, raise_if_not_ready, take
from sandbox.engine.providers.model import Identity, Outcome, Provider, ProviderError
from sandbox.engine.state.resource import HookKind, ResourceState
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.diagnostics import Diagnostics
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


@dataclass(slots=True)
class Applier:
    """Carries out steps of one run."""

    run: Run
    diagnostics: Diagnostics
    hooks: HookRunner
    providers: ProviderFinder = field(init=False)
    looker: Looker = field(init=False)

    def __post_init__(self) -> None:
        """Find providers where the generator does."""
        self.providers = ProviderFinder(self.run, self.diagnostics)
        self.looker = Looker(self.run, self.diagnostics)

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
            Op.READ: self.looker.read,
            Op.READ_REPLACEMENT: self.looker.read,
            Op.REFRESH: self.looker.refresh,
            Op.IMPORT: self.looker.import_,
            Op.IMPORT_REPLACEMENT: self.looker.import_,
        }.get(step.op, _nothing)

    async def _provider(self, state: ResourceState) -> Provider:
        return await self.providers.serving(state.urn, state.type, state.provider)

    @property
    def _is_preview(self) -> bool:
        return self.run.options.is_preview

    async def _same(self, step: Step) -> None:
        old, new = old_of(step), new_of(step)
        new.id, new.outputs = old.id, old.outputs
        if urns.is_provider_type(new.type) and not step.is_skipped_create and not step.is_untargeted:
            recorded = new.copy()
            recorded.inputs = old.inputs
            try:
                await self.run.registry.same(recorded, from_check=True)
            except EngineError as error:
                raise EngineError(f"bad provider state for resource {step.urn}: {error}") from error

    async def _create(self, step: Step) -> None:
        new = new_of(step)
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
            take(new, made)
        new.created = new.modified = timestamp()
        if step.marks_old_deleted and step.old is not None:
            step.old.delete = True
        raise_if_not_ready(new)
        if new.custom:
            await self.hooks.run_after(
                HookKind.AFTER_CREATE, new, new_inputs=new.inputs, new_outputs=new.outputs
            )

    async def _update(self, step: Step) -> None:
        old, new = old_of(step), new_of(step)
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
            take(new, made)
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
        old = old_of(step)
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


class ProtectedError(EngineError):
    """A protected resource cannot be deleted; the rest of a run goes on."""


async def _nothing(step: Step) -> None:
    del step
