"""A list of 100,000 environments: its first page and its last, beside the same rows by plain SQL.

Medians in milliseconds. Berth's pages go by keys; SQL is asked in the same way and, as most lists do it,
by OFFSET.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psycopg

from benchmarks._service_bench import ServiceBench
from service.core.pages import PageRequest, make_page
from service.engine.choice import choose_engine
from service.settings import Settings

ENVIRONMENTS = 100_000
PAGE = 50
REPEATS = 40
ROWS = (
    "SELECT id, team, name, orchestrator, environment_class, account, region, revision, status, is_protected,"
    " created_by, created_at, updated_at, expires_at, is_paused, current_operation_id, last_operation_id"
    " FROM environments WHERE status <> 'destroyed'"
)
BY_KEY = f"{ROWS} AND id < %s ORDER BY id DESC LIMIT {PAGE + 1}"
BY_OFFSET = f"{ROWS} ORDER BY id DESC LIMIT {PAGE} OFFSET %s"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = ServiceBench(Path(folder), choose_engine(Settings()))
        try:
            bench.start()
            fill(bench.database_url)
            compare(bench)
        finally:
            bench.stop()


def fill(database_url: str) -> None:
    """Record the environments."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO environments (id, team, name, orchestrator, environment_class, account, region,"
            " request, status, is_protected, created_by)"
            " SELECT 'env_' || lpad(to_hex(n), 32, '0'), 'team' || n %% 200, 'e' || n, 'ecs', 'standard',"
            " 'default', 'us-east-1', '{\"name\": \"bench\"}', 'ready', false, 'benchmark'"
            " FROM generate_series(1, %s::int) n",
            (ENVIRONMENTS,),
        )
        connection.execute("ANALYZE")


def compare(bench: ServiceBench) -> None:
    """Measure and print row by row."""
    after = f"env_{PAGE + 1:032x}"
    token = last_page_token(after)
    print(f"{ENVIRONMENTS} environments, a page of {PAGE}; ms{'first':>10}{'last':>8}{'ratio':>8}")
    with psycopg.connect(bench.database_url, autocommit=True) as connection:

        def ask(query: str, value: object) -> Callable[[], int]:
            return lambda: len(connection.execute(query.encode(), (value,)).fetchall())

        def read(**params: str) -> Callable[[], int]:
            def ask_api() -> int:
                answer = bench.client.get("/v1/environments", params={"page_size": PAGE, **params})
                return len(answer.raise_for_status().json()["items"])

            return ask_api

        show("SQL by key", ask(BY_KEY, "env_g"), ask(BY_KEY, after))
        show("SQL by OFFSET", ask(BY_OFFSET, 0), ask(BY_OFFSET, ENVIRONMENTS - PAGE))
        show("Berth", read(), read(page_token=token))


def last_page_token(after: str) -> str:
    """Return the token of the page behind this environment, as the list itself would have given it."""
    wanted = PageRequest(size=1, before=None, filters={"include_destroyed": "False"})
    token = make_page(wanted, [after, after], lambda key: key).next_page_token
    return token or ""


def show(label: str, first: Callable[[], int], last: Callable[[], int]) -> None:
    """Ask for both pages in turn and print the medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(REPEATS):
        for ask, taken in zip((first, last), times, strict=True):
            began = time.perf_counter()
            found = ask()
            taken.append((time.perf_counter() - began) * 1000)
            if found < PAGE:
                msg = f"a page of {label} has {found} environments"
                raise RuntimeError(msg)
    few, many = (median(taken) for taken in times)
    print(f"  {label:<36}{few:>10.1f}{many:>8.1f}{many / few:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
