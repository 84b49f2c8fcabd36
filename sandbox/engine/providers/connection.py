"""The connection to one provider: introduction, configuration, end."""

import asyncio
from dataclasses import dataclass
from typing import TypeVar

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message

from sandbox.engine import urn as urns
from sandbox.engine.channels import Connection, RpcError
from sandbox.engine.properties.protobuf import EVERYTHING, Keep, from_struct, to_struct
from sandbox.engine.properties.values import Properties, annotate_secrets, has_unknowns
from sandbox.engine.providers.configuration import configuration_error, configuration_variables
from sandbox.engine.providers.faults import provider_error
from sandbox.engine.providers.model import (
    CheckFailure,
    CheckResult,
    DiffKind,
    DiffResult,
    Identity,
    PropertyDiff,
)
from sandbox.engine.rpc import plugin_pb2, provider_pb2

_PLAIN = Keep(unknowns=True)
_Answer = TypeVar("_Answer", bound=Message)


@dataclass(slots=True)
class Abilities:
    """What a provider understands."""

    secrets: bool = False
    resources: bool = False
    outputs: bool = False
    preview: bool = True


class ProviderConnection:
    """Speaks to one provider process, configured for one provider resource."""

    def __init__(self, connection: Connection, package: str) -> None:
        """Take a connection; nothing is asked yet."""
        self._connection = connection
        self.package = package
        self.abilities = Abilities()
        self._has_shaken_hands = False
        self._configured: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._configuring: asyncio.Task[None] | None = None

    async def ask(self, method: str, request: Message, answer: type[_Answer]) -> _Answer:
        """The provider's answer.

        Raises:
            RpcError: if it fails.
        """
        return await self._connection.call(f"/pulumirpc.ResourceProvider/{method}", request, answer)

    async def attach(self, engine_address: str) -> None:
        """Introduce the engine; providers that know no handshake say in Configure what they can."""
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=engine_address,
            configure_with_urn=True,
            supports_refresh_before_update=True,
            invoke_with_preview=True,
        )
        try:
            answer = await self.ask("Handshake", request, provider_pb2.ProviderHandshakeResponse)
            self.abilities = Abilities(answer.accept_secrets, answer.accept_resources, answer.accept_outputs)
            self._has_shaken_hands = True
        except RpcError as error:
            if error.code is not grpc.StatusCode.UNIMPLEMENTED:
                raise provider_error(error) from error
        try:
            await self.ask("Attach", plugin_pb2.PluginAttach(address=engine_address), empty_pb2.Empty)
        except RpcError as error:
            if error.code is not grpc.StatusCode.UNIMPLEMENTED:
                raise provider_error(error) from error

    async def check_config(self, urn: str, olds: Properties, news: Properties) -> CheckResult:
        """Validate a provider's configuration."""
        request = provider_pb2.CheckRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.type_of(urn),
            olds=to_struct(olds, _PLAIN),
            news=to_struct(news, _PLAIN),
        )
        try:
            answer = await self.ask("CheckConfig", request, provider_pb2.CheckResponse)
        except RpcError as error:
            if error.code is grpc.StatusCode.UNIMPLEMENTED:
                return CheckResult(news)
            raise provider_error(error) from error
        inputs = from_struct(answer.inputs, EVERYTHING)
        annotate_secrets(inputs, news)
        return CheckResult(inputs, [CheckFailure(f.property, f.reason) for f in answer.failures])

    async def diff_config(
        self, identity: Identity, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare two configurations of a provider."""
        request = provider_pb2.DiffRequest(
            urn=identity.urn,
            name=urns.name_of(identity.urn),
            type=urns.type_of(identity.urn),
            old_inputs=to_struct(old_inputs, _PLAIN),
            olds=to_struct(old_outputs, _PLAIN),
            news=to_struct(new_inputs, _PLAIN),
        )
        try:
            return read_diff(await self.ask("DiffConfig", request, provider_pb2.DiffResponse))
        except RpcError as error:
            if error.code is grpc.StatusCode.UNIMPLEMENTED:
                return DiffResult(has_changes=None)
            raise provider_error(error) from error

    def configure(self, urn: str, identity: str, inputs: Properties) -> None:
        """Begin to configure the provider; the first operation waits for the answer."""
        if any(has_unknowns(value) for value in inputs.values()):
            self._configured.set_result(False)
            return
        self._configuring = asyncio.create_task(self._configure(urn, identity, inputs))

    async def _configure(self, urn: str, identity: str, inputs: Properties) -> None:
        request = provider_pb2.ConfigureRequest(
            urn=urn,
            id=identity,
            name=urns.name_of(urn),
            type=urns.type_of(urn),
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            variables=configuration_variables(self.package, inputs),
            args=to_struct(inputs, Keep(unknowns=True, secrets=True, resources=True)),
        )
        try:
            answer = await self.ask("Configure", request, provider_pb2.ConfigureResponse)
        except RpcError as error:
            self._configured.set_exception(configuration_error(error))
            self._configured.exception()
            return
        if not self._has_shaken_hands:
            self.abilities = Abilities(
                answer.acceptSecrets, answer.acceptResources, answer.acceptOutputs, answer.supportsPreview
            )
        self._configured.set_result(True)

    async def is_known(self) -> bool:
        """Wait for the configuration and say whether all of it was known."""
        return await asyncio.shield(self._configured)

    def keep(self, *, unknowns: bool = False, elide_assets: bool = False) -> Keep:
        """What this provider understands."""
        return Keep(unknowns, self.abilities.secrets, self.abilities.resources, elide_assets=elide_assets)

    @property
    def accepts_outputs(self) -> bool:
        """Whether outputs may be sent with their dependencies."""
        return self.abilities.outputs

    async def cancel(self) -> None:
        """Ask the provider to end what it is doing."""
        try:
            await self.ask("Cancel", empty_pb2.Empty(), empty_pb2.Empty)
        except RpcError:
            return

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


def read_diff(answer: provider_pb2.DiffResponse) -> DiffResult:
    """A comparison as the provider answered it."""
    changes = {0: None, 1: False, 2: True}
    detailed = None
    if answer.hasDetailedDiff:
        detailed = {path: _read_property_diff(diff) for path, diff in sorted(answer.detailedDiff.items())}
    return DiffResult(
        changes[answer.changes],
        list(answer.replaces),
        list(answer.diffs),
        detailed,
        answer.deleteBeforeReplace,
    )


def _read_property_diff(diff: provider_pb2.PropertyDiff) -> PropertyDiff:
    name = provider_pb2.PropertyDiff.Kind.Name(diff.kind)
    return PropertyDiff(DiffKind(name.lower().replace("_", "-")), diff.inputDiff)
