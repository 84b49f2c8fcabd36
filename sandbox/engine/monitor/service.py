"""The ResourceMonitor service: what programs and component providers talk to."""

from collections.abc import Mapping
from functools import partial
from typing import cast
from uuid import uuid4

from google.protobuf import empty_pb2
from google.protobuf.message import Message

from sandbox.engine.channels import Method
from sandbox.engine.errors import EngineError
from sandbox.engine.execution.hooks import Hook
from sandbox.engine.monitor.calls import call, invoke
from sandbox.engine.monitor.default_providers import ProviderRequest
from sandbox.engine.monitor.reading import read
from sandbox.engine.monitor.registration import register
from sandbox.engine.monitor.session import Session
from sandbox.engine.properties import assets
from sandbox.engine.properties.protobuf import EVERYTHING, from_struct
from sandbox.engine.properties.values import downgrade_properties
from sandbox.engine.rpc import callback_pb2, resource_pb2

MONITOR_SERVICE = "pulumirpc.ResourceMonitor"
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
# The same by number, and parents of invokes (resource.proto: ResourceMonitorFeature).
_FEATURE_NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15)


class MonitorService:
    """Answers the program."""

    def __init__(self, session: Session) -> None:
        """Take the session that requests belong to."""
        self._session = session

    def methods(self) -> Mapping[str, Method[Message, Message]]:
        """The service's methods by name."""
        methods = {
            "GetDeploymentInfo": Method(empty_pb2.Empty, self._info),
            "SupportsFeature": Method(resource_pb2.SupportsFeatureRequest, self._supports),
            "RegisterResource": Method(
                resource_pb2.RegisterResourceRequest, partial(register, self._session)
            ),
            "RegisterResourceOutputs": Method(resource_pb2.RegisterResourceOutputsRequest, self._outputs),
            "ReadResource": Method(resource_pb2.ReadResourceRequest, partial(read, self._session)),
            "Invoke": Method(resource_pb2.ResourceInvokeRequest, partial(invoke, self._session)),
            "Call": Method(resource_pb2.ResourceCallRequest, partial(call, self._session)),
            "RegisterStackTransform": Method(callback_pb2.Callback, self._stack_transform),
            "RegisterStackInvokeTransform": Method(callback_pb2.Callback, self._invoke_transform),
            "RegisterResourceHook": Method(resource_pb2.RegisterResourceHookRequest, self._hook),
            "RegisterErrorHook": Method(resource_pb2.RegisterErrorHookRequest, self._error_hook),
            "RegisterPackage": Method(resource_pb2.RegisterPackageRequest, self._package),
            "SignalAndWaitForShutdown": Method(empty_pb2.Empty, self._wait_for_shutdown),
        }
        return cast("Mapping[str, Method[Message, Message]]", methods)

    async def _info(self, request: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:
        del request
        info = self._session.info
        return resource_pb2.DeploymentInfo(
            project=info.project,
            stack=info.stack,
            organization=info.organization,
            config=info.config,
            configSecretKeys=info.secret_keys,
            dryRun=info.is_dry_run,
            parallel=info.parallel,
            supportedFeatures=[
                resource_pb2.ResourceMonitorFeature.values()[number] for number in _FEATURE_NUMBERS
            ],
        )

    async def _supports(
        self, request: resource_pb2.SupportsFeatureRequest
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    async def _outputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:
        outputs = downgrade_properties(from_struct(request.outputs, EVERYTHING))
        hashed = {key: assets.hashed(value, self._session.root) for key, value in outputs.items()}
        await self._session.register_outputs(request.urn, hashed)
        return empty_pb2.Empty()

    async def _stack_transform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:
        self._session.transforms.stack.append(request)
        return empty_pb2.Empty()

    async def _invoke_transform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:
        self._session.transforms.invokes.append(request)
        return empty_pb2.Empty()

    async def _hook(self, request: resource_pb2.RegisterResourceHookRequest) -> empty_pb2.Empty:
        callback = cast("callback_pb2.Callback", request.callback)
        self._session.hooks.hooks[request.name] = Hook(callback, request.on_dry_run, request.ignore_errors)
        return empty_pb2.Empty()

    async def _error_hook(self, request: resource_pb2.RegisterErrorHookRequest) -> empty_pb2.Empty:
        self._session.hooks.error_hooks[request.name] = Hook(cast("callback_pb2.Callback", request.callback))
        return empty_pb2.Empty()

    async def _package(
        self, request: resource_pb2.RegisterPackageRequest
    ) -> resource_pb2.RegisterPackageResponse:
        if request.HasField("parameterization") or request.HasField("extension"):
            raise EngineError("the sandbox's engine serves no parameterized packages")
        wanted = ProviderRequest(request.name, request.version, request.download_url.rstrip("/"))
        for reference, known in self._session.packages.items():
            if known == wanted:
                return resource_pb2.RegisterPackageResponse(ref=reference)
        reference = str(uuid4())
        self._session.packages[reference] = wanted
        return resource_pb2.RegisterPackageResponse(ref=reference)

    async def _wait_for_shutdown(self, request: empty_pb2.Empty) -> empty_pb2.Empty:
        # The program registers nothing more and stays, for its callbacks, until the run ends.
        del request
        self._session.program_waits.set()
        await self._session.may_shut_down.wait()
        return empty_pb2.Empty()
