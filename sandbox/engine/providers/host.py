"""Finds providers: those that run already and are attached by address."""

from collections.abc import Mapping

from sandbox.engine.channels import Connection
from sandbox.engine.errors import EngineError
from sandbox.engine.providers.client import ProviderClient
from sandbox.engine.providers.ports import ATTACH_VARIABLE


class ProviderHost:
    """Opens connections to providers and ends them all together."""

    def __init__(self, ports: Mapping[str, int], engine_address: str) -> None:
        """Take where providers listen and where they find the engine."""
        self._ports = ports
        self._engine_address = engine_address
        self._clients: list[ProviderClient] = []

    async def open(self, package: str, version: str) -> ProviderClient:
        """A new connection to a package's provider.

        Raises:
            EngineError: if there is none.
        """
        port = self._ports.get(package)
        if port is None:
            wanted = f"-{version}" if version else ""
            raise EngineError(
                f"no resource plugin 'pulumi-resource-{package}{wanted}' found in the workspace "
                "or on your $PATH; "
                f"the sandbox's engine uses the providers attached by {ATTACH_VARIABLE}"
            )
        client = ProviderClient(Connection(f"127.0.0.1:{port}"), package)
        self._clients.append(client)
        try:
            await client.attach(self._engine_address)
        except EngineError as error:
            raise EngineError(f"could not attach to provider '{package}' on port {port}: {error}") from error
        return client

    async def cancel(self) -> None:
        """Ask every provider to end what it is doing."""
        for client in self._clients:
            await client.cancel()

    async def close(self) -> None:
        """Close every connection."""
        for client in self._clients:
            await client.close()
