"""Reads from the cloud: resources that others own, drift, imports."""

from dataclasses import dataclass, field

from sandbox.engine import urn as urns
from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.execution.states import new_of, old_of, raise_if_not_ready
from sandbox.engine.properties.values import UNKNOWN_STRING, equal
from sandbox.engine.providers.model import Identity, Made, Provider
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import compare_inputs, with_ignored
from sandbox.engine.steps.model import Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.run import Run


@dataclass(slots=True)
class Looker:
    """Carries out the steps that read."""

    run: Run
    diagnostics: Diagnostics
    providers: ProviderFinder = field(init=False)

    def __post_init__(self) -> None:
        """Find providers where the generator does."""
        self.providers = ProviderFinder(self.run, self.diagnostics)

    async def _provider(self, state: ResourceState) -> Provider:
        return await self.providers.serving(state.urn, state.type, state.provider)

    @property
    def _is_preview(self) -> bool:
        return self.run.options.is_preview

    async def read(self, step: Step) -> None:
        """Read a resource that others own."""
        new = new_of(step)
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
        raise_if_not_ready(new)

    async def refresh(self, step: Step) -> None:
        """See what has become of a recorded resource."""
        old, wanted = old_of(step), new_of(step)
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

    async def import_(self, step: Step) -> None:
        """Take a resource that stands into the state."""
        new = new_of(step)
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
            old_of(step).inputs,
            new.inputs,
            allow_unknowns=self._is_preview,
            random_seed=step.random_seed,
        )
        for failure in checked.failures:
            value = words.show_value(new.inputs.get(failure.property))
            self.diagnostics.warning(
                words.invalid_property(new.type, new.name, failure.property, value, failure.reason), new.urn
            )
