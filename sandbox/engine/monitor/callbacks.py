"""Functions of the program that the engine calls: transforms and hooks."""

import grpc

from sandbox.engine.errors import EngineError
from sandbox.engine.providers.connection import CHANNEL_OPTIONS
from sandbox.engine.rpc import callback_pb2, callback_pb2_grpc


class Callbacks:
    """Connections to the programs' callback servers, by address."""

    def __init__(self) -> None:
        """Start without connections."""
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def invoke(self, callback: callback_pb2.Callback, request: bytes) -> bytes:
        """Call a function of the program.

        Raises:
            EngineError: with what the function said, if it failed.
        """
        target = callback.target
        channel = self._channels.get(target)
        if channel is None:
            channel = self._channels[target] = grpc.aio.insecure_channel(target, CHANNEL_OPTIONS)
        stub = callback_pb2_grpc.CallbacksStub(channel)
        try:
            answer = await stub.Invoke(
                callback_pb2.CallbackInvokeRequest(token=callback.token, request=request)
            )
        except grpc.aio.AioRpcError as error:
            raise EngineError(error.details() or error.code().name) from error
        return answer.response

    async def close(self) -> None:
        """Close every connection."""
        for channel in self._channels.values():
            await channel.close()
