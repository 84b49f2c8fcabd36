"""How late events reach those who follow: one client, and a thousand of one operation.

One client: from the moment at which a runner heard of an engine event to its arrival, by way of the
worker, Postgres and the API. A thousand: from the append to the records to the arrival at each. Beside
them stands a bare Starlette endpoint without records, asked in the same way.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks._service_bench import START_SECONDS, ServiceBench, cancelled, free_port, percentile
from service.core.database import make_engine
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from service.engine.choice import choose_engine
from service.events.model import Diagnostic
from service.operations.claims import claim_operation
from service.operations.runs import Run, TimedPayload, append_events
from service.settings import Settings

FOLLOWED_RESOURCES = 100
CLIENTS = 1_000
EVENTS = 50
EVENT_SECONDS = 0.2
PATIENCE_SECONDS = 120
MEBIBYTE = 1 << 20
_TICK = re.compile(rb"tick-(\d+)\.")
_AT = re.compile(rb'"at":"([^"]+)"')

Tell = Callable[[int], Awaitable[None]]


@dataclass(slots=True)
class Audience:
    """Clients of one stream: when each tick was told, and how late it came to each of them."""

    sent: dict[int, float] = field(default_factory=dict[int, float])
    delays_ms: list[float] = field(default_factory=list[float])
    connected: int = 0

    async def attend(self, url: str) -> None:
        """Follow until cancelled."""
        async for chunk in chunks(url):
            now = time.time()
            self.connected += chunk.startswith(b"HTTP/1.1 200")
            self.delays_ms += [(now - self.sent[int(number)]) * 1000 for number in _TICK.findall(chunk)]


def main() -> None:
    """Print both tables."""
    engine = choose_engine(Settings())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bench = ServiceBench(folder, engine)
        stack.callback(bench.stop)
        api = bench.start()
        port = free_port()
        bare = subprocess.Popen([sys.executable, "-m", "benchmarks._bare_stream", str(port)])  # noqa: S603
        stack.callback(bare.wait)
        stack.callback(bare.terminate)
        wait_for_port(f"http://127.0.0.1:{port}/")
        asyncio.run(compare(bench, api.pid, bare.pid, f"http://127.0.0.1:{port}"))


async def compare(bench: ServiceBench, api: int, bare: int, bare_url: str) -> None:
    """Measure Berth and the bare endpoint with one client and with many."""
    print(f"{'delay of events; ms':<38}{'p50':>8}{'p99':>8}")
    delays = await delays_of_a_run(bench)
    show("Berth, engine to client, one client", delays)
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:

        async def tell_bare(number: int) -> None:
            await http.post(f"{bare_url}/tell", content=f'{{"message":"tick-{number}."}}')

        for clients in (1, CLIENTS):
            await crowd(f"bare Starlette, clients: {clients}", bare, f"{bare_url}/events", tell_bare, clients)
    database = make_engine(bench.database_url, pool_size=2)
    uows = unit_of_work_factory(database)
    for clients in (1, CLIENTS):
        run = await begin_run(bench, uows, f"followed-{clients}")
        url = f"{bench.url}/v1/operations/{run.operation_id}/events"

        async def tell(number: int, run: Run = run) -> None:
            said = Diagnostic(severity="info", message=f"tick-{number}.")
            async with uows() as uow:
                await append_events(uow, run, [TimedPayload(datetime.now(UTC), said)])
                await uow.commit()

        await crowd(f"Berth, records to clients: {clients}", api, url, tell, clients)
    await database.dispose()


async def delays_of_a_run(bench: ServiceBench) -> list[float]:
    """Return how late each event of a real run reached its one follower, in milliseconds."""
    worker = bench.start_worker(BERTH_WORKER_CONCURRENCY="1")
    await asyncio.to_thread(lambda: bench.wait_for(bench.create("stream-warm", 1)))
    operation_id = bench.create("stream", FOLLOWED_RESOURCES)
    delays: list[float] = []
    async for chunk in chunks(f"{bench.url}/v1/operations/{operation_id}/events"):
        now = time.time()
        moments = [datetime.fromisoformat(text.decode()) for text in _AT.findall(chunk)]
        delays += [(now - moment.timestamp()) * 1000 for moment in moments]
        if b"event: done" in chunk:
            break
    bench.stop_these([worker])
    # The state changes before the run are told by the API, not by an engine.
    return delays[2:]


async def begin_run(bench: ServiceBench, uows: UnitOfWorkFactory, name: str) -> Run:
    """Claim a new environment's operation, as a worker would."""
    operation_id = OperationId(bench.create(name, 1))
    async with uows() as uow:
        claimed = await claim_operation(
            uow,
            operation_id=operation_id,
            worker="benchmark",
            engine="none",
            engine_version="0",
            lease_seconds=3600,
        )
        await uow.commit()
    if claimed is None:
        sys.exit("the operation could not be claimed")
    return claimed.run


async def crowd(label: str, pid: int, url: str, tell: Tell, clients: int) -> None:
    """Let so many clients follow, tell events, and print how late they came and what the server took."""
    audience = Audience()
    process = psutil.Process(pid)
    held = process.memory_info().rss
    began = time.monotonic()
    attending = [asyncio.create_task(audience.attend(url)) for _ in range(clients)]
    await until(lambda: audience.connected == clients)
    seconds = time.monotonic() - began
    for number in range(EVENTS):
        audience.sent[number] = time.time()
        await tell(number)
        await asyncio.sleep(EVENT_SECONDS)
    await until(lambda: len(audience.delays_ms) == EVENTS * clients)
    more = (process.memory_info().rss - held) / MEBIBYTE
    await cancelled(*attending)
    show(label, audience.delays_ms, f"connected in {seconds:.1f} s, {more:+.0f} MiB")


def show(label: str, delays: list[float], beside: str = "") -> None:
    """Print one row."""
    print(f"  {label:<36}{median(delays):>8.0f}{percentile(delays, 99):>8.0f}   {beside}", flush=True)


async def chunks(url: str) -> AsyncIterator[bytes]:
    """Yield what a stream sends, by a connection of its own without a library that costs time."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/event-stream\r\n\r\n"
    writer.write(request.encode())
    try:
        while chunk := await reader.read(1 << 16):
            yield chunk
    finally:
        writer.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that the clients bring about; give up in time."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > limit:
            sys.exit("the clients did not get everything in time")
        await asyncio.sleep(0.05)


def wait_for_port(url: str) -> None:
    """Wait until a server answers, whatever it says."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the bare server did not start")


if __name__ == "__main__":
    main()
