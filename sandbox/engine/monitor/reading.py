"""Reads resources that the stack does not own."""

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.monitor import requests
from sandbox.engine.monitor.default_providers import DENIED
from sandbox.engine.monitor.session import Session
from sandbox.engine.properties.protobuf import Keep, from_struct, to_struct
from sandbox.engine.rpc import resource_pb2
from sandbox.engine.steps.model import Goal


async def read(
    session: Session, request: resource_pb2.ReadResourceRequest
) -> resource_pb2.ReadResourceResponse:
    """Read a resource by its id.

    Raises:
        EngineError: if it cannot be read.
    """
    goal = Goal(
        type=request.type,
        name=request.name,
        custom=True,
        properties=from_struct(request.properties, Keep(unknowns=True, secrets=True, resources=True)),
        parent=request.parent,
        provider=await _provider(session, request),
        dependencies=list(request.dependencies),
        additional_secret_outputs=list(request.additionalSecretOutputs),
        source_position=session.positions.position(requests.position_of(request)),
        stack_trace=session.positions.trace(requests.trace_of(request)),
    )
    registered = await session.register(goal, request.id)
    keep = Keep(unknowns=True, secrets=request.acceptSecrets, resources=request.acceptResources)
    return resource_pb2.ReadResourceResponse(
        urn=registered.state.urn, properties=to_struct(registered.state.outputs, keep)
    )


async def _provider(session: Session, request: resource_pb2.ReadResourceRequest) -> str:
    if request.provider or urns.is_provider_type(request.type):
        return request.provider
    wanted = session.provider_request(
        urns.package_of(request.type), request.version, request.pluginDownloadURL, request.packageRef
    )
    reference = await session.default_providers.reference(wanted)
    if reference == DENIED:
        raise EngineError(
            f"Default provider for '{request.type}' disabled. '{request.type}' must use an explicit provider."
        )
    return reference
