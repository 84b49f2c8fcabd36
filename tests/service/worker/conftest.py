"""The processes of worker tests: one API for a module's tests, workers for each."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

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


@pytest.fixture(scope="module")
def module_database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The address of a fresh, migrated database for a whole module."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
