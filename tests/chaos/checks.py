"""What must be so after a storm, and the figures of it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from service.core.ids import EnvironmentId
from tests.chaos.caller import Caller
from tests.chaos.followers import Followers
from tests.chaos.storm import Hit
from tests.service.worker.live import Live
from tests.service.worker.rows import Records

RUNNING_AGAIN_WITHIN_SECONDS = 90


def states(records: Records) -> dict[str, int]:
    """Return how many operations ended in which state."""
    rows = records.rows("SELECT state, count(*) AS number FROM operations GROUP BY state ORDER BY state")
    return {str(row["state"]): int(str(row["number"])) for row in rows}


def check_operations(records: Records, caller: Caller) -> None:
    """Every operation has ended, was made once per request, and none ran beside another."""
    assert records.rows("SELECT id FROM operations WHERE finished_at IS NULL") == []
    assert records.rows("SELECT id FROM procrastinate_jobs WHERE queue_name = 'operations'") == []
    assert records.rows("SELECT id FROM environments WHERE current_operation_id IS NOT NULL") == []
    by_callers = records.rows("SELECT id FROM operations WHERE created_by <> 'berth-recovery' ORDER BY id")
    assert [row["id"] for row in by_callers] == sorted(set(caller.started))
    assert len(set(caller.started)) == len(caller.started)
    # What a program raises: the runner of the storm raises when it is not the only one.
    assert records.rows("SELECT id FROM operations WHERE failure->>'code' = 'program_error'") == []
    runs: dict[object, list[dict[str, object]]] = {}
    for row in records.rows(
        "SELECT environment_id, started_at, finished_at FROM operations"
        " WHERE started_at IS NOT NULL ORDER BY started_at"
    ):
        runs.setdefault(row["environment_id"], []).append(row)
    for of_one in runs.values():
        for earlier, later in pairwise(of_one):
            assert moment(earlier["finished_at"]) <= moment(later["started_at"])


def check_events(records: Records, followers: Followers) -> None:
    """No event is missing or doubled: in the records, in the webhooks' outbox, at the clients."""
    numbered = (
        "SELECT operation_id, min(sequence) AS first, max(sequence) AS last, count(*) AS number"
        " FROM operation_events GROUP BY operation_id"
    )
    for row in records.rows(numbered):
        assert (row["first"], row["last"]) == (1, row["number"]), row["operation_id"]
    outbox = (
        "SELECT environment_id, min(sequence) AS first, max(sequence) AS last, count(*) AS number"
        " FROM webhook_events GROUP BY environment_id"
    )
    for row in records.rows(outbox):
        assert (row["first"], row["last"]) == (1, row["number"]), row["environment_id"]
    changes = "SELECT count(*) AS number FROM operation_events WHERE type = 'state_changed'"
    published = "SELECT count(*) AS number FROM webhook_events WHERE type LIKE 'operation.%%'"
    assert records.rows(changes) == records.rows(published)
    for operation_id, end in followers.ends.items():
        ids = records.rows(
            "SELECT id FROM operation_events WHERE operation_id = %s ORDER BY id", operation_id
        )
        assert followers.told[operation_id] == [row["id"] for row in ids], operation_id
        (operation,) = records.rows("SELECT state FROM operations WHERE id = %s", operation_id)
        assert end == f'{{"state":"{operation["state"]}"}}'


def check_cloud(live: Live) -> None:
    """What stands in the cloud is what the states say, each once."""
    assert in_the_cloud(live.data_dir / "cloud") == in_the_states(live.records)


def check_statuses(records: Records, environments: Sequence[EnvironmentId], status: str) -> None:
    """Every environment stands as it should."""
    assert {records.environment(one)["status"] for one in environments} == {status}


def seconds_until_running_again(records: Records, hits: Sequence[Hit]) -> list[float]:
    """Return, for each operation that a fault cut off, how long its environment had nothing running.

    Where an operation follows, until it was claimed; where none does, until the environment was free for one.
    """
    gaps: list[float] = []
    for hit in hits:
        (cut_off,) = records.rows("SELECT * FROM operations WHERE id = %s", hit.operation_id)
        if cut_off["state"] != "interrupted":
            continue
        following = records.rows(
            "SELECT started_at FROM operations WHERE environment_id = %s AND started_at > %s"
            " AND created_at < %s::timestamptz + interval '1 second' ORDER BY started_at LIMIT 1",
            cut_off["environment_id"],
            cut_off["started_at"],
            cut_off["finished_at"],
        )
        again = following[0]["started_at"] if following else cut_off["finished_at"]
        gaps.append((moment(again) - hit.at).total_seconds())
    return gaps


def check_gaps(gaps: Sequence[float]) -> None:
    """Nobody waited longer than promised."""
    assert all(gap <= RUNNING_AGAIN_WITHIN_SECONDS for gap in gaps), max(gaps)


def moment(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value


def in_the_cloud(store: Path) -> list[str]:
    with closing(sqlite3.connect(store / "cloud.sqlite3")) as database:
        return sorted(str(row[0]) for row in database.execute("SELECT id FROM resources"))


def in_the_states(records: Records) -> list[str]:
    rows = records.rows("SELECT provider_id FROM resources WHERE type LIKE 'aws:%%'")
    return sorted(str(row["provider_id"]) for row in rows)
