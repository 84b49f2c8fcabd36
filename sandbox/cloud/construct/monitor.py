"""The engine's resource monitor, as a component provider speaks to it.

Source: `proto/pulumi/resource.proto` of the Pulumi SDK.
"""

# grpc-stubs leaves the type parameters of its channel functions open
# pyright: reportUnknownMemberType=false

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import grpc.aio
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, resource_pb2

from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.wire.structs import properties_from, struct_of
from sandbox.cloud.wire.values import UNKNOWN, Properties, Reference, Unknown, Value, revealed_properties

_SERVICE = "/pulumirpc.ResourceMonitor"
_LONGEST_MESSAGE_BYTES = 400 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Child:
    """A registered resource: its URN, its id (unknown in a preview, empty for a component), its outputs."""

    urn: str
    id: str | Unknown
    outputs: Properties

    def __getitem__(self, name: str) -> Value:
        """An output; unknown where a preview cannot tell it."""
        return self.outputs.get(name, UNKNOWN if self.id is UNKNOWN else None)

    @property
    def reference(self) -> Reference:
        """The resource as a value."""
        return Reference(self.urn, self.id)


@dataclass(frozen=True, slots=True)
class Options:
    """How a child is registered.

    Attributes:
        parent: the URN of its parent.
        provider: the provider instance's reference; absent: the default one.
        version: the version of the package that the default provider is asked for.
        depends_on: what it needs beside its inputs.
        ignore_changes: properties whose changes mean nothing.
    """

    parent: str
    provider: str = ""
    version: str = ""
    depends_on: tuple[Child | Reference, ...] = ()
    ignore_changes: tuple[str, ...] = ()


class _Calls:
    """The monitor's calls that a component needs, typed."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.register: Callable[
            [resource_pb2.RegisterResourceRequest], Awaitable[resource_pb2.RegisterResourceResponse]
        ] = channel.unary_unary(
            f"{_SERVICE}/RegisterResource",
            resource_pb2.RegisterResourceRequest.SerializeToString,
            resource_pb2.RegisterResourceResponse.FromString,
        )
        self.finish: Callable[[resource_pb2.RegisterResourceOutputsRequest], Awaitable[Empty]] = (
            channel.unary_unary(
                f"{_SERVICE}/RegisterResourceOutputs",
                resource_pb2.RegisterResourceOutputsRequest.SerializeToString,
                Empty.FromString,
            )
        )
        self.invoke: Callable[
            [resource_pb2.ResourceInvokeRequest], Awaitable[provider_pb2.InvokeResponse]
        ] = channel.unary_unary(
            f"{_SERVICE}/Invoke",
            resource_pb2.ResourceInvokeRequest.SerializeToString,
            provider_pb2.InvokeResponse.FromString,
        )


class Monitor:
    """Registers a component's children with the engine that asked for the component."""

    def __init__(self, request: provider_pb2.ConstructRequest, channel: grpc.aio.Channel) -> None:
        self.request = request
        self._calls = _Calls(channel)
        needed = {urn for item in request.inputDependencies.values() for urn in item.urns}
        self._needed_by_inputs = sorted(needed | set(request.dependencies))

    async def component(self, type_: str, name: str, parent: str) -> Child:
        """Register a component."""
        return await self._register(type_, name, {}, Options(parent), is_custom=False)

    async def custom(self, type_: str, name: str, inputs: Properties, options: Options) -> Child:
        """Register a custom resource and wait until it stands."""
        given: Properties = {key: value for key, value in inputs.items() if value is not None}
        return await self._register(type_, name, given, options, is_custom=True)

    async def finish(self, component: Child, outputs: Properties) -> None:
        """Tell the engine a component's outputs."""
        await self._calls.finish(
            resource_pb2.RegisterResourceOutputsRequest(urn=component.urn, outputs=struct_of(outputs))
        )

    async def invoke(self, token: str, arguments: Properties, options: Options) -> Properties:
        """Call a function of a provider."""
        answer = await self._calls.invoke(
            resource_pb2.ResourceInvokeRequest(
                tok=token,
                args=struct_of(arguments),
                provider=options.provider,
                version=options.version,
                acceptResources=True,
            )
        )
        if answer.failures:
            raise CloudError("; ".join(failure.reason for failure in answer.failures))
        return properties_from(getattr(answer, "return"))

    async def state_of(self, reference: Reference) -> Properties:
        """The outputs of a resource that the program handed over."""
        found = await self.invoke("pulumi:pulumi:getResource", {"urn": reference.urn}, Options(parent=""))
        state = found.get("state")
        return revealed_properties(state) if isinstance(state, dict) else {}

    async def _register(
        self, type_: str, name: str, inputs: Properties, options: Options, *, is_custom: bool
    ) -> Child:
        needed = sorted({*self._needed_by_inputs, *(item.urn for item in options.depends_on)})
        answer = await self._calls.register(
            resource_pb2.RegisterResourceRequest(
                type=type_,
                name=name,
                parent=options.parent,
                custom=is_custom,
                object=struct_of(inputs),
                protect=self.request.protect,
                dependencies=needed if is_custom else [],
                propertyDependencies=_property_dependencies(inputs, needed) if is_custom else {},
                provider=options.provider,
                providers=dict(self.request.providers) if not is_custom else {},
                version=options.version,
                ignoreChanges=options.ignore_changes,
                acceptSecrets=True,
                acceptResources=True,
                supportsPartialValues=True,
            )
        )
        id_: str | Unknown = answer.id if answer.id or not is_custom else UNKNOWN
        return Child(answer.urn, id_, revealed_properties(properties_from(answer.object)))


def open_channel(address: str) -> grpc.aio.Channel:
    """A channel to an engine's monitor."""
    return grpc.aio.insecure_channel(
        address, options=(("grpc.max_receive_message_length", _LONGEST_MESSAGE_BYTES),)
    )


def _property_dependencies(
    inputs: Properties, needed: Iterable[str]
) -> dict[str, resource_pb2.RegisterResourceRequest.PropertyDependencies]:
    urns = list(needed)
    return {name: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns) for name in inputs}
