"""The backend with little in it and with much: 10,000 stacks, 1,000 versions of one of them.

Medians of requests in milliseconds, asked in turn of a service with little in it and of one with much; flat
means a ratio near 1.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx
import psycopg

from benchmarks._backend_bench import BackendBench

STACKS = 10_000
VERSIONS = 1_000
REPEATS = 30
STACK = "/stacks/bench/environments/subject"
RESOURCES = 100


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        little, much = (start(Path(folder) / name, stack) for name in ("little", "much"))
        fill(much.database_url)
        print(f"{'request':<28}{'little':>10}{'much':>10}{'ratio':>8}")
        for name, request in REQUESTS.items():
            few, many = compare(request, little.http, much.http)
            print(f"{name:<28}{few:>10.1f}{many:>10.1f}{many / few:>8.2f}", flush=True)


def start(folder: Path, stack: ExitStack) -> BackendBench:
    """Start a service of its own with one stack in it."""
    folder.mkdir()
    bench = BackendBench(folder)
    stack.callback(bench.stop)
    make_subject(bench.http)
    return bench


def compare(
    request: Callable[[httpx.Client], None], little: httpx.Client, much: httpx.Client
) -> tuple[float, float]:
    """Ask both in turn, so that what else the machine does hits both; return the medians."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(REPEATS):
        for http, times in zip((little, much), taken, strict=True):
            began = time.perf_counter()
            request(http)
            times.append((time.perf_counter() - began) * 1000)
    return median(taken[0]), median(taken[1])


def make_subject(http: httpx.Client) -> None:
    """Make the stack that is asked about, with a state of some size."""
    http.post("/stacks/bench/environments", json={"stackName": "subject"}).raise_for_status()
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    resources = [
        {
            "urn": f"urn:pulumi:subject::environments::bench:index:Thing::thing-{number}",
            "type": "bench:index:Thing",
            "custom": True,
            "id": str(number),
            "inputs": {"number": number},
        }
        for number in range(RESOURCES)
    ]
    state = {"version": 3, "deployment": {"manifest": manifest, "resources": resources}}
    http.post(f"{STACK}/import", json=state).raise_for_status()


def fill(database_url: str) -> None:
    """Put stacks and versions beside what there is."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO stacks (id, team, project, name)"
            " SELECT 'stk_' || n, 'team' || n %% 50, 'environments', 's' || n"
            " FROM generate_series(1, %s::int) n",
            (STACKS,),
        )
        connection.execute(
            "INSERT INTO updates (id, stack_id, kind, status, version, requested_by, message, metadata,"
            " config, engine_version, started_at, finished_at)"
            " SELECT gen_random_uuid()::text, stack_id, kind, status, (SELECT version FROM stacks WHERE"
            " name = 'subject') + n, requested_by, message, metadata, config, engine_version, now(), now()"
            " FROM generate_series(1, %s::int) n, (SELECT * FROM updates WHERE kind = 'import' LIMIT 1) one",
            (VERSIONS,),
        )
        connection.execute(
            "INSERT INTO state_versions (stack_id, number, is_good, schema_version, features, deployment,"
            " digest, size_bytes, resource_count, pending_operation_count)"
            " SELECT stack_id, (SELECT version FROM stacks WHERE name = 'subject') + n, is_good,"
            " schema_version, features, deployment, digest, size_bytes, resource_count, 0"
            " FROM generate_series(1, %s::int) n, (SELECT * FROM state_versions LIMIT 1) one",
            (VERSIONS,),
        )
        connection.execute("UPDATE stacks SET version = version + %s WHERE name = 'subject'", (VERSIONS,))
        connection.execute("ANALYZE")


def reads(path: str) -> Callable[[httpx.Client], None]:
    """Return a request that reads and throws away."""

    def read(http: httpx.Client) -> None:
        http.get(path).raise_for_status()

    return read


def run_update(http: httpx.Client) -> None:
    """Run an update that changes nothing."""
    update_id = http.post(f"{STACK}/update", json={}).raise_for_status().json()["updateID"]
    path = f"{STACK}/update/{update_id}"
    lease = http.post(path, json={"journalVersion": 1}).raise_for_status().json()["token"]
    headers = {"Authorization": f"update-token {lease}"}
    http.post(f"{path}/complete", json={"status": "succeeded"}, headers=headers).raise_for_status()


REQUESTS: dict[str, Callable[[httpx.Client], None]] = {
    "list, a page of all": reads("/user/stacks"),
    "list, one organization": reads("/user/stacks?organization=bench"),
    "show": reads(STACK),
    "export": reads(f"{STACK}/export"),
    "history, first page": reads(f"{STACK}/updates?pageSize=10&page=1"),
    "create, start, end an update": run_update,
}
