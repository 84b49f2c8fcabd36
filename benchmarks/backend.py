"""`up` with Berth as the Pulumi backend, beside `file://` and Pulumi's own Postgres storage.

The same program of N components, a new stack each time, the three one after the other on this machine.
Without the official CLI the sandbox engine stands in, beside `file://` only.
"""

import tempfile
from pathlib import Path
from statistics import median

import psycopg

from benchmarks._backend_bench import BackendBench, has_official_engine

REPEATS_BY_COUNT = {10: 3, 100: 3, 300: 1, 1000: 1}


def contestants(bench: BackendBench) -> dict[str, tuple[str, str]]:
    """Return each backend's address and the organization that its stacks belong to."""
    files = bench.folder / "files"
    files.mkdir()
    both = {"Berth": (bench.url, "bench"), "file": (f"file://{files}", "organization")}
    if not has_official_engine():
        return both
    with psycopg.connect(bench.database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE pulumi_storage")
        place = f"{connection.info.user}:@/pulumi_storage?host={connection.info.host}"
    return {**both, "postgres": (f"postgres://{place}", "organization")}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = BackendBench(Path(folder))
        try:
            compare(bench)
        finally:
            bench.stop()


def compare(bench: BackendBench) -> None:
    """Measure and print row by row."""
    sides = contestants(bench)
    engine = "official CLI" if has_official_engine() else "sandbox engine"
    print(f"engine: {engine}; seconds of `up`, and Berth's as a multiple of the others'")
    ratios = "".join(f"  of {name:<9}" for name in sides if name != "Berth")
    print(f"{'resources':>9}" + "".join(f"{name:>10}" for name in sides) + ratios)
    for side in sides.values():
        bench.seconds_of_up(*side, 1)
    for count, repeats in REPEATS_BY_COUNT.items():
        taken = {
            name: median(bench.seconds_of_up(*side, count) for _ in range(repeats))
            for name, side in sides.items()
        }
        shown = "".join(f"{seconds:>10.1f}" for seconds in taken.values())
        against = "".join(f"{taken['Berth'] / taken[name]:>14.2f}" for name in taken if name != "Berth")
        print(f"{count:>9}{shown}{against}", flush=True)
