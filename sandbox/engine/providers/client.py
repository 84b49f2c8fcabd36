"""A provider at the other end of a gRPC connection: its resources and functions."""

from google.protobuf import empty_pb2, struct_pb2

from sandbox.engine import urn as urns
from sandbox.engine.channels import RpcError
from sandbox.engine.properties.protobuf import Keep, from_struct, to_struct
from sandbox.engine.properties.values import Properties, Secret, annotate_secrets, has_secrets
from sandbox.engine.providers.connection import ProviderConnection, read_diff
from sandbox.engine.providers.faults import half_made, provider_error
from sandbox.engine.providers.model import (
    CheckFailure,
    CheckResult,
    DiffResult,
    DiffUnavailableError,
    Identity,
    InvokeResult,
    Made,
    Outcome,
    ProviderError,
)
from sandbox.engine.rpc import provider_pb2

_UNKNOWN_CONFIGURATION = (
    "The provider for this resource has inputs that are not known during preview.\n"
    "This preview may not correctly represent the changes that will be applied during an update."
)


class ProviderClient(ProviderConnection):
    """Asks one configured provider for the life of its resources."""

    async def check(
        self, urn: str, olds: Properties, news: Properties, *, allow_unknowns: bool, random_seed: bytes
    ) -> CheckResult:
        """Validate inputs and fill in defaults."""
        if not await self.is_known():
            return CheckResult(news)
        keep = self.keep(unknowns=allow_unknowns)
        request = provider_pb2.CheckRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.type_of(urn),
            olds=to_struct(olds, keep),
            news=to_struct(news, keep),
            randomSeed=random_seed,
        )
        try:
            answer = await self.ask("Check", request, provider_pb2.CheckResponse)
        except RpcError as error:
            raise provider_error(error) from error
        inputs = self._results(answer.inputs, news)
        return CheckResult(inputs, [CheckFailure(f.property, f.reason) for f in answer.failures])

    def _results(self, struct: struct_pb2.Struct, given: Properties) -> Properties:
        values = from_struct(struct, Keep(unknowns=True, secrets=True, resources=True))
        if not self.abilities.secrets:
            annotate_secrets(values, given)
        return values

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
        """Compare what stands with what is wanted.

        Raises:
            DiffUnavailableError: if the provider's own configuration is not known.
        """
        if not await self.is_known():
            raise DiffUnavailableError(_UNKNOWN_CONFIGURATION)
        keep = self.keep(unknowns=allow_unknowns, elide_assets=True)
        request = provider_pb2.DiffRequest(
            id=identity.id,
            urn=identity.urn,
            name=urns.name_of(identity.urn),
            type=urns.type_of(identity.urn),
            old_inputs=to_struct(old_inputs, keep),
            olds=to_struct(old_outputs, keep),
            news=to_struct(new_inputs, keep),
            ignoreChanges=ignore_changes,
        )
        try:
            return read_diff(await self.ask("Diff", request, provider_pb2.DiffResponse))
        except RpcError as error:
            raise provider_error(error) from error

    async def create(self, urn: str, inputs: Properties, *, timeout_seconds: float, is_preview: bool) -> Made:
        """Make a resource; in a preview, foresee it."""
        if is_preview and not await self.is_known():
            return Made("", {})
        await self.is_known()
        if is_preview and not self.abilities.preview:
            return Made("", dict(inputs))
        request = provider_pb2.CreateRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.type_of(urn),
            properties=to_struct(inputs, self.keep(unknowns=is_preview)),
            timeout=timeout_seconds,
            preview=is_preview,
        )
        try:
            answer = await self.ask("Create", request, provider_pb2.CreateResponse)
        except RpcError as error:
            return self._half_made(error, inputs)
        if not answer.id and not is_preview:
            message = f"plugin returned empty resource.ID from create '{urn}'"
            raise ProviderError(message, Outcome.UNKNOWN)
        return Made(
            answer.id,
            self._results(answer.properties, inputs),
            refresh_before_update=answer.refresh_before_update,
        )

    def _half_made(self, error: RpcError, given: Properties) -> Made:
        made = half_made(error)
        if made is None:
            raise provider_error(error) from error
        if not self.abilities.secrets:
            annotate_secrets(made.outputs, given)
        return made

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
        """Change a resource in place; in a preview, foresee it."""
        if not await self.is_known():
            return Made(identity.id, {})
        if is_preview and not self.abilities.preview:
            return Made(identity.id, dict(new_inputs))
        olds = self.keep(elide_assets=True)
        request = provider_pb2.UpdateRequest(
            id=identity.id,
            urn=identity.urn,
            name=urns.name_of(identity.urn),
            type=urns.type_of(identity.urn),
            olds=to_struct(old_outputs, olds),
            old_inputs=to_struct(old_inputs, olds),
            news=to_struct(new_inputs, self.keep(unknowns=is_preview)),
            timeout=timeout_seconds,
            ignoreChanges=ignore_changes,
            preview=is_preview,
        )
        try:
            answer = await self.ask("Update", request, provider_pb2.UpdateResponse)
        except RpcError as error:
            return self._half_made(error, new_inputs)
        outputs = self._results(answer.properties, new_inputs)
        return Made(identity.id, outputs, refresh_before_update=answer.refresh_before_update)

    async def read(
        self, identity: Identity, inputs: Properties, state: Properties, *, timeout_seconds: float
    ) -> Made:
        """Look at a resource."""
        if not await self.is_known():
            return Made(identity.id, {})
        keep = self.keep(elide_assets=True)
        request = provider_pb2.ReadRequest(
            id=identity.id,
            urn=identity.urn,
            name=urns.name_of(identity.urn),
            type=urns.type_of(identity.urn),
            properties=to_struct(state, keep),
            inputs=to_struct(inputs, keep),
            timeout=timeout_seconds,
        )
        try:
            answer = await self.ask("Read", request, provider_pb2.ReadResponse)
        except RpcError as error:
            return self._half_made(error, state)
        return Made(
            answer.id,
            self._results(answer.properties, state),
            self._results(answer.inputs, inputs) if answer.HasField("inputs") else None,
            answer.refresh_before_update,
            exists=answer.HasField("properties") and bool(answer.id),
        )

    async def delete(
        self, identity: Identity, inputs: Properties, outputs: Properties, *, timeout_seconds: float
    ) -> None:
        """Remove a resource."""
        await self.is_known()
        keep = self.keep(elide_assets=True)
        request = provider_pb2.DeleteRequest(
            id=identity.id,
            urn=identity.urn,
            name=urns.name_of(identity.urn),
            type=urns.type_of(identity.urn),
            properties=to_struct(outputs, keep),
            old_inputs=to_struct(inputs, keep),
            timeout=timeout_seconds,
        )
        try:
            await self.ask("Delete", request, empty_pb2.Empty)
        except RpcError as error:
            raise provider_error(error) from error

    async def invoke(self, token: str, args: Properties, *, is_preview: bool) -> InvokeResult:
        """Call a function."""
        if not await self.is_known():
            return InvokeResult({}, [])
        request = provider_pb2.InvokeRequest(tok=token, args=to_struct(args, self.keep()), preview=is_preview)
        try:
            answer = await self.ask("Invoke", request, provider_pb2.InvokeResponse)
        except RpcError as error:
            raise provider_error(error) from error
        values = from_struct(getattr(answer, "return"), Keep(secrets=True, resources=True))
        if not self.abilities.secrets and any(has_secrets(value) for value in args.values()):
            hidden: Properties = {
                key: value if isinstance(value, Secret) else Secret(value) for key, value in values.items()
            }
            values = hidden
        return InvokeResult(values, [CheckFailure(f.property, f.reason) for f in answer.failures])
