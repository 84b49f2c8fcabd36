"""Tells whether, and how, what is wanted differs from what is recorded."""

from sandbox.engine.properties.values import equal
from sandbox.engine.providers.model import (
    NO_DIFFERENCE,
    DiffResult,
    DiffUnavailableError,
    Identity,
    Provider,
)
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import compare_inputs
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.run import Run


class Comparer:
    """Compares for one run: what was asked for or goes with others first, then what the provider says."""

    def __init__(self, run: Run, diagnostics: Diagnostics, providers: ProviderFinder) -> None:
        """Take the run."""
        self._run = run
        self._diagnostics = diagnostics
        self._providers = providers

    def is_forced(self, urn: str, old: ResourceState | None) -> bool:
        """Whether a replacement was asked for, whatever the inputs."""
        replaces = self._run.options.replaces
        return (replaces.is_constrained and replaces.contains(urn)) or (old is not None and old.taint)

    async def diff(self, old: ResourceState, new: ResourceState, provider: Provider | None) -> DiffResult:
        """The difference; a component has none but that of its inputs.

        Raises:
            EngineError: if the provider fails.
        """
        if forced := await self._forced_difference(old, new):
            return DiffResult(has_changes=True, replace_keys=[forced])
        if provider is None:
            return NO_DIFFERENCE if equal(old.inputs, new.inputs) else DiffResult(has_changes=True)
        try:
            diff = await provider.diff(
                Identity(new.urn, old.id),
                old.inputs,
                old.outputs,
                new.inputs,
                allow_unknowns=self._run.options.is_preview,
                ignore_changes=new.ignore_changes,
            )
        except DiffUnavailableError as unavailable:
            self._diagnostics.warning(str(unavailable), new.urn)
            return DiffResult(has_changes=True)
        return compare_inputs(old.inputs, new.inputs) if diff.has_changes is None else diff

    async def _forced_difference(self, old: ResourceState, new: ResourceState) -> str | None:
        if self.is_forced(new.urn, old):
            return "id"
        if any(urn in self._run.done.replaces for urn in new.replace_with):
            return "replaceWith"
        if new.deleted_with in self._run.done.replaces:
            return "deletedWith"
        return "provider" if await self._providers.has_changed(old, new) else None
