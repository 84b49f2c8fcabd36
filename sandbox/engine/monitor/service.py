"""The ResourceMonitor service: what programs and component providers talk to."""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import uuid4

import grpc
from google.protobuf import empty_pb2

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.execution.hooks import Hook
from sandbox.engine.monitor.calls import call, invoke
from sandbox.engine.monitor.default_providers import DENIED, ProviderRequest
from sandbox.engine.monitor.registration import register
from sandbox.engine.monitor.session import Session
from sandbox.engine.properties import assets
from sandbox.engine.properties.protobuf import EVERYTHING, Keep, from_struct, to_struct
from sandbox.engine.properties.values import downgrade_properties
from sandbox.engine.rpc import callback_pb2, provider_pb2, resource_pb2, resource_pb2_grpc
from sandbox.engine.steps.model import Goal

_Result = TypeVar("_Result")
_FEATURES = frozenset(
    {
        "secrets",
        "resourceReferences",
        "outputValues",
        "aliasSpecs",
        "replacementTrigger",
        "deletedWith",
        "replaceWith",
        "transforms",
        "invokeTransforms",
        "parameterization",
        "resourceHooks",
        "errorHooks",
    }
)
# The same by number, and dependencies and parents of invokes (resource.proto: ResourceMonitorFeature).
_FEATURE_NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15)


class MonitorService(resource_pb2_grpc.ResourceMonitorServicer):
    """Answers the program."""

    def __init__(self, session: Session) -> None:
        """Take the session that requests belong to."""
        self._session = session

    async def _answer(
        self, context: "grpc.aio.ServicerContext[object, object]", work: Awaitable[_Result]
    ) -> _Result:
        try:
            return await work
        except EngineError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))
            raise AssertionError from error

    async def GetDeploymentInfo(
        self, request: empty_pb2.Empty, context: object
    ) -> resource_pb2.DeploymentInfo:
        """What the program is told about the run."""
        del request, context
        info = self._session.info
        return resource_pb2.DeploymentInfo(
            project=info.project,
            stack=info.stack,
            organization=info.organization,
            config=info.config,
            configSecretKeys=info.secret_keys,
            dryRun=info.is_dry_run,
            parallel=info.parallel,
            supportedFeatures=_FEATURE_NUMBERS,
        )

    async def SupportsFeature(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.SupportsFeatureRequest, context: object
    ) -> resource_pb2.SupportsFeatureResponse:
        """Whether a feature is there."""
        del context
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    async def RegisterResource(  # noqa: N802 -- the protocol's name
        self,
        request: resource_pb2.RegisterResourceRequest,
        context: "grpc.aio.ServicerContext[object, object]",
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a resource."""
        return await self._answer(context, register(self._session, request))

    async def RegisterResourceOutputs(  # noqa: N802 -- the protocol's name
        self,
        request: resource_pb2.RegisterResourceOutputsRequest,
        context: "grpc.aio.ServicerContext[object, object]",
    ) -> empty_pb2.Empty:
        """Give a component its outputs."""
        outputs = downgrade_properties(from_struct(request.outputs, EVERYTHING))
        outputs = {key: assets.hashed(value, self._session.root) for key, value in outputs.items()}
        await self._answer(context, self._session.register_outputs(request.urn, outputs))
        return empty_pb2.Empty()

    async def ReadResource(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.ReadResourceRequest, context: "grpc.aio.ServicerContext[object, object]"
    ) -> resource_pb2.ReadResourceResponse:
        """Read a resource that the stack does not own."""
        return await self._answer(context, self._read(request))

    async def _read(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:
        session, provider = self._session, request.provider
        if not urns.is_provider_type(request.type) and not provider:
            wanted = session.provider_request(
                urns.package_of(request.type), request.version, request.pluginDownloadURL, request.packageRef
            )
            provider = await session.default_providers.reference(wanted)
            if provider == DENIED:
                raise EngineError(
                    f"Default provider for '{request.type}' disabled. '{request.type}' must use an explicit provider."
                )
        goal = Goal(
            type=request.type,
            name=request.name,
            custom=True,
            properties=from_struct(request.properties, Keep(unknowns=True, secrets=True, resources=True)),
            parent=request.parent,
            provider=provider,
            dependencies=list(request.dependencies),
            additional_secret_outputs=list(request.additionalSecretOutputs),
            source_position=session.positions.position(request.sourcePosition),
            stack_trace=session.positions.trace(request.stackTrace),
        )
        registered = await session.register(goal, request.id)
        keep = Keep(unknowns=True, secrets=request.acceptSecrets, resources=request.acceptResources)
        return resource_pb2.ReadResourceResponse(
            urn=registered.state.urn, properties=to_struct(registered.state.outputs, keep)
        )

    async def Invoke(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.ResourceInvokeRequest, context: "grpc.aio.ServicerContext[object, object]"
    ) -> resource_pb2.ResourceInvokeResponse:
        """Call a function of a provider."""
        return await self._answer(context, invoke(self._session, request))

    async def Call(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.ResourceCallRequest, context: "grpc.aio.ServicerContext[object, object]"
    ) -> provider_pb2.CallResponse:
        """Call a method of a component."""
        return await self._answer(context, call(self._session, request))

    async def RegisterStackTransform(
        self, request: callback_pb2.Callback, context: object
    ) -> empty_pb2.Empty:
        """Let a function change every registration."""
        del context
        self._session.transforms.stack.append(request)
        return empty_pb2.Empty()

    async def RegisterStackInvokeTransform(  # noqa: N802 -- the protocol's name
        self, request: callback_pb2.Callback, context: object
    ) -> empty_pb2.Empty:
        """Let a function change every function call."""
        del context
        self._session.transforms.invokes.append(request)
        return empty_pb2.Empty()

    async def RegisterResourceHook(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.RegisterResourceHookRequest, context: object
    ) -> empty_pb2.Empty:
        """Know a hook by its name."""
        del context
        self._session.hooks.hooks[request.name] = Hook(
            request.callback, request.on_dry_run, request.ignore_errors
        )
        return empty_pb2.Empty()

    async def RegisterErrorHook(  # noqa: N802 -- the protocol's name
        self, request: resource_pb2.RegisterErrorHookRequest, context: object
    ) -> empty_pb2.Empty:
        """Know an error hook by its name."""
        del context
        self._session.hooks.error_hooks[request.name] = Hook(request.callback)
        return empty_pb2.Empty()

    async def RegisterPackage(  # noqa: N802 -- the protocol's name
        self,
        request: resource_pb2.RegisterPackageRequest,
        context: "grpc.aio.ServicerContext[object, object]",
    ) -> resource_pb2.RegisterPackageResponse:
        """Know a package by a reference."""
        if request.HasField("parameterization") or request.HasField("extension"):
            await context.abort(
                grpc.StatusCode.UNIMPLEMENTED, "the sandbox's engine serves no parameterized packages"
            )
        wanted = ProviderRequest(request.name, request.version, request.download_url.rstrip("/"))
        for reference, known in self._session.packages.items():
            if known == wanted:
                return resource_pb2.RegisterPackageResponse(ref=reference)
        reference = str(uuid4())
        self._session.packages[reference] = wanted
        return resource_pb2.RegisterPackageResponse(ref=reference)

    async def SignalAndWaitForShutdown(self, request: empty_pb2.Empty, context: object) -> empty_pb2.Empty:  # noqa: N802 -- the protocol's name
        """The program registers nothing more and stays, for its callbacks, until the run ends."""
        del request, context
        self._session.program_waits.set()
        await self._session.may_shut_down.wait()
        return empty_pb2.Empty()
