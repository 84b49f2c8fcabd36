"""What the monitor knows of a running program."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.engine.errors import EngineError
from sandbox.engine.execution.hooks import HookRunner
from sandbox.engine.monitor.callbacks import Callbacks
from sandbox.engine.monitor.default_providers import DENIED, DefaultProviders, ProviderRequest
from sandbox.engine.monitor.source import SourcePositions
from sandbox.engine.monitor.transforms import Transforms
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.client import ProviderClient
from sandbox.engine.providers.components import RunInfo
from sandbox.engine.providers.registry import Servant
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.model import Goal, Registered
from sandbox.engine.steps.run import Run
from sandbox.engine.workspace.config import ConfigEntry

Register = Callable[[Goal, str], Awaitable[Registered]]
RegisterOutputs = Callable[[str, Properties], Awaitable[None]]


@dataclass(slots=True)
class Session:
    """The program's side of a run: packages, default providers, transforms, parents."""

    run: Run
    info: RunInfo
    root: Path
    config: Mapping[str, ConfigEntry]
    register: Register
    register_outputs: RegisterOutputs
    diagnostics: Diagnostics
    callbacks: Callbacks
    hooks: HookRunner
    abort: Callable[[EngineError], None]
    default_providers: DefaultProviders = field(init=False)
    transforms: Transforms = field(init=False)
    positions: SourcePositions = field(init=False)
    goals: dict[str, Goal] = field(default_factory=dict[str, Goal])
    component_providers: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    packages: dict[str, ProviderRequest] = field(default_factory=dict[str, ProviderRequest])
    program_waits: asyncio.Event = field(default_factory=asyncio.Event)
    may_shut_down: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Start without resources."""
        self.default_providers = DefaultProviders(self.config, lambda goal: self.register(goal, ""))
        self.transforms = Transforms(self.callbacks)
        self.positions = SourcePositions(self.root)

    def inherited_provider(self, provider: str, given: Mapping[str, str], parent: str, package: str) -> str:
        """The provider that a request names, or that its parent hands down; empty for the default one."""
        if provider:
            return provider
        if package in given:
            return given[package]
        return self.component_providers.get(parent, {}).get(package, "")

    def provider_request(self, package: str, version: str, url: str, package_ref: str) -> ProviderRequest:
        """The plugin that a request wants.

        Raises:
            EngineError: if it names a package that was not registered.
        """
        if not package_ref:
            return ProviderRequest(package, version, url.rstrip("/"))
        if package_ref not in self.packages:
            raise EngineError(f"unknown provider package '{package_ref}'")
        return self.packages[package_ref]

    async def reference(self, provider: str, request: ProviderRequest) -> str:
        """The provider that serves a request."""
        return provider or await self.default_providers.reference(request)

    async def serving(self, provider: str, request: ProviderRequest, token: str, action: str) -> Servant:
        """Who serves a function or a component.

        Raises:
            EngineError: if nobody does.
        """
        reference = await self.reference(provider, request)
        if reference == DENIED:
            raise EngineError(
                f"Default provider for '{request.package}' disabled. '{token}' must use an explicit provider."
            )
        servant = self.run.registry.find(reference)
        if servant is None:
            raise EngineError(f"{action}: unknown provider '{provider}' -> '{reference}'")
        return servant


def as_client(servant: Servant, what: str) -> ProviderClient:
    """A provider that is a process of its own.

    Raises:
        EngineError: if it is the engine's own one.
    """
    if not isinstance(servant, ProviderClient):
        raise EngineError(f"the builtin provider does not implement {what}")
    return servant
