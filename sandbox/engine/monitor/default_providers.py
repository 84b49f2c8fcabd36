"""Providers that the engine makes when a program names none."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.properties.values import Properties, Secret
from sandbox.engine.providers.registry import with_version
from sandbox.engine.state.json_values import Json
from sandbox.engine.steps.model import Goal, Registered
from sandbox.engine.workspace.config import ConfigEntry

DENIED = "denydefaultprovider"
_DISABLED = "pulumi:disable-default-providers"

Register = Callable[[Goal], Awaitable[Registered]]


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """The plugin that a request wants."""

    package: str
    version: str = ""
    download_url: str = ""

    @property
    def default_name(self) -> str:
        """The name of the default provider for it."""
        name = "default"
        if self.version:
            name += "_" + "_".join(self.version.replace("-", ".").replace("+", ".").split("."))
        if self.download_url:
            name += "_" + "".join(char if char.isalnum() else "_" for char in self.download_url)
        return name


class DefaultProviders:
    """One default provider for each plugin, made when first needed."""

    def __init__(self, config: Mapping[str, ConfigEntry], register: Register) -> None:
        """Take the stack's configuration, which configures them too."""
        self._config = config
        self._register = register
        self._made: dict[ProviderRequest, asyncio.Task[str]] = {}

    async def reference(self, request: ProviderRequest) -> str:
        """The default provider for a request.

        Raises:
            EngineError: if the configuration forbids default providers of the package.
        """
        if self._is_denied(request.package):
            return DENIED
        if request not in self._made:
            self._made[request] = asyncio.create_task(self._make(request))
        return await asyncio.shield(self._made[request])

    def _is_denied(self, package: str) -> bool:
        entry = self._config.get(_DISABLED)
        if package == "pulumi" or entry is None or not entry.value:
            return False
        barred = cast("Json", json.loads(entry.value))
        if not isinstance(barred, list):
            raise EngineError(f"Failed to parse {entry.value}: expected a list")
        return any(str(item).strip() in ("*", package) for item in barred)

    async def _make(self, request: ProviderRequest) -> str:
        goal = Goal(
            type=urns.provider_type(request.package),
            name=request.default_name,
            custom=True,
            properties=with_version(
                self._configuration(request.package), request.version, request.download_url
            ),
        )
        registered = await self._register(goal)
        return urns.join_reference(registered.state.urn, registered.state.id)

    def _configuration(self, package: str) -> Properties:
        settings: Properties = {}
        for key, entry in self._config.items():
            namespace, _, name = key.partition(":")
            if namespace == package:
                settings[name] = Secret(entry.value) if entry.is_secret else entry.value
        return settings
