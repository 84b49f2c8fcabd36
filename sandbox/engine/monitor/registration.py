"""Registers resources: the way from a program's request to its answer."""

from dataclasses import dataclass

from google.protobuf import struct_pb2

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.monitor import requests
from sandbox.engine.monitor.session import Session, as_client
from sandbox.engine.properties import assets
from sandbox.engine.properties.protobuf import EVERYTHING, Keep, from_struct, from_value, to_struct
from sandbox.engine.properties.values import (
    Properties,
    downgrade_properties,
    has_unknowns,
    output_dependencies,
)
from sandbox.engine.providers.components import Construction, construct
from sandbox.engine.providers.model import ProviderError
from sandbox.engine.providers.registry import with_version
from sandbox.engine.rpc import callback_pb2, provider_pb2, resource_pb2
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.model import Goal, Registered, Result

_RESULTS = {
    Result.SUCCESS: resource_pb2.SUCCESS,
    Result.FAILED: resource_pb2.FAIL,
    # The SDK knows no third result: what was skipped because of a failure is told like the failure.
    Result.SKIPPED: resource_pb2.FAIL,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A registration after its transforms."""

    properties: Properties
    options: resource_pb2.TransformResourceOptions
    dependencies: list[str]
    property_dependencies: requests.PropertyDependencies


async def register(
    session: Session, request: resource_pb2.RegisterResourceRequest
) -> resource_pb2.RegisterResourceResponse:
    """Register a resource and wait for what comes of it.

    Raises:
        EngineError: if it cannot be.
    """
    _inherit(session, request)
    own = session.transforms.own(request)
    asked = await _transform(session, request, own)
    if not request.custom and request.parent:
        for package, provider in session.component_providers.get(request.parent, {}).items():
            if package not in asked.options.providers:
                asked.options.providers[package] = provider
    provider = await _provider(session, request, asked.options)
    if request.remote:
        response = await _construct(session, request, asked, provider)
        _remember(session, response.urn, request, asked, own)
        return response
    goal = _goal(session, request, asked, provider)
    registered = await session.register(goal, "")
    session.goals[registered.state.urn] = goal
    _remember(session, registered.state.urn, request, asked, own)
    return _response(request, registered)


def _inherit(session: Session, request: resource_pb2.RegisterResourceRequest) -> None:
    parent = session.goals.get(request.parent)
    if parent is None:
        return
    if not request.deletedWith:
        request.deletedWith = parent.deleted_with
    if not request.HasField("protect") and parent.protect is not None:
        request.protect = parent.protect
    if not request.HasField("retainOnDelete") and parent.retain_on_delete is not None:
        request.retainOnDelete = parent.retain_on_delete
    if not request.provider and parent.provider:
        package = urns.provider_package(urns.type_of(urns.split_reference(parent.provider)[0]))
        if not (request.custom or request.remote) or package == urns.package_of(request.type):
            request.provider = parent.provider


async def _transform(
    session: Session, request: resource_pb2.RegisterResourceRequest, own: list[callback_pb2.Callback]
) -> _Asked:
    properties = from_struct(request.object, EVERYTHING, upgrade=True)
    properties = {key: assets.hashed(value, session.root) for key, value in properties.items()}
    property_dependencies = requests.property_dependencies(request, properties)
    provider = request.provider
    if request.custom or request.remote:
        provider = session.inherited_provider(
            provider, request.providers, request.parent, urns.package_of(request.type)
        )
    if own:
        properties = requests.with_dependencies(properties, property_dependencies)
    properties, options = await session.transforms.apply(
        request, own, properties, requests.options_of(request, provider)
    )
    if own:
        dependencies = list(options.depends_on)
        property_dependencies = {
            key: list(dict.fromkeys(output_dependencies(v))) for key, v in properties.items()
        }
        dependencies = list(
            dict.fromkeys([*dependencies, *(u for d in property_dependencies.values() for u in d)])
        )
    else:
        dependencies, property_dependencies = requests.dependencies(request, properties)
    return _Asked(properties, options, dependencies, property_dependencies)


async def _provider(
    session: Session,
    request: resource_pb2.RegisterResourceRequest,
    options: resource_pb2.TransformResourceOptions,
) -> str:
    if not ((request.custom and not urns.is_provider_type(request.type)) or request.remote):
        return ""
    wanted = session.provider_request(
        urns.package_of(request.type), options.version, options.plugin_download_url, request.packageRef
    )
    return await session.reference(options.provider, wanted)


def _goal(
    session: Session, request: resource_pb2.RegisterResourceRequest, asked: _Asked, provider: str
) -> Goal:
    options = asked.options
    properties = downgrade_properties(asked.properties)
    if urns.is_provider_type(request.type):
        wanted = session.packages.get(request.packageRef)
        version = options.version or (wanted.version if wanted else "")
        properties = with_version(properties, version, options.plugin_download_url)
    trigger = None
    if options.HasField("replacement_trigger"):
        trigger = from_value(options.replacement_trigger, EVERYTHING)
    return Goal(
        type=request.type,
        name=request.name,
        custom=request.custom,
        properties=properties,
        parent=request.parent,
        provider=provider,
        protect=options.protect if options.HasField("protect") else None,
        dependencies=sorted(asked.dependencies),
        property_dependencies={key: sorted(urns_) for key, urns_ in asked.property_dependencies.items()},
        delete_before_replace=(
            options.delete_before_replace if options.HasField("delete_before_replace") else None
        ),
        ignore_changes=list(options.ignore_changes),
        additional_secret_outputs=list(options.additional_secret_outputs),
        aliases=[requests.read_alias(alias) for alias in requests.aliases_of(options)],
        import_id=getattr(options, "import"),
        custom_timeouts=requests.read_timeouts(options),
        replace_on_changes=list(options.replace_on_changes),
        replacement_trigger=trigger,
        retain_on_delete=options.retain_on_delete if options.HasField("retain_on_delete") else None,
        hide_diff=list(options.hide_diff),
        deleted_with=options.deleted_with,
        replace_with=list(options.replace_with),
        source_position=session.positions.position(requests.position_of(request)),
        stack_trace=session.positions.trace(requests.trace_of(request)),
        hooks=requests.read_hooks(options),
    )


def _remember(
    session: Session,
    urn: str,
    request: resource_pb2.RegisterResourceRequest,
    asked: _Asked,
    own: list[callback_pb2.Callback],
) -> None:
    session.transforms.remember(urn, request.parent, own)
    if not request.custom:
        session.component_providers[urn] = dict(asked.options.providers)


def _response(
    request: resource_pb2.RegisterResourceRequest, registered: Registered
) -> resource_pb2.RegisterResourceResponse:
    state = registered.state
    if registered.result is not Result.SUCCESS and not request.supportsResultReporting:
        raise EngineError("resource registration failed")
    outputs = state.outputs if request.custom else {}
    if not request.supportsPartialValues:
        outputs = {key: value for key, value in outputs.items() if not has_unknowns(value)}
    return resource_pb2.RegisterResourceResponse(
        urn=state.urn,
        id=state.id,
        object=_outputs(outputs, request),
        result=_RESULTS[registered.result],
        unknown=registered.is_unknown,
    )


def _outputs(outputs: Properties, request: resource_pb2.RegisterResourceRequest) -> struct_pb2.Struct:
    keep = Keep(unknowns=True, secrets=request.acceptSecrets, resources=request.acceptResources)
    return to_struct(outputs, keep)


async def _construct(
    session: Session, request: resource_pb2.RegisterResourceRequest, asked: _Asked, provider: str
) -> resource_pb2.RegisterResourceResponse:
    wanted = session.provider_request(urns.package_of(request.type), "", "", "")
    servant = await session.serving(provider, wanted, request.type, "Construct")
    construction = Construction(_construct_request(request, asked), asked.properties)
    try:
        result = await construct(as_client(servant, "Construct"), construction, session.info)
    except ProviderError as error:
        message = words.invalid_resource(request.type, request.name, str(error))
        session.diagnostics.error(message)
        session.abort(error)
        raise EngineError("resource monitor shut down") from error
    response = resource_pb2.RegisterResourceResponse(urn=result.urn, object=_outputs(result.outputs, request))
    for key, value in result.outputs.items():
        found = [*result.dependencies.get(key, ()), *output_dependencies(value)]
        response.propertyDependencies[key].urns.extend(dict.fromkeys(found))
    return response


def _construct_request(
    request: resource_pb2.RegisterResourceRequest, asked: _Asked
) -> provider_pb2.ConstructRequest:
    options = asked.options
    construct_request = provider_pb2.ConstructRequest(
        type=request.type,
        name=request.name,
        parent=request.parent,
        providers=options.providers,
        dependencies=asked.dependencies,
        aliases=requests.aliases_of(options),
        additionalSecretOutputs=options.additional_secret_outputs,
        deletedWith=options.deleted_with,
        ignoreChanges=options.ignore_changes,
        replaceOnChanges=options.replace_on_changes,
        replace_with=options.replace_with,
    )
    for key, urn_list in asked.property_dependencies.items():
        construct_request.inputDependencies[key].urns.extend(urn_list)
    if options.HasField("protect"):
        construct_request.protect = options.protect
    if options.HasField("retain_on_delete"):
        construct_request.retainOnDelete = options.retain_on_delete
    if options.HasField("delete_before_replace"):
        construct_request.deleteBeforeReplace = options.delete_before_replace
    if options.HasField("custom_timeouts"):
        given = options.custom_timeouts
        construct_request.customTimeouts.create = given.create
        construct_request.customTimeouts.update = given.update
        construct_request.customTimeouts.delete = given.delete
    return construct_request
