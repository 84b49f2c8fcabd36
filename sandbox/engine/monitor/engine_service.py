"""The Engine service: where programs and providers log."""

from collections.abc import Mapping
from typing import cast

from google.protobuf import empty_pb2
from google.protobuf.message import Message

from sandbox.engine.channels import Method
from sandbox.engine.events.emitter import Emitter
from sandbox.engine.rpc import engine_pb2

ENGINE_SERVICE = "pulumirpc.Engine"
_SEVERITIES = {0: "debug", 1: "info", 2: "warning", 3: "error"}


class EngineService:
    """Passes on what is logged, and keeps the root resource."""

    def __init__(self, emitter: Emitter) -> None:
        """Take who is told."""
        self._emitter = emitter
        self._root = ""

    def methods(self) -> Mapping[str, Method[Message, Message]]:
        """The service's methods by name."""
        methods = {
            "Log": Method(engine_pb2.LogRequest, self._log),
            "GetRootResource": Method(engine_pb2.GetRootResourceRequest, self._get_root),
            "SetRootResource": Method(engine_pb2.SetRootResourceRequest, self._set_root),
            "RequirePulumiVersion": Method(engine_pb2.RequirePulumiVersionRequest, self._require_version),
        }
        return cast("Mapping[str, Method[Message, Message]]", methods)

    async def _log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:
        self._emitter.diagnostic(
            _SEVERITIES[request.severity],
            request.message,
            request.urn,
            stream_id=request.streamId,
            is_ephemeral=request.ephemeral,
        )
        return empty_pb2.Empty()

    async def _get_root(
        self, request: engine_pb2.GetRootResourceRequest
    ) -> engine_pb2.GetRootResourceResponse:
        del request
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    async def _set_root(
        self, request: engine_pb2.SetRootResourceRequest
    ) -> engine_pb2.SetRootResourceResponse:
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    async def _require_version(
        self, request: engine_pb2.RequirePulumiVersionRequest
    ) -> engine_pb2.RequirePulumiVersionResponse:
        # Any version will do: what is missing is refused where it is asked for.
        del request
        return engine_pb2.RequirePulumiVersionResponse()
