"""What the backend answers with little in it and with much: 10,000 stacks, 1,000 versions of one of them.

Medians of requests in milliseconds, the same requests before and after; flat means a ratio near 1.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx
import psycopg

from benchmarks._backend_bench import BackendBench

STACKS = 10_000
VERSIONS = 1_000
REQUESTS = 30
STACK = "/stacks/bench/environments/subject"
RESOURCES = 100


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = BackendBench(Path(folder))
        try:
            make_subject(bench.http)
            little = measure(bench.http)
            fill(bench.database_url)
            much = measure(bench.http)
        finally:
            bench.stop()
    print(f"{'request':<28}{'little':>10}{'much':>10}{'ratio':>8}")
    for name, before in little.items():
        print(f"{name:<28}{before:>10.1f}{much[name]:>10.1f}{much[name] / before:>8.2f}")


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


def measure(http: httpx.Client) -> dict[str, float]:
    """Return each request's median in milliseconds."""
    requests: dict[str, Callable[[], None]] = {
        "list, a page of all": lambda: get(http, "/user/stacks"),
        "list, one organization": lambda: get(http, "/user/stacks?organization=bench"),
        "show": lambda: get(http, STACK),
        "export": lambda: get(http, f"{STACK}/export"),
        "history, first page": lambda: get(http, f"{STACK}/updates?pageSize=10&page=1"),
        "create, start, end an update": lambda: run_update(http),
    }
    return {name: measure_one(request) for name, request in requests.items()}


def measure_one(request: Callable[[], None]) -> float:
    """Ask again and again."""
    taken: list[float] = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        request()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def get(http: httpx.Client, path: str) -> None:
    """Read and throw away."""
    http.get(path).raise_for_status()


def run_update(http: httpx.Client) -> None:
    """Run an update that changes nothing."""
    update_id = http.post(f"{STACK}/update", json={}).raise_for_status().json()["updateID"]
    path = f"{STACK}/update/{update_id}"
    lease = http.post(path, json={"journalVersion": 1}).raise_for_status().json()["token"]
    headers = {"Authorization": f"update-token {lease}"}
    http.post(f"{path}/complete", json={"status": "succeeded"}, headers=headers).raise_for_status()
