"""Whatever dies: every operation ends, nothing is made twice, no event is lost or doubled."""

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic

import psycopg
import pytest

from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.model import OperationKind
from tests.chaos import checks
from tests.chaos.caller import Caller
from tests.chaos.followers import Followers
from tests.chaos.storm import MAX_COMING_FAULTS, Lane, Storm
from tests.service.worker.live import Live
from tests.service.worker.rows import add_environment

SEED = int(os.environ.get("BERTH_CHAOS_SEED", "7"))
MAX_GROUPS = 6
KINDS = (
    *[OperationKind.DEPLOY] * 6,
    OperationKind.REFRESH,
    OperationKind.PREVIEW,
    OperationKind.DETECT_DRIFT,
)
POLL_SECONDS = 0.2
FAULTS_PER_LINE = 25
PATIENCE_SECONDS = 300
# Every so many operations are asked for by a request whose answer gets lost.
LOST_ANSWERS = 5
UNKNOWN = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a storm is; `unfinished` operations are kept going for as long as it lasts.

    After a fault its lane rests for `pause_seconds`, or, where something has to start or connect again, for
    `long_pause_seconds`: else nothing would ever run. Workers hold operations by a lease of `lease_seconds`.
    """

    faults: int
    workers: int
    environments: int
    unfinished: int
    pause_seconds: float
    long_pause_seconds: float
    lease_seconds: int
    has_every_kind: bool


# The short form belongs to every run; the long one has every kind of fault, several at the same time.
SHORT = Size(
    faults=4,
    workers=2,
    environments=1,
    unfinished=2,
    pause_seconds=0.3,
    long_pause_seconds=0.3,
    lease_seconds=3,
    has_every_kind=False,
)
# The last of the cloud's faults may find no call to meet: they are not counted in the end.
LONG = Size(
    faults=int(os.environ.get("BERTH_CHAOS_FAULTS", "1000")) + MAX_COMING_FAULTS,
    workers=4,
    environments=12,
    unfinished=8,
    pause_seconds=0.5,
    long_pause_seconds=4,
    lease_seconds=4,
    has_every_kind=True,
)


@dataclass(slots=True)
class Scene:
    """Everything that takes part, and what was done."""

    live: Live
    caller: Caller
    followers: Followers
    environments: list[EnvironmentId]
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 -- guards nothing

    def ask_for(self, environment_id: EnvironmentId, groups: int) -> bool:
        """Let the environment's request want so many log groups; not while Postgres is being restarted."""
        workload = {"name": "web", "image": "registry.test/web:1.0", "replicas": {"desired": groups}}
        request: dict[str, object] = {
            "name": "storm",
            "team": "shop",
            "orchestrator": "ecs",
            "workloads": [workload],
        }
        try:
            self.live.records.set_environment_request(environment_id, request)
        except psycopg.OperationalError:
            return False
        return True

    async def start(self, environment_id: EnvironmentId, kind: OperationKind) -> None:
        """Start an operation and follow it."""
        self.followers.follow(await self.caller.start(environment_id, kind))

    async def start_twice(self, environment_id: EnvironmentId, kind: OperationKind) -> None:
        """Start an operation by a request whose answer nobody waits for, and by the same once more."""
        operation_id = await self.caller.start_and_miss_the_answer(
            environment_id, kind, is_answered=self.is_answered
        )
        self.followers.follow(operation_id)

    def is_answered(self, key: str) -> bool:
        try:
            return bool(self.live.records.rows("SELECT key FROM idempotency_keys WHERE key = %s", key))
        except psycopg.OperationalError:
            return False

    def unfinished(self) -> int:
        try:
            rows = self.live.records.rows("SELECT id FROM operations WHERE finished_at IS NULL")
        except psycopg.OperationalError:
            return UNKNOWN  # Postgres is being restarted
        return len(rows)

    async def settle(self) -> None:
        """Wait for the end of every operation, of those too that follow by themselves."""
        limit = monotonic() + PATIENCE_SECONDS
        while self.unfinished():
            assert monotonic() < limit, checks.states(self.live.records)
            await asyncio.sleep(POLL_SECONDS)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(LONG, id="long", marks=[pytest.mark.slow, pytest.mark.timeout(7200)]),
    ],
)
async def test_storm(database_url: str, tmp_path: Path, uow_factory: UnitOfWorkFactory, size: Size) -> None:
    """Whatever fails, in any order, again and again: in the end everything is as it was promised."""
    keep_commits(database_url)
    live = Live(
        database_url,
        tmp_path,
        BERTH_ENGINE="sandbox",
        BERTH_AUTOMATIC_RECOVERIES="2",
        BERTH_LEASE_SECONDS=str(size.lease_seconds),
    )
    followers = Followers(live.url)
    caller = Caller(live.url)
    environments = [await add_environment(uow_factory, name=f"dev-{n}") for n in range(size.environments)]
    scene = Scene(live, caller, followers, environments)
    began = monotonic()
    try:
        live.start_api()
        storm = Storm(
            live, followers, workers=size.workers, seed=SEED, freeze_seconds=size.lease_seconds * 1.5
        )
        await blow(scene, storm, size)
        storm.calm()
        await heal(scene)
        await followers.end()
        report(scene, storm, monotonic() - began)
        checks.check_operations(live.records, caller)
        checks.check_events(live.records, followers)
    finally:
        await followers.give_up()
        await caller.close()
        live.stop()


