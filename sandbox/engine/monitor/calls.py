"""Functions and methods of providers."""

from google.protobuf import struct_pb2

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.monitor.default_providers import ProviderRequest
from sandbox.engine.monitor.session import Session, as_client
from sandbox.engine.properties.protobuf import EVERYTHING, Keep, from_struct, to_struct
from sandbox.engine.properties.values import output_dependencies
from sandbox.engine.providers import components
from sandbox.engine.providers.model import ProviderError
from sandbox.engine.rpc import provider_pb2, resource_pb2

_SELF = "__self__"


async def invoke(
    session: Session, request: resource_pb2.ResourceInvokeRequest
) -> resource_pb2.ResourceInvokeResponse:
    """Call a function of a provider.

    Raises:
        EngineError: if it fails.
    """
    token, keep = request.tok, Keep(unknowns=True, secrets=True, resources=True)
    args = from_struct(request.args, keep)
    options = resource_pb2.TransformInvokeOptions(
        provider=session.inherited_provider(request.provider, {}, request.parent, urns.package_of(token)),
        version=request.version,
        plugin_download_url=request.pluginDownloadURL,
    )
    args, options = await session.transforms.apply_to_invoke(token, args, options)
    wanted = session.provider_request(
        urns.package_of(token), options.version, options.plugin_download_url, request.packageRef
    )
    servant = await session.serving(options.provider, wanted, token, "Invoke")
    try:
        result = await servant.invoke(token, args, is_preview=session.info.is_dry_run)
    except EngineError as error:
        raise EngineError(f"invocation of {token} returned an error: {error}") from error
    keeps_resources = request.acceptResources or token == "pulumi:pulumi:getResource"  # noqa: S105 -- a function's token
    answer = resource_pb2.ResourceInvokeResponse(
        failures=[provider_pb2.CheckFailure(property=f.property, reason=f.reason) for f in result.failures]
    )
    values = to_struct(result.values, Keep(unknowns=True, secrets=True, resources=keeps_resources))
    getattr(answer, "return").CopyFrom(values)
    return answer


async def call(session: Session, request: resource_pb2.ResourceCallRequest) -> provider_pb2.CallResponse:
    """Call a method of a component or provider.

    Raises:
        EngineError: if it fails; the run ends with it.
    """
    token = request.tok
    provider, wanted = _serving(session, request)
    servant = await session.serving(provider, wanted, token, "Call")
    args = from_struct(request.args, EVERYTHING, upgrade=True)
    dependencies = {key: list(given.urns) for key, given in request.argDependencies.items()}
    for key, value in args.items():
        found = [*dependencies.get(key, ()), *output_dependencies(value)]
        dependencies[key] = list(dict.fromkeys(found))
    try:
        result = await components.call(as_client(servant, "call"), token, args, dependencies, session.info)
    except ProviderError as error:
        session.diagnostics.error(f"call to function '{token}' failed: {error}")
        session.abort(error)
        raise EngineError(f"call of {token} returned an error: {error}") from error
    answer = provider_pb2.CallResponse(
        failures=[provider_pb2.CheckFailure(property=f.property, reason=f.reason) for f in result.failures]
    )
    getattr(answer, "return").CopyFrom(
        to_struct(result.values, Keep(unknowns=True, secrets=True, resources=True))
    )
    for key, value in result.values.items():
        found = [*result.dependencies.get(key, ()), *output_dependencies(value)]
        answer.returnDependencies[key].urns.extend(dict.fromkeys(found))
    return answer


def _serving(session: Session, request: resource_pb2.ResourceCallRequest) -> tuple[str, ProviderRequest]:
    package = urns.package_of(request.tok)
    wanted = session.provider_request(package, request.version, request.pluginDownloadURL, request.packageRef)
    if request.tok.startswith(urns.provider_type("")):
        this = _self_of(request)
        return urns.join_reference(this["urn"].string_value, this["id"].string_value), wanted
    if request.provider:
        return request.provider, wanted
    if _SELF not in request.args.fields:
        return "", wanted
    urn = _self_of(request)["urn"].string_value
    goal = session.goals.get(urn)
    if goal is None:
        return session.inherited_provider("", {}, urn, package), wanted
    return goal.provider, wanted


def _self_of(request: resource_pb2.ResourceCallRequest) -> dict[str, struct_pb2.Value]:
    fields = dict(request.args.fields[_SELF].struct_value.fields)
    if "urn" not in fields:
        raise EngineError(f"missing {_SELF} argument for method call")
    return fields
