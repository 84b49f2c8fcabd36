"""The processes of a worker test, ended with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.worker.live import Live


@pytest.fixture(
    params=[
        pytest.param("sandbox"),
        pytest.param("official", marks=pytest.mark.official_engine),
    ]
)
def live(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Live]:
    """A running API on a fresh database; tests start the workers, on either engine."""
    processes = Live(database_url, tmp_path, BERTH_ENGINE=str(request.param))
    try:
        processes.start_api()
        yield processes
    finally:
        processes.stop()
        shutil.rmtree(tmp_path / "runs", ignore_errors=True)