async def blow(scene: Scene, storm: Storm, size: Size) -> None:
    """Let fault after fault happen, those of each lane beside the others', while operations are asked for."""
    lanes = storm.everything() if size.has_every_kind else storm.forced()
    async with asyncio.TaskGroup() as tasks:
        striking = [tasks.create_task(strike_on(storm, lane, size)) for lane in lanes]
        asked = 0
        while not all(task.done() for task in striking):
            if scene.unfinished() < size.unfinished:
                start = scene.start_twice if asked % LOST_ANSWERS == 0 else scene.start
                environment_id = scene.dice.choice(scene.environments)
                if scene.ask_for(environment_id, scene.dice.randint(1, MAX_GROUPS)):
                    await start(environment_id, scene.dice.choice(KINDS))
                    asked += 1
            await asyncio.sleep(POLL_SECONDS)
    assert scene.caller.replays > 0


async def strike_on(storm: Storm, lane: Lane, size: Size) -> None:
    """Strike in a lane until its own faults have come and there have been enough of all."""
    began = monotonic()
    while lane.has_more_to_force or storm.faults.total() < size.faults:
        if await storm.strike(lane):
            if storm.faults.total() % FAULTS_PER_LINE == 0:
                print(f"{storm.faults.total()} faults after {monotonic() - began:.0f} s", flush=True)  # noqa: T201
            await asyncio.sleep(size.long_pause_seconds if lane.is_heavy else size.pause_seconds)
        else:
            await asyncio.sleep(POLL_SECONDS)


async def heal(scene: Scene) -> None:
    """Repair and deploy every environment, compare the cloud with the states, and destroy everything.

    A deploy of all log groups takes back what was made without an engine having heard of it.
    """
    await scene.settle()
    for environment_id in scene.environments:
        scene.ask_for(environment_id, MAX_GROUPS)
        await scene.start(environment_id, OperationKind.REPAIR)
        await scene.start(environment_id, OperationKind.DEPLOY)
    await scene.settle()
    checks.check_statuses(scene.live.records, scene.environments, "ready")
    checks.check_cloud(scene.live)
    assert len(checks.in_the_states(scene.live.records)) == MAX_GROUPS * len(scene.environments)
    for environment_id in scene.environments:
        await scene.start(environment_id, OperationKind.DESTROY)
    await scene.settle()
    checks.check_statuses(scene.live.records, scene.environments, "destroyed")
    assert checks.in_the_cloud(scene.live.data_dir / "cloud") == []


def keep_commits(database_url: str) -> None:
    """Let a commit outlive the server's death in this database: the tests' server is quicker than that."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')  # pyright: ignore -- ours


def report(scene: Scene, storm: Storm, seconds: float) -> None:
    """Print the figures, and hold the pauses after faults to what is promised."""
    records = scene.live.records
    gaps = checks.seconds_until_running_again(records, storm.hits)
    ended = checks.states(records)
    (events,) = records.rows("SELECT count(*) AS number FROM operation_events")
    lines = [
        f"{storm.faults.total()} faults in {seconds:.0f} s: {dict(storm.faults.most_common())}",
        f"{sum(ended.values())} operations: {ended}",
        f"asked again {scene.caller.repetitions} times; {scene.caller.replays} answers were given again",
        f"{events['number']} events; {len(scene.followers.ends)} streams told theirs without gap or doublet",
    ]
    if gaps:
        lines.append(
            f"{len(gaps)} runs cut off; running again after {median(gaps):.1f} s (median),"
            f" {max(gaps):.1f} s (most)"
        )
    print(*lines, sep="\n")  # noqa: T201 -- the figures
    checks.check_gaps(gaps)
