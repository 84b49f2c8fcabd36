"""One server process for every simulated provider."""

# grpc-stubs leaves the type parameters of its server functions open
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc.aio

from sandbox.cloud.aws.provider import AwsCloud, AwsProvider
from sandbox.cloud.eks.provider import EksProvider
from sandbox.cloud.generated import random_types, tls_types
from sandbox.cloud.generated.provider import GeneratedProvider
from sandbox.cloud.kubernetes.provider import KubernetesCloud, KubernetesProvider
from sandbox.cloud.provider.latency import Clock, Latency
from sandbox.cloud.provider.methods import handler_of
from sandbox.cloud.provider.model import Provider
from sandbox.cloud.provider.servicer import ProviderService
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.database import Database
from sandbox.cloud.store.faults import Fault, Faults
from sandbox.cloud.store.inventory import Inventory

_STOP_GRACE_SECONDS = 5
_LONGEST_MESSAGE_BYTES = 400 * 1024 * 1024
"""As the engines' own limit: `pkg/util/rpcutil` of the Pulumi SDK."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve.

    Attributes:
        store: the folder of the cloud's store.
        latency: how long calls take.
        account: the account of provider instances whose settings name none.
        faults: what goes wrong, beside the faults that the store holds already.
    """

    store: Path
    latency: Latency
    account: str
    faults: tuple[Fault, ...] = ()


def providers_of(database: Database, clock: Clock, account: str) -> dict[str, Provider]:
    """The simulated providers, by package."""
    inventory, faults = Inventory(database), Faults(database)
    aws, kubernetes = SdkPackage("pulumi-aws"), SdkPackage("pulumi-kubernetes")
    return {
        "random": GeneratedProvider(random_types.VERSION, random_types.RANDOM_TYPES, faults),
        "tls": GeneratedProvider(tls_types.VERSION, tls_types.TLS_TYPES, faults),
        "eks": EksProvider(SdkPackage("pulumi-eks")),
        "aws": AwsProvider(AwsCloud(aws, inventory, faults, clock, account)),
        "kubernetes": KubernetesProvider(KubernetesCloud(kubernetes, aws, inventory, faults, clock)),
    }


class Servers:
    """A gRPC server on a port of its own for each provider."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._servers: list[grpc.aio.Server] = []
        self.ports: dict[str, int] = {}
        for name, provider in providers.items():
            server = grpc.aio.server(options=_options())
            server.add_generic_rpc_handlers((handler_of(ProviderService(provider)),))
            self.ports[name] = server.add_insecure_port("127.0.0.1:0")
            self._servers.append(server)

    async def start(self) -> None:
        """Begin to serve."""
        for server in self._servers:
            await server.start()

    async def stop(self) -> None:
        """Take no new calls and let those in flight answer."""
        await asyncio.gather(*(server.stop(_STOP_GRACE_SECONDS) for server in self._servers))


async def serve(options: ServeOptions) -> None:
    """Serve until stdin closes or SIGTERM or SIGINT comes; the ports are printed as one line of JSON."""
    database = Database(options.store)
    for fault in options.faults:
        Faults(database).add(fault)
    clock = Clock(options.latency)
    servers = Servers(providers_of(database, clock, options.account))
    stop = _stop_when_asked()
    await servers.start()
    sys.stdout.write(json.dumps({"providers": servers.ports}) + "\n")
    sys.stdout.flush()
    await stop.wait()
    clock.hurry()
    await servers.stop()
    database.close()


def _stop_when_asked() -> asyncio.Event:
    """An event that is set once stdin closes or SIGTERM or SIGINT comes."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def read() -> None:
        if not sys.stdin.buffer.raw.read(1024):  # pyright: ignore -- stdin is a raw file here
            loop.remove_reader(sys.stdin)
            stop.set()

    try:
        loop.add_reader(sys.stdin, read)
    except PermissionError:  # stdin is a regular file, which never closes
        sys.stderr.write("stdin cannot be watched; stop with SIGTERM\n")
    return stop


def _options() -> tuple[tuple[str, int], ...]:
    return (
        ("grpc.max_receive_message_length", _LONGEST_MESSAGE_BYTES),
        ("grpc.max_send_message_length", _LONGEST_MESSAGE_BYTES),
        ("grpc.so_reuseport", 0),
    )
