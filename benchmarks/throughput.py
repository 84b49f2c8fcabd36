"""Operations a minute, the time until one is claimed, and what one takes of memory.

The cloud has no latency, so that what is measured is Berth, its engine and this machine. Beside it stand
a plain script that runs the same engine for one stack after the other, and the queue's library alone with
a task that does nothing.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from statistics import median

import psutil
from procrastinate import App, PsycopgConnector

from benchmarks._memory import MEBIBYTE, MemoryWatch
from benchmarks._service_bench import ScriptBench, ServiceBench, cancelled, percentile, side_by_side
from service.engine.choice import choose_engine
from service.queue.consumer import FETCH_SECONDS
from service.settings import Settings

WORKERS = (1, 2, 4)
OPERATIONS = 16
RESOURCES = 5
JOBS = 500
CLAIMS = 20
MEASURED_RESOURCES = 100
SAMPLE_SECONDS = 0.1


def main() -> None:
    """Print the three tables."""
    engine = choose_engine(Settings())
    print(f"engine: {engine.name} {engine.version}")
    with side_by_side(engine) as (bench, scripts):
        show_rates(bench, scripts)
        show_claims(bench)
        show_memory(bench, scripts)


def show_rates(bench: ServiceBench, scripts: ScriptBench) -> None:
    """Print how many deploys of a few resources end in a minute."""
    print(f"\n{OPERATIONS} deploys of {RESOURCES} resources, a minute")
    names = [f"script-{number}" for number in range(OPERATIONS)]
    alone = OPERATIONS / scripts.seconds(RESOURCES, *names) * 60
    print(f"  {'plain script, one after the other':<36}{alone:>8.0f}", flush=True)
    for count in WORKERS:
        rate = rate_with(bench, count)
        print(f"  {f'Berth, workers: {count}':<36}{rate:>8.0f}{rate / alone:>8.2f} of it", flush=True)
    print(f"  {'the queue alone, empty tasks':<36}{asyncio.run(empty_tasks(bench)):>8.0f}", flush=True)


def rate_with(bench: ServiceBench, count: int) -> float:
    """Return the operations a minute, from the first claim to the last end."""
    workers = [bench.start_worker(BERTH_WORKER_CONCURRENCY="1") for _ in range(count)]
    warm = [bench.create(f"warm-{count}-{number}", 1) for number in range(count * 2)]
    for operation_id in warm:
        bench.wait_for(operation_id)
    asked = [bench.create(f"rate-{count}-{number}", RESOURCES) for number in range(OPERATIONS)]
    ended = [bench.wait_for(operation_id) for operation_id in asked]
    bench.stop_these(workers)
    began = min(moment(operation["started_at"]) for operation in ended)
    return OPERATIONS / (max(moment(operation["finished_at"]) for operation in ended) - began) * 60


def empty_app(bench: ServiceBench, note: Callable[[float], None]) -> App:
    """Make an application of the queue's library whose task only notes when it ran."""
    app = App(connector=PsycopgConnector(conninfo=bench.database_url))

    @app.task(name="nothing", queue="bench")
    async def nothing() -> None:
        note(time.time())

    return app


async def empty_tasks(bench: ServiceBench) -> float:
    """Return how many jobs that do nothing one worker of the library ends in a minute."""
    ran: list[float] = []
    app = empty_app(bench, ran.append)
    async with app.open_async():
        for _ in range(JOBS):
            await app.configure_task("nothing", queue="bench").defer_async()
        began = time.time()
        await app.run_worker_async(
            queues=["bench"], wait=False, delete_jobs="always", install_signal_handlers=False
        )
    return JOBS / (ran[-1] - began) * 60


