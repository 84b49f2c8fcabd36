"""The Engine service: where programs and providers log."""

from google.protobuf import empty_pb2

from sandbox.engine.events.emitter import Emitter
from sandbox.engine.rpc import engine_pb2, engine_pb2_grpc

_SEVERITIES = {0: "debug", 1: "info", 2: "warning", 3: "error"}


class EngineService(engine_pb2_grpc.EngineServicer):
    """Passes on what is logged, and keeps the root resource."""

    def __init__(self) -> None:
        """Messages are dropped until there is someone to tell."""
        self.emitter: Emitter | None = None
        self.has_logged_error = False
        self._root = ""

    async def Log(self, request: engine_pb2.LogRequest, context: object) -> empty_pb2.Empty:  # noqa: N802 -- the protocol's name
        """Pass a message on."""
        del context
        severity = _SEVERITIES[request.severity]
        self.has_logged_error = self.has_logged_error or severity == "error"
        if self.emitter is not None:
            self.emitter.diagnostic(
                severity,
                request.message,
                request.urn,
                stream_id=request.streamId,
                is_ephemeral=request.ephemeral,
            )
        return empty_pb2.Empty()

    async def GetRootResource(  # noqa: N802 -- the protocol's name
        self, request: engine_pb2.GetRootResourceRequest, context: object
    ) -> engine_pb2.GetRootResourceResponse:
        """The stack's URN."""
        del request, context
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    async def SetRootResource(  # noqa: N802 -- the protocol's name
        self, request: engine_pb2.SetRootResourceRequest, context: object
    ) -> engine_pb2.SetRootResourceResponse:
        """Remember the stack's URN."""
        del context
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    async def RequirePulumiVersion(  # noqa: N802 -- the protocol's name
        self, request: engine_pb2.RequirePulumiVersionRequest, context: object
    ) -> engine_pb2.RequirePulumiVersionResponse:
        """Any version will do: what is missing is refused where it is asked for."""
        del request, context
        return engine_pb2.RequirePulumiVersionResponse()
