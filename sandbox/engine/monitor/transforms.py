"""Transforms: functions of the program that change what is registered or invoked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from sandbox.engine.monitor.callbacks import Callbacks
from sandbox.engine.properties.protobuf import EVERYTHING, from_struct, to_struct
from sandbox.engine.properties.values import Properties
from sandbox.engine.rpc import callback_pb2, resource_pb2


@dataclass(slots=True)
class Transforms:
    """The transforms of the stack, of resources and, during its construction, of a component."""

    callbacks: Callbacks
    stack: list[callback_pb2.Callback] = field(default_factory=list)
    invokes: list[callback_pb2.Callback] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict[str, str])
    _of_resource: defaultdict[str, list[callback_pb2.Callback]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _pending: dict[tuple[str, str, str], list[callback_pb2.Callback]] = field(default_factory=dict)

    def own(self, request: resource_pb2.RegisterResourceRequest) -> list[callback_pb2.Callback]:
        """The transforms given with a registration.

        A remote component is registered twice: by the program, and by the provider that constructs it. Its
        transforms are kept for the second.
        """
        key = (request.parent, request.type, request.name)
        if key in self._pending:
            return self._pending.pop(key)
        given = list(cast("Iterable[callback_pb2.Callback]", request.transforms))
        if request.remote and given:
            self._pending[key] = given
        return given

    def remember(self, urn: str, parent: str, own: list[callback_pb2.Callback]) -> None:
        """Let a resource's transforms apply to its children too."""
        self.parents[urn] = parent
        self._of_resource[urn] = own

    def _inherited(self, parent: str) -> Iterator[callback_pb2.Callback]:
        while parent:
            yield from self._of_resource.get(parent, ())
            parent = self.parents.get(parent, "")
        yield from self.stack

    async def apply(
        self,
        request: resource_pb2.RegisterResourceRequest,
        own: list[callback_pb2.Callback],
        properties: Properties,
        options: resource_pb2.TransformResourceOptions,
    ) -> tuple[Properties, resource_pb2.TransformResourceOptions]:
        """Run a registration through its transforms, its parents' and the stack's."""
        for callback in [*own, *self._inherited(request.parent)]:
            asked = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=to_struct(properties, EVERYTHING),
                options=options,
            )
            answer = resource_pb2.TransformResponse.FromString(
                await self.callbacks.invoke(callback, asked.SerializeToString())
            )
            if answer.HasField("properties"):
                properties = from_struct(answer.properties, EVERYTHING)
            if answer.HasField("options"):
                options = answer.options
        return properties, options

    async def apply_to_invoke(
        self, token: str, args: Properties, options: resource_pb2.TransformInvokeOptions
    ) -> tuple[Properties, resource_pb2.TransformInvokeOptions]:
        """Run a function call through the stack's transforms."""
        for callback in self.invokes:
            asked = resource_pb2.TransformInvokeRequest(
                token=token, args=to_struct(args, EVERYTHING), options=options
            )
            answer = resource_pb2.TransformInvokeResponse.FromString(
                await self.callbacks.invoke(callback, asked.SerializeToString())
            )
            if answer.HasField("args"):
                args = from_struct(answer.args, EVERYTHING)
            if answer.HasField("options"):
                options = answer.options
        return args, options