def show_claims(bench: ServiceBench) -> None:
    """Print how long it takes from asking to the claim, with an idle worker."""
    worker = bench.start_worker()
    bench.wait_for(bench.create("claims-warm", 1))
    waits: list[float] = []
    for number in range(CLAIMS):
        asked = time.time()
        operation = bench.wait_for(bench.create(f"claim-{number}", 1))
        waits.append((moment(operation["started_at"]) - asked) * 1000)
    bench.stop_these([worker])
    alone = asyncio.run(queue_waits(bench))
    print("\nfrom POST to claimed, an idle worker; ms" + f"{'p50':>10}{'p99':>8}")
    print(f"  {'the queue alone, defer to start':<38}{median(alone):>10.0f}{percentile(alone, 99):>8.0f}")
    print(f"  {'Berth':<38}{median(waits):>10.0f}{percentile(waits, 99):>8.0f}", flush=True)


async def queue_waits(bench: ServiceBench) -> list[float]:
    """Return the milliseconds from deferring a job to its start, for each of some, by the library alone."""
    ran: asyncio.Queue[float] = asyncio.Queue()
    app = empty_app(bench, ran.put_nowait)
    waits: list[float] = []
    async with app.open_async():
        worker = app.run_worker_async(
            queues=["bench"], fetch_job_polling_interval=FETCH_SECONDS, install_signal_handlers=False
        )
        working = asyncio.create_task(worker)
        for _ in range(CLAIMS):
            asked = time.time()
            await app.configure_task("nothing", queue="bench").defer_async()
            waits.append((await ran.get() - asked) * 1000)
        await cancelled(working)
    return waits


def shared_bytes(pid: int, *, is_of_interest: Callable[[psutil.Process], bool]) -> int:
    """Return what a process and those below it hold, of those that are of interest.

    Pages that several processes share are counted once over all of them (proportional set size).
    """
    root = psutil.Process(pid)
    held = 0
    for process in (root, *root.children(recursive=True)):
        try:
            if is_of_interest(process):
                held += process.memory_full_info().pss
        except psutil.Error:
            continue
    return held


def watch_memory(pid: int, *, is_of_interest: Callable[[psutil.Process], bool]) -> MemoryWatch:
    """Watch what a process and those below it hold."""
    held = partial(shared_bytes, pid, is_of_interest=is_of_interest)
    return MemoryWatch(held, sample_seconds=SAMPLE_SECONDS)


def show_memory(bench: ServiceBench, scripts: ScriptBench) -> None:
    """Print what one running operation holds at most, beside the plain script for the same resources."""
    script = scripts.start(MEASURED_RESOURCES, "memory")
    with watch_memory(script.pid, is_of_interest=lambda _: True) as alone:
        script.wait()
    worker = bench.start_worker(BERTH_WORKER_CONCURRENCY="1")
    bench.wait_for(bench.create("memory-warm", 1))
    with watch_memory(worker.pid, is_of_interest=is_at_work) as watch:
        bench.wait_for(bench.create("memory", MEASURED_RESOURCES))
    idle = psutil.Process(worker.pid).memory_full_info().pss / MEBIBYTE
    bench.stop_these([worker])
    ours, theirs = watch.peak_bytes / MEBIBYTE, alone.peak_bytes / MEBIBYTE
    print(f"\nmemory of a deploy of {MEASURED_RESOURCES} resources, peak; MiB")
    print(f"  {'plain script with its engine':<36}{theirs:>8.0f}")
    print(f"  {'Berth: a runner with its engine':<36}{ours:>8.0f}{ours / theirs:>8.2f} of it")
    print(f"  {'Berth: the worker itself':<36}{idle:>8.0f}", flush=True)


def is_at_work(process: psutil.Process) -> bool:
    """Whether a process is an engine, or a runner that has one: the warm one for the next job has none."""
    command = " ".join(process.cmdline())
    if "--client=" in command:
        return True
    return "_log_groups_runner" in command and bool(process.children())


def moment(text: object) -> float:
    """Return a moment of the API in seconds."""
    return datetime.fromisoformat(str(text)).timestamp()


if __name__ == "__main__":
    main()
