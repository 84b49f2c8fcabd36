"""Whatever dies: every operation ends, nothing is made twice, no event is lost or doubled."""

import os
import random
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.model import OperationKind
from tests.chaos.storm import Storm
from tests.service.worker.live import Live
from tests.service.worker.rows import Records, add_environment, add_operation

# The short form belongs to every run; BERTH_CHAOS_FAULTS=1000 is the long one.
FAULTS = int(os.environ.get("BERTH_CHAOS_FAULTS", "6"))
SEED = int(os.environ.get("BERTH_CHAOS_SEED", "7"))
WORKERS = 2
ENVIRONMENTS = 3
PAUSE_SECONDS = 1.5


@pytest.mark.timeout(300 + 30 * FAULTS)
async def test_storm(database_url: str, tmp_path: Path, uow_factory: UnitOfWorkFactory) -> None:
    """Workers, runners, engines, the API and Postgres's connections fail in any order, again and again."""
    live = Live(database_url, tmp_path, BERTH_ENGINE="sandbox", BERTH_AUTOMATIC_RECOVERIES="2")
    dice = random.Random(SEED)  # noqa: S311 -- picks what to deploy, guards nothing
    try:
        live.start_api()
        storm = Storm(live, workers=WORKERS, seed=SEED)
        environments = [await add_environment(uow_factory, name=f"dev-{n}") for n in range(ENVIRONMENTS)]
        for _ in range(FAULTS):
            await submit(uow_factory, live.records, dice.choice(environments), dice.randint(1, 6))
            storm.strike()
            storm.rest(PAUSE_SECONDS)
        storm.calm()
        for environment_id in environments:
            await submit(uow_factory, live.records, environment_id, 3)
        settle(live)
        print(f"faults {dict(storm.faults)}, operations {states(live.records)}")  # noqa: T201 -- the figures
        check(live, environments)
    finally:
        live.stop()


async def submit(
    uow_factory: UnitOfWorkFactory, records: Records, environment_id: EnvironmentId, groups: int
) -> None:
    """Ask for a deploy of so many log groups."""
    request: dict[str, object] = {"groups": groups}
    records.set_environment_request(environment_id, request)
    await add_operation(uow_factory, environment_id, OperationKind.DEPLOY, request=request)


def settle(live: Live) -> None:
    """Wait for the end of every operation, of those too that follow by themselves."""
    while True:
        waiting = live.records.rows("SELECT id FROM operations WHERE finished_at IS NULL ORDER BY id LIMIT 1")
        if not waiting:
            return
        live.wait_for_end(OperationId(str(waiting[0]["id"])))


def states(records: Records) -> dict[str, object]:
    rows = records.rows("SELECT state, count(*) AS number FROM operations GROUP BY state ORDER BY state")
    return {str(row["state"]): row["number"] for row in rows}


def check(live: Live, environments: list[EnvironmentId]) -> None:
    """Compare records, events, queue and cloud with what they promise."""
    records = live.records
    assert {records.environment(one)["status"] for one in environments} == {"ready"}
    for row in records.rows(
        "SELECT operation_id, min(sequence) AS first, max(sequence) AS last, count(*) AS number"
        " FROM operation_events GROUP BY operation_id"
    ):
        assert (row["first"], row["last"]) == (1, row["number"]), row["operation_id"]
    for environment_id in environments:
        runs = records.rows(
            "SELECT started_at, finished_at FROM operations"
            " WHERE environment_id = %s AND started_at IS NOT NULL ORDER BY started_at",
            environment_id,
        )
        assert all(str(one["finished_at"]) <= str(next_one["started_at"]) for one, next_one in pairwise(runs))
    assert records.rows("SELECT id FROM procrastinate_jobs WHERE queue_name = 'operations'") == []
    assert in_the_cloud(live.data_dir / "cloud") == in_the_state(records)


def in_the_cloud(store: Path) -> list[str]:
    with closing(sqlite3.connect(store / "cloud.sqlite3")) as database:
        return sorted(str(row[0]) for row in database.execute("SELECT id FROM resources"))


def in_the_state(records: Records) -> list[str]:
    rows = records.rows("SELECT provider_id FROM resources WHERE type LIKE 'aws:%%'")
    return sorted(str(row["provider_id"]) for row in rows)
