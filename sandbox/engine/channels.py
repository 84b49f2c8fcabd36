# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# grpc-stubs types channels and handlers without their messages; this module is where they get them.
"""gRPC with types: calls to others, services for others."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import grpc
import grpc.aio
from google.protobuf.message import Message

from sandbox.engine.errors import EngineError

_Request = TypeVar("_Request", bound=Message)
_Answer = TypeVar("_Answer", bound=Message)

# Resources carry whole documents: sizes are unlimited, as officially (rpcutil.GrpcChannelOptions). Each
# provider instance has a connection of its own, by which its process tells the instances apart.
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.use_local_subchannel_pool", 1),
)


class RpcError(Exception):
    """The other side failed a call."""

    def __init__(self, code: grpc.StatusCode, details: str, trailers: Mapping[str, str | bytes]) -> None:
        """Keep the status, its text and what was sent with it."""
        super().__init__(f"{code.name}: {details}")
        self.code = code
        self.details = details or code.name
        self.trailers = trailers


class Connection:
    """Calls to one address."""

    def __init__(self, address: str) -> None:
        """Take the address; the connection is made by the first call."""
        self._channel = grpc.aio.insecure_channel(address, _OPTIONS)

    async def call(self, method: str, request: Message, answer: type[_Answer]) -> _Answer:
        """The answer to a request.

        Raises:
            RpcError: if the call fails.
        """
        ask = self._channel.unary_unary(
            method,
            request_serializer=_serialize,
            response_deserializer=answer.FromString,
        )
        try:
            return cast("_Answer", await ask(request))
        except grpc.aio.AioRpcError as error:
            raise _failure(error) from error

    async def stream(self, method: str, requests: AsyncIterator[Message], answer: type[_Answer]) -> _Answer:
        """The answer to a stream of requests.

        Raises:
            RpcError: if the call fails.
        """
        ask = self._channel.stream_unary(
            method, request_serializer=_serialize, response_deserializer=answer.FromString
        )
        try:
            return cast("_Answer", await ask(requests))
        except grpc.aio.AioRpcError as error:
            raise _failure(error) from error

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close(None)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


def _failure(error: grpc.aio.AioRpcError) -> RpcError:
    pairs = cast("tuple[tuple[str, str | bytes], ...]", tuple(error.trailing_metadata() or ()))
    return RpcError(error.code(), error.details() or "", dict(pairs))


@dataclass(frozen=True)
class Method(Generic[_Request, _Answer]):
    """How a method of a service is answered."""

    request: type[_Request]
    handle: Callable[[_Request], Awaitable[_Answer]]

    async def answer(
        self, request: _Request, context: "grpc.aio.ServicerContext[_Request, _Answer]"
    ) -> _Answer:
        """Answer a request; an error of the engine is the other side's to read."""
        try:
            return await self.handle(request)
        except EngineError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))
            raise AssertionError from error


class Server:
    """Services on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        """Take a port; services are added before the start."""
        self._server = grpc.aio.server(options=_OPTIONS)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def add(self, service: str, methods: Mapping[str, Method[Message, Message]]) -> None:
        """Serve the methods of a service by their names."""
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(
                method.answer,  # pyright: ignore[reportArgumentType] -- the stubs know no asynchronous handlers
                request_deserializer=method.request.FromString,
                response_serializer=_serialize,
            )
            for name, method in methods.items()
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))

    async def start(self) -> None:
        """Begin to answer."""
        await self._server.start()

    async def stop(self, grace_seconds: float | None = None) -> None:
        """Answer what has been asked for a while, then end."""
        await self._server.stop(grace_seconds)
