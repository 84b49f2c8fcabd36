"""Provider resources: they are checked, compared and made like others, and then serve the rest."""

from typing import TypeAlias
from uuid import uuid4

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.properties.values import UNKNOWN_STRING, Properties, Property, equal
from sandbox.engine.providers.builtin import BuiltinProvider
from sandbox.engine.providers.client import ProviderClient
from sandbox.engine.providers.host import ProviderHost
from sandbox.engine.providers.model import CheckResult, DiffResult, Identity, Made, Provider
from sandbox.engine.state.resource import ResourceState

# The engine's own settings of a provider, kept apart from those of the provider (providers/registry.go).
INTERNAL_KEY = "__internal"
_UNCONFIGURED = "unconfigured"

Servant: TypeAlias = ProviderClient | BuiltinProvider


def with_version(inputs: Properties, version: str, download_url: str) -> Properties:
    """A provider's inputs with the plugin that is wanted."""
    if not version and not download_url:
        return inputs
    internal = inputs.get(INTERNAL_KEY)
    wanted: Properties = {**inputs, INTERNAL_KEY: dict(internal) if isinstance(internal, dict) else {}}
    if version:
        wanted["version"] = version
    if download_url:
        wanted[INTERNAL_KEY] = {**_internal(wanted), "pluginDownloadURL": download_url}
    return wanted


def _internal(inputs: Properties) -> dict[str, Property]:
    internal = inputs.get(INTERNAL_KEY)
    return internal if isinstance(internal, dict) else {}


def own_configuration(inputs: Properties) -> Properties:
    """A provider's inputs without the engine's own settings."""
    return {key: value for key, value in inputs.items() if key != INTERNAL_KEY}


class ProviderRegistry:
    """The configured providers of a run, by reference."""

    def __init__(self, host: ProviderHost, builtin: BuiltinProvider) -> None:
        """Take where providers are found and the engine's own one."""
        self._host = host
        self._builtin = builtin
        self._serving: dict[str, Servant] = {}
        self._aliases: dict[str, str] = {}

    def find(self, reference: str) -> Servant | None:
        """The provider that a reference names."""
        return self._serving.get(reference)

    def register_alias(self, urn: str, alias: str) -> None:
        """Let a provider be found under its former name too."""
        if urn != alias:
            self._aliases[urn] = alias

    def _serve(self, urn: str, identity: str, servant: Servant) -> None:
        self._serving[urns.join_reference(urn, identity)] = servant
        if alias := self._aliases.get(urn):
            self._serving[urns.join_reference(alias, identity)] = servant

    def _take_unconfigured(self, urn: str) -> Servant | None:
        return self._serving.pop(urns.join_reference(urn, _UNCONFIGURED), None)

    async def _load(self, urn: str, inputs: Properties) -> Servant:
        package = urns.provider_package(urns.type_of(urn))
        if package == "pulumi":
            return self._builtin
        return await self._host.open(package, str(inputs.get("version") or ""))

    async def check(
        self, urn: str, olds: Properties, news: Properties, *, allow_unknowns: bool, random_seed: bytes
    ) -> CheckResult:
        """Load the provider and have it validate its configuration."""
        del allow_unknowns, random_seed
        servant = await self._load(urn, news)
        if isinstance(servant, BuiltinProvider):
            self._serve(urn, _UNCONFIGURED, servant)
            return CheckResult({})
        result = await servant.check_config(urn, own_configuration(olds), own_configuration(news))
        if result.failures:
            return result
        self._serve(urn, _UNCONFIGURED, servant)
        inputs = dict(result.inputs)
        if "version" in news:
            inputs.setdefault("version", news["version"])
        if INTERNAL_KEY in news:
            inputs[INTERNAL_KEY] = news[INTERNAL_KEY]
        return CheckResult(inputs)

    async def diff(
        self,
        identity: Identity,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        allow_unknowns: bool,
        ignore_changes: list[str],
    ) -> DiffResult:
        """Have the provider compare two configurations of itself."""
        del allow_unknowns, ignore_changes
        reference = urns.join_reference(identity.urn, _UNCONFIGURED)
        servant = self.find(reference) or self.find(urns.join_reference(identity.urn, identity.id))
        if not isinstance(servant, ProviderClient):
            return DiffResult(has_changes=False)
        news = own_configuration(new_inputs)
        result = await servant.diff_config(identity, own_configuration(old_inputs), old_outputs, news)
        if result.has_changes is None:
            return DiffResult(has_changes=not equal(old_outputs, news), replace_keys=result.replace_keys)
        return result

    async def same(self, state: ResourceState, *, from_check: bool) -> None:
        """Serve with a provider as it is recorded.

        Raises:
            EngineError: if it cannot be loaded.
        """
        if not state.id or state.id == UNKNOWN_STRING:
            raise EngineError(f"provider '{state.urn}' has an unknown ID")
        if self.find(urns.join_reference(state.urn, state.id)) is not None:
            return
        servant = (self._take_unconfigured(state.urn) if from_check else None) or await self._load(
            state.urn, state.inputs
        )
        self._configure(servant, state.urn, state.id, state.inputs)

    def _configure(self, servant: Servant, urn: str, identity: str, inputs: Properties) -> None:
        if isinstance(servant, ProviderClient):
            servant.configure(urn, identity, own_configuration(inputs))
        self._serve(urn, identity, servant)

    async def create(self, urn: str, inputs: Properties, *, timeout_seconds: float, is_preview: bool) -> Made:
        """Configure the provider and let it serve."""
        del timeout_seconds
        servant = self._take_unconfigured(urn) or await self._load(urn, inputs)
        identity = UNKNOWN_STRING if is_preview else str(uuid4())
        self._configure(servant, urn, identity, inputs)
        return Made(identity, own_configuration(inputs))

    async def update(
        self,
        identity: Identity,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        timeout_seconds: float,
        ignore_changes: list[str],
        is_preview: bool,
    ) -> Made:
        """Serve with another configuration from now on."""
        del old_inputs, old_outputs, timeout_seconds, ignore_changes, is_preview
        servant = self._take_unconfigured(identity.urn) or await self._load(identity.urn, new_inputs)
        self._configure(servant, identity.urn, identity.id, new_inputs)
        return Made(identity.id, own_configuration(new_inputs))

    async def read(
        self, identity: Identity, inputs: Properties, state: Properties, *, timeout_seconds: float
    ) -> Made:
        """Provider resources cannot be read."""
        del identity, inputs, state, timeout_seconds
        raise EngineError("provider resources may not be read")

    async def delete(
        self, identity: Identity, inputs: Properties, outputs: Properties, *, timeout_seconds: float
    ) -> None:
        """Serve no longer."""
        del inputs, outputs, timeout_seconds
        self._serving.pop(urns.join_reference(identity.urn, identity.id), None)

    async def cancel(self) -> None:
        """Ask every provider to end what it is doing."""
        await self._host.cancel()

    async def close(self) -> None:
        """Close every connection."""
        await self._host.close()


def as_provider(servant: Servant | ProviderRegistry) -> Provider:
    """Any of them, as what serves resources."""
    return servant
