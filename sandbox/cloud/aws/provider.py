"""The simulated AWS provider."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox.cloud.aws.calls import worded
from sandbox.cloud.aws.configuration import check_configuration, diff_configuration
from sandbox.cloud.aws.differences import difference
from sandbox.cloud.aws.inputs import check_inputs
from sandbox.cloud.aws.invocation import Invocation, answer
from sandbox.cloud.aws.lifecycle import Lifecycle
from sandbox.cloud.aws.outputs import changed_outputs, planned_outputs
from sandbox.cloud.aws.reading import made_of
from sandbox.cloud.aws.surroundings import Surroundings, surroundings_of
from sandbox.cloud.aws.table import entry_of
from sandbox.cloud.provider.defaults import ProviderDefaults
from sandbox.cloud.provider.errors import (
    ApiError,
    CloudError,
    UnknownTokenError,
)
from sandbox.cloud.provider.faulting import refuse_if_told, strike_afterwards
from sandbox.cloud.provider.latency import Clock
from sandbox.cloud.provider.model import (
    CheckCall,
    Checked,
    CreateCall,
    DeleteCall,
    DiffCall,
    Difference,
    InvokeAnswer,
    Made,
    ReadCall,
    Session,
    UpdateCall,
)
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.wire.values import Properties, text_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AwsCloud:
    """What the provider works with.

    `account` is the account of a provider instance whose settings name none.
    """

    package: SdkPackage
    inventory: Inventory
    faults: Faults
    clock: Clock
    account: str


class AwsProvider(ProviderDefaults):
    """Serves every type of the installed pulumi_aws package on the cloud's own store."""

    def __init__(self, cloud: AwsCloud) -> None:
        self._cloud = cloud
        self._lifecycle = Lifecycle(cloud.package, cloud.inventory)

    @property
    def version(self) -> str:
        """The version of pulumi_aws."""
        return self._cloud.package.version

    def check_configuration(self, news: Properties) -> Checked:
        """Check a provider instance's settings."""
        return check_configuration(news)

    def diff_configuration(self, olds: Properties, news: Properties) -> Difference:
        """Compare a provider instance's settings."""
        return diff_configuration(olds, news)

    def check(self, session: Session, call: CheckCall) -> Checked:
        """Check a resource's inputs and fill in defaults."""
        if call.olds:
            self._lifecycle.acknowledge(call.target.urn)
        return check_inputs(
            self._cloud.package, self._spec(call.target.type), self._around(session, call.news), call
        )

    def diff(self, session: Session, call: DiffCall) -> Difference:
        """Compare a resource with its new inputs."""
        del session
        self._lifecycle.acknowledge(call.target.urn)
        return difference(self._cloud.package, self._spec(call.target.type), call)

    async def create(self, session: Session, call: CreateCall) -> Made:
        """Make a resource."""
        spec = self._spec(call.target.type)
        if call.is_preview:
            return Made("", planned_outputs(spec, call.inputs))
        around = self._around(session, call.inputs)
        name = text_of(call.inputs, entry_of(spec.token).name) or call.target.name
        fault = self._meet_fault(spec.token, Operation.CREATE, name)
        await self._cloud.clock.spend(entry_of(spec.token).seconds[0])
        made = _as_provider_says(
            lambda: self._lifecycle.make(spec, around, call, session), spec.token, Operation.CREATE, name
        )
        strike_afterwards(fault, made)
        return made

    async def read(self, session: Session, call: ReadCall) -> Made | None:
        """Look a resource up; None when it does not exist."""
        self._meet_fault(call.target.type, Operation.READ, call.id)
        spec = self._spec(call.target.type)
        found = self._lifecycle.find(spec, self._around(session, call.outputs), call.id, call.outputs)
        return made_of(spec, found, call.inputs) if found else None

    async def update(self, session: Session, call: UpdateCall) -> Made:
        """Change a resource in place."""
        spec = self._spec(call.target.type)
        if call.is_preview:
            return Made(call.id, changed_outputs(spec, call.old_outputs, call.old_inputs, call.news))
        fault = self._meet_fault(spec.token, Operation.UPDATE, call.id)
        await self._cloud.clock.spend(entry_of(spec.token).seconds[1])
        around = self._around(session, call.news)
        made = _as_provider_says(
            lambda: self._lifecycle.change(spec, around, call), spec.token, Operation.UPDATE, call.id
        )
        strike_afterwards(fault, made)
        return made

    async def delete(self, session: Session, call: DeleteCall) -> None:
        """Delete a resource."""
        spec = self._spec(call.target.type)
        self._meet_fault(spec.token, Operation.DELETE, call.id)
        await self._cloud.clock.spend(entry_of(spec.token).seconds[2])
        around = self._around(session, call.outputs)
        _as_provider_says(
            lambda: self._lifecycle.delete(spec, around, call), spec.token, Operation.DELETE, call.id
        )

    async def invoke(self, session: Session, token: str, arguments: Properties) -> InvokeAnswer:
        """Answer a function call."""
        self._meet_fault(token, Operation.INVOKE, token)
        around = self._around(session, arguments)
        invocation = Invocation(token, arguments, around, self._cloud.inventory)
        return _as_provider_says(
            lambda: answer(self._cloud.package, invocation), token, Operation.INVOKE, token.rpartition(":")[2]
        )

    def secret_outputs(self, type_: str) -> frozenset[str]:
        """The outputs of a resource type that are secret whatever its inputs were."""
        spec = self._cloud.package.resource(type_)
        return spec.secret_outputs if spec else frozenset()

    def _meet_fault(self, token: str, operation: Operation, name: str) -> Fault | None:
        def wording(fault: Fault, said: str) -> CloudError:
            if fault.kind is FaultKind.TIMEOUT:
                return CloudError(
                    f"1 error occurred:\n\t* waiting for {token} ({name}) {operation}: {said}\n\n"
                )
            code, _, message = said.partition(": ")
            refused = ApiError(code, message) if message else ApiError("InternalFailure", said)
            return worded(refused, token, operation, name)

        return refuse_if_told(self._cloud.faults, token, operation, name, wording)

    def _spec(self, token: str) -> ResourceSpec:
        spec = self._cloud.package.resource(token)
        if spec is None:
            raise UnknownTokenError(f"unrecognized resource type (Check): {token}")
        return spec

    def _around(self, session: Session, values: Properties) -> Surroundings:
        region = text_of(values, "region")
        configuration = {**session.configuration, "region": region} if region else session.configuration
        return surroundings_of(configuration, self._cloud.account)


def _as_provider_says(work: Callable[[], _T], token: str, operation: Operation, name: str) -> _T:
    try:
        return work()
    except ApiError as error:
        raise worded(error, token, operation, name) from error
