"""Finds the provider that serves a resource."""

from sandbox.engine import urn as urns
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.providers.client import ProviderClient
from sandbox.engine.providers.model import Identity, Provider
from sandbox.engine.providers.registry import own_configuration
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.model import Goal
from sandbox.engine.steps.run import Run


class ProviderFinder:
    """Serves from the registry, loading recorded providers when they are needed."""

    def __init__(self, run: Run, diagnostics: Diagnostics) -> None:
        """Take the run."""
        self._run = run
        self._diagnostics = diagnostics

    async def find(self, urn: str, goal: Goal) -> Provider | None:
        """Who serves a goal; nobody serves a component.

        Raises:
            AlreadyReportedError: if its provider is not known.
        """
        if not goal.custom:
            return None
        return await self.serving(urn, goal.type, goal.provider)

    async def serving(self, urn: str, type_token: str, reference: str) -> Provider:
        """Who serves a custom resource.

        Raises:
            AlreadyReportedError: if its provider is not known.
        """
        if urns.is_provider_type(type_token):
            return self._run.registry
        servant = self._run.registry.find(reference)
        if servant is None and self._is_recorded(reference):
            await self.ensure(reference)
            self._carry_over(reference)
            servant = self._run.registry.find(reference)
        if servant is None:
            message = f"unknown provider '{reference}' for resource '{urn}'"
            self._diagnostics.error(message, urn)
            raise AlreadyReportedError(message)
        return servant

    def _is_recorded(self, reference: str) -> bool:
        provider_urn, identity = urns.split_reference(reference)
        old = self._run.olds.by_urn.get(provider_urn)
        return old is not None and old.id == identity

    def _carry_over(self, reference: str) -> None:
        old = self._run.olds.by_urn[urns.split_reference(reference)[0]]
        if not self._run.is_operated_on(old.urn):
            self._run.queued_sames.append(self._run.untargeted_same(old))

    async def ensure(self, reference: str) -> None:
        """Load a recorded provider if it does not serve yet.

        Raises:
            EngineError: if it is not recorded, or cannot be loaded.
        """
        if not reference or self._run.registry.find(reference) is not None:
            return
        provider_urn, identity = urns.split_reference(reference)
        for recorded in self._run.olds.resources:
            if recorded.urn == provider_urn and recorded.id == identity:
                await self._run.registry.same(recorded, from_check=False)
                return
        raise EngineError(f"unknown provider '{reference}'")

    async def has_changed(self, old: ResourceState, new: ResourceState) -> bool:
        """Whether another provider serves a resource now that cannot take it over.

        Raises:
            EngineError: if the new provider does not serve.
        """
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        old_urn, new_urn = old.provider_urn, new.provider_urn
        if self._run.aliased.get(old_urn) == new_urn:
            return False
        servant = self._run.registry.find(new.provider)
        if servant is None:
            raise EngineError(f'failed to resolve provider reference: "{new.provider}"')
        recorded, wanted = self._run.olds.by_urn.get(old_urn), self._run.providers.get(new_urn)
        if not isinstance(servant, ProviderClient) or recorded is None or wanted is None:
            return False
        diff = await servant.diff_config(
            Identity(new_urn),
            own_configuration(recorded.inputs),
            recorded.outputs,
            own_configuration(wanted.inputs),
        )
        return diff.must_replace
