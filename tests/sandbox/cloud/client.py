"""A provider spoken to over gRPC, as an engine does, with plain values on this side."""

from dataclasses import dataclass

import grpc.aio
from pulumi.runtime.proto import provider_pb2 as rpc
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.cloud.wire.structs import properties_from, struct_of
from sandbox.cloud.wire.values import Properties, text_of


@dataclass(frozen=True)
class Standing:
    """A resource as an engine's state holds it."""

    type: str
    name: str
    id: str
    inputs: Properties
    outputs: Properties

    def text(self, name: str) -> str:
        """An output's text."""
        return text_of(self.outputs, name)


class RefusedInputsError(Exception):
    """A check failed; the failures by property."""

    def __init__(self, failures: dict[str, str]) -> None:
        super().__init__(str(failures))
        self.failures = failures


def urn_of(type_: str, name: str) -> str:
    """The URN of a resource of the stack that these tests play."""
    return f"urn:pulumi:dev::tests::{type_}::{name}"


class Engine:
    """One engine's connection to one provider instance."""

    def __init__(self, port: int) -> None:
        # a pool of its own gives a connection of its own: that is how instances are told apart
        options = (("grpc.use_local_subchannel_pool", 1),)
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options)
        self.stub = ResourceProviderStub(self.channel)

    async def configure(self, **settings: object) -> None:
        """Configure the provider instance."""
        await self.stub.Configure(rpc.ConfigureRequest(args=struct_of(dict(settings))))

    async def check(
        self, type_: str, name: str, inputs: Properties, olds: Properties | None = None, seed: bytes = b"seed"
    ) -> Properties:
        """Check inputs; raises RefusedInputsError."""
        answer = await self.stub.Check(
            rpc.CheckRequest(
                urn=urn_of(type_, name), news=struct_of(inputs), olds=struct_of(olds or {}), randomSeed=seed
            )
        )
        if answer.failures:
            raise RefusedInputsError({item.property: item.reason for item in answer.failures})
        return properties_from(answer.inputs)

    async def create(self, type_: str, label: str, /, **inputs: object) -> Standing:
        """Check and create, as an engine does."""
        checked = await self.check(type_, label, dict(inputs), seed=label.encode())
        request = rpc.CreateRequest(urn=urn_of(type_, label), properties=struct_of(checked))
        made = await self.stub.Create(request)
        return Standing(type_, label, made.id, checked, properties_from(made.properties))

    async def preview(self, type_: str, label: str, /, **inputs: object) -> Properties:
        """Check and create in a preview."""
        checked = await self.check(type_, label, dict(inputs))
        request = rpc.CreateRequest(urn=urn_of(type_, label), properties=struct_of(checked), preview=True)
        return properties_from((await self.stub.Create(request)).properties)

    async def diff(self, old: Standing, /, **inputs: object) -> rpc.DiffResponse:
        """Check and compare new inputs with what stands."""
        checked = await self.check(old.type, old.name, dict(inputs), old.inputs)
        return await self.stub.Diff(
            rpc.DiffRequest(
                id=old.id,
                urn=urn_of(old.type, old.name),
                olds=struct_of(old.outputs),
                old_inputs=struct_of(old.inputs),
                news=struct_of(checked),
            )
        )

    async def update(self, old: Standing, /, **inputs: object) -> Standing:
        """Check and update in place."""
        checked = await self.check(old.type, old.name, dict(inputs), old.inputs)
        answer = await self.stub.Update(
            rpc.UpdateRequest(
                id=old.id,
                urn=urn_of(old.type, old.name),
                olds=struct_of(old.outputs),
                old_inputs=struct_of(old.inputs),
                news=struct_of(checked),
            )
        )
        return Standing(old.type, old.name, old.id, checked, properties_from(answer.properties))

    async def read(self, old: Standing) -> Standing | None:
        """Refresh what stands."""
        answer = await self.stub.Read(
            rpc.ReadRequest(
                id=old.id,
                urn=urn_of(old.type, old.name),
                properties=struct_of(old.outputs),
                inputs=struct_of(old.inputs),
            )
        )
        if not answer.id:
            return None
        inputs, outputs = properties_from(answer.inputs), properties_from(answer.properties)
        return Standing(old.type, old.name, answer.id, inputs, outputs)

    async def find(self, type_: str, id_: str) -> Standing | None:
        """Import by id."""
        answer = await self.stub.Read(rpc.ReadRequest(id=id_, urn=urn_of(type_, "imported")))
        if not answer.id:
            return None
        inputs, outputs = properties_from(answer.inputs), properties_from(answer.properties)
        return Standing(type_, "imported", answer.id, inputs, outputs)

    async def delete(self, old: Standing) -> None:
        """Delete what stands."""
        await self.stub.Delete(
            rpc.DeleteRequest(id=old.id, urn=urn_of(old.type, old.name), properties=struct_of(old.outputs))
        )

    async def invoke(self, token: str, /, **arguments: object) -> Properties:
        """Call a function; raises RefusedInputsError."""
        answer = await self.stub.Invoke(rpc.InvokeRequest(tok=token, args=struct_of(dict(arguments))))
        if answer.failures:
            raise RefusedInputsError({item.property: item.reason for item in answer.failures})
        return properties_from(getattr(answer, "return"))
