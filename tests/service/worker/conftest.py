"""The processes of worker tests: one API for a module's tests, workers for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.worker.live import Live


@pytest.fixture(
    scope="module",
    params=[pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)],
)
def service(
    request: pytest.FixtureRequest, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A running API; workers that are started beside it use either engine."""
    folder: Path = tmp_path_factory.mktemp("live")
    processes = Live(module_database_url, folder, BERTH_ENGINE=str(request.param))
    try:
        processes.start_api()
        yield processes
    finally:
        processes.stop()


@pytest.fixture
def live(service: Live) -> Iterator[Live]:
    """The running API; workers that a test starts end with it."""
    yield service
    service.stop_workers()
