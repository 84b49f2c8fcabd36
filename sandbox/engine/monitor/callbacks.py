"""Functions of the program that the engine calls: transforms and hooks."""

from sandbox.engine.channels import Connection, RpcError
from sandbox.engine.errors import EngineError
from sandbox.engine.rpc import callback_pb2

_METHOD = "/pulumirpc.Callbacks/Invoke"


class Callbacks:
    """Connections to the programs' callback servers, by address."""

    def __init__(self) -> None:
        """Start without connections."""
        self._connections: dict[str, Connection] = {}

    async def invoke(self, callback: callback_pb2.Callback, request: bytes) -> bytes:
        """Call a function of the program.

        Raises:
            EngineError: with what the function said, if it failed.
        """
        target = callback.target
        connection = self._connections.get(target)
        if connection is None:
            connection = self._connections[target] = Connection(target)
        asked = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request)
        try:
            answer = await connection.call(_METHOD, asked, callback_pb2.CallbackInvokeResponse)
        except RpcError as error:
            raise EngineError(error.details) from error
        return answer.response

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            await connection.close()
