"""Components and methods that providers implement: Construct and Call."""

from dataclasses import dataclass, field

from sandbox.engine.channels import RpcError
from sandbox.engine.properties.protobuf import EVERYTHING, Keep, from_struct, to_struct
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.client import ProviderClient
from sandbox.engine.providers.faults import provider_error
from sandbox.engine.providers.model import CallResult, CheckFailure, ConstructResult
from sandbox.engine.rpc import provider_pb2


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a component's code is told about the run."""

    project: str
    stack: str
    organization: str
    config: dict[str, str]
    secret_keys: list[str]
    is_dry_run: bool
    parallel: int
    monitor_address: str


@dataclass(slots=True)
class Construction:
    """A component to be made: a request that is filled in by the monitor."""

    request: provider_pb2.ConstructRequest
    inputs: Properties = field(default_factory=dict)


async def construct(client: ProviderClient, construction: Construction, info: RunInfo) -> ConstructResult:
    """Have a provider make a component.

    Raises:
        ProviderError: if it does not.
    """
    request = construction.request
    await client.is_known()
    keep = Keep(unknowns=True, secrets=True, resources=True, outputs=client.accepts_outputs)
    request.project, request.stack, request.organization = info.project, info.stack, info.organization
    request.config.update(info.config)
    request.configSecretKeys.extend(info.secret_keys)
    request.dryRun, request.parallel = info.is_dry_run, info.parallel
    request.monitorEndpoint = info.monitor_address
    request.inputs.CopyFrom(to_struct(construction.inputs, keep))
    request.accepts_output_values = True
    try:
        answer = await client.ask("Construct", request, provider_pb2.ConstructResponse)
    except RpcError as error:
        raise provider_error(error) from error
    return ConstructResult(
        answer.urn,
        from_struct(answer.state, EVERYTHING),
        {key: list(dependencies.urns) for key, dependencies in answer.stateDependencies.items()},
    )


async def call(
    client: ProviderClient, token: str, args: Properties, dependencies: dict[str, list[str]], info: RunInfo
) -> CallResult:
    """Have a provider run a method.

    Raises:
        ProviderError: if it does not.
    """
    if not await client.is_known():
        return CallResult({}, {}, [])
    keep = Keep(unknowns=True, secrets=True, resources=True, outputs=client.accepts_outputs)
    request = provider_pb2.CallRequest(
        tok=token,
        args=to_struct(args, keep),
        project=info.project,
        stack=info.stack,
        config=info.config,
        dryRun=info.is_dry_run,
        parallel=info.parallel,
        monitorEndpoint=info.monitor_address,
        organization=info.organization,
        accepts_output_values=True,
    )
    for name, urns in dependencies.items():
        request.argDependencies[name].urns.extend(urns)
    try:
        answer = await client.ask("Call", request, provider_pb2.CallResponse)
    except RpcError as error:
        raise provider_error(error) from error
    return CallResult(
        from_struct(getattr(answer, "return"), EVERYTHING),
        {key: list(found.urns) for key, found in answer.returnDependencies.items()},
        [CheckFailure(f.property, f.reason) for f in answer.failures],
    )
