"""The provider protocol over gRPC: messages in, plain values to a provider, messages out.

Source: `proto/pulumi/provider.proto` and `proto/pulumi/plugin.proto` of the Pulumi SDK.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, status_pb2
from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.provider import messages
from sandbox.cloud.provider.errors import CloudError, ConnectionLostError, InitializationError
from sandbox.cloud.provider.model import (
    CreateCall,
    DeleteCall,
    Made,
    Provider,
    ReadCall,
    Session,
    UpdateCall,
)
from sandbox.cloud.wire.structs import properties_from, struct_of
from sandbox.cloud.wire.values import Properties, revealed_properties

_T = TypeVar("_T")
Context = grpc.aio.ServicerContext[Message, Message]
_OutputsFrom = Callable[[str, Properties, Struct], Struct]


class ProviderService:
    """Serves one package to any number of engines, each with any number of provider instances."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._sessions: dict[str, Session] = {}

    async def handshake(
        self, _request: rpc.ProviderHandshakeRequest, _context: Context
    ) -> rpc.ProviderHandshakeResponse:
        """Agree on what both sides understand."""
        return rpc.ProviderHandshakeResponse(
            accept_secrets=True,
            accept_resources=self._provider.accepts_references,
            accept_outputs=False,
            supports_autonaming_configuration=True,
        )

    async def attach(self, _request: plugin_pb2.PluginAttach, _context: Context) -> Empty:
        """Let an engine attach; it needs nothing of us."""
        return Empty()

    async def get_plugin_info(self, _request: Empty, _context: Context) -> plugin_pb2.PluginInfo:
        """Name the version of the SDK package that the provider goes with."""
        return plugin_pb2.PluginInfo(version=self._provider.version)

    async def cancel(self, _request: Empty, _context: Context) -> Empty:
        """Note that the engine wants to stop: what runs is let run, as the AWS provider does."""
        return Empty()

    async def check_config(self, request: rpc.CheckRequest, _context: Context) -> rpc.CheckResponse:
        """Check a provider instance's settings."""
        news = properties_from(request.news)
        return messages.check_response(self._provider.check_configuration(revealed_properties(news)), news)

    async def diff_config(self, request: rpc.DiffRequest, _context: Context) -> rpc.DiffResponse:
        """Compare a provider instance's settings."""
        call = messages.diff_call_from(request)
        return messages.diff_response(
            self._provider.diff_configuration(call.old_inputs or call.old_outputs, call.news)
        )

    async def configure(self, request: rpc.ConfigureRequest, context: Context) -> rpc.ConfigureResponse:
        """Take a provider instance's settings and remember them for its connection."""
        settings = revealed_properties(properties_from(request.args))
        self._sessions[context.peer()] = Session(context.peer(), request.urn, settings)
        return rpc.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=self._provider.accepts_references,
            supports_autonaming_configuration=True,
        )

    async def check(self, request: rpc.CheckRequest, context: Context) -> rpc.CheckResponse:
        """Check a resource's inputs."""
        call = messages.check_call_from(request)
        checked = self._provider.check(self._session(context), call)
        return messages.check_response(checked, properties_from(request.news))

    async def diff(self, request: rpc.DiffRequest, context: Context) -> rpc.DiffResponse:
        """Compare a resource with its new inputs."""
        call = messages.diff_call_from(request)
        return messages.diff_response(self._provider.diff(self._session(context), call))

    async def create(self, request: rpc.CreateRequest, context: Context) -> rpc.CreateResponse:
        """Make a resource."""
        target = messages.target_of(request.urn)
        inputs = properties_from(request.properties)
        call = CreateCall(target, revealed_properties(inputs), request.preview)
        made = await self._answered(
            self._provider.create(self._session(context), call), context, inputs, target.type
        )
        return rpc.CreateResponse(id=made.id, properties=self._outputs(made, inputs, target.type))

    async def read(self, request: rpc.ReadRequest, context: Context) -> rpc.ReadResponse:
        """Look a resource up."""
        target = messages.target_of(request.urn)
        outputs, inputs = properties_from(request.properties), properties_from(request.inputs)
        call = ReadCall(target, request.id, revealed_properties(outputs), revealed_properties(inputs))
        found = await self._answered(
            self._provider.read(self._session(context), call), context, outputs, target.type
        )
        if found is None:
            return rpc.ReadResponse()
        return rpc.ReadResponse(
            id=found.id,
            properties=self._outputs(found, outputs, target.type),
            inputs=struct_of(
                messages.outputs_of(found.inputs, inputs, self._provider.secret_outputs(target.type))
            ),
        )

    async def update(self, request: rpc.UpdateRequest, context: Context) -> rpc.UpdateResponse:
        """Change a resource in place."""
        target = messages.target_of(request.urn)
        news = properties_from(request.news)
        call = UpdateCall(
            target=target,
            id=request.id,
            old_outputs=revealed_properties(properties_from(request.olds)),
            old_inputs=revealed_properties(properties_from(request.old_inputs)),
            news=revealed_properties(news),
            is_preview=request.preview,
            ignored=tuple(request.ignoreChanges),
        )
        made = await self._answered(
            self._provider.update(self._session(context), call), context, news, target.type
        )
        return rpc.UpdateResponse(properties=self._outputs(made, news, target.type))

    async def delete(self, request: rpc.DeleteRequest, context: Context) -> Empty:
        """Delete a resource."""
        target = messages.target_of(request.urn)
        call = DeleteCall(target, request.id, revealed_properties(properties_from(request.properties)))
        await self._answered(self._provider.delete(self._session(context), call), context, {}, target.type)
        return Empty()

    async def invoke(self, request: rpc.InvokeRequest, context: Context) -> rpc.InvokeResponse:
        """Answer a function call."""
        arguments = revealed_properties(properties_from(request.args))
        work = self._provider.invoke(self._session(context), request.tok, arguments)
        answer = await self._answered(work, context, {}, "")
        failures = [rpc.CheckFailure(property=item.property, reason=item.reason) for item in answer.failures]
        return rpc.InvokeResponse(**{"return": struct_of(answer.result)}, failures=failures)

    async def construct(self, request: rpc.ConstructRequest, context: Context) -> rpc.ConstructResponse:
        """Make a component's children."""
        return await self._answered(self._provider.construct(request), context, {}, "")

    def _session(self, context: Context) -> Session:
        peer = context.peer()
        return self._sessions.get(peer) or Session(peer)

    def _outputs(self, made: Made, inputs: Properties, type_: str) -> Struct:
        return struct_of(messages.outputs_of(made.outputs, inputs, self._provider.secret_outputs(type_)))

    async def _answered(self, work: Awaitable[_T], context: Context, inputs: Properties, type_: str) -> _T:
        try:
            return await work
        except InitializationError as error:
            made = Made(error.id, error.outputs)
            detail = rpc.ErrorResourceInitFailed(
                id=error.id,
                properties=self._outputs(made, inputs, type_),
                reasons=error.reasons,
                inputs=struct_of(error.inputs),
            )
            await context.abort(grpc.StatusCode.UNKNOWN, str(error), _status_details(str(error), detail))
        except ConnectionLostError as error:
            await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        except CloudError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _status_details(text: str, detail: Message) -> tuple[tuple[str, bytes], ...]:
    packed = AnyMessage()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=text, details=[packed])
    return (("grpc-status-details-bin", status.SerializeToString()),)
