"""Fixtures shared by all tests: a real Postgres, and a fresh migrated database for each test."""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.database import make_engine
from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory

# Modules and recorded plans fill the heap and stay; searching it by default takes half of a plan's time.
gc.set_threshold(200_000, 50, 100)

# How long an example takes tells how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# Tests that start processes and take minutes a file, the longest first: none is left over at the end.
LONG = tuple(
    f"tests/{name}"
    for name in (
        "service/worker/test_worker.py",
        "e2e/",
        "service/worker/",
        "service/secrecy/",
        "programs/ecs/test_deployments.py",
        "chaos/",
        "service/lifecycle/",
        "service/comparisons/",
        "service/form/",
        "conformance/",
        "service/backend/",
    )
)


def _place(item: pytest.Item) -> int:
    """Return when a test's turn is: that of the first name that fits, after all names where none does."""
    return next((place for place, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first; skip what needs a program that this machine lacks, and say so."""
    items.sort(key=_place)
    without_cli = pytest.mark.skip(reason="no official pulumi CLI on PATH")
    without_browser = pytest.mark.skip(reason="no Chromium on this machine")
    for item in items:
        if "official_engine" in item.keywords and shutil.which("pulumi") is None:
            item.add_marker(without_cli)
        if "browser" in item.keywords and shutil.which("chromium") is None:
            item.add_marker(without_browser)


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    """Execute a statement over a connection of its own: the server may be restarted by a test in between."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a Postgres server: `BERTH_TEST_DATABASE_URL`, or one from the wheel for this worker.

    Its folder is not below pytest's own: another pytest run closes that to other users, and as root the
    server runs as another user.
    """
    configured = os.environ.get("BERTH_TEST_DATABASE_URL")
    if configured:
        yield configured
        return
    data_dir = Path(tempfile.mkdtemp(prefix="berth-postgres-"))
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)  # runs after the server's own exit handler
    url = start_embedded_postgres(data_dir)
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> Iterator[str]:
    """The name of a migrated, empty database that each test's own is copied from."""
    name = f"template_{uuid4().hex[:12]}"
    _execute(postgres_url, f'CREATE DATABASE "{name}"')
    upgrade_to_head(_with_database(postgres_url, name))
    yield name
    _execute(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _copied(postgres_url: str, template: str) -> Generator[str]:
    name = f"test_{uuid4().hex[:12]}"
    _execute(postgres_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _with_database(postgres_url, name)
    _execute(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    with _copied(postgres_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The address of a fresh, migrated database for a whole module."""
    with _copied(postgres_url, template_database) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a fresh, migrated database."""
    engine = make_engine(database_url, pool_size=5)
    yield engine
    await engine.dispose()


@pytest.fixture
def uow_factory(database: AsyncEngine) -> UnitOfWorkFactory:
    """Units of work on a fresh, migrated database."""
    return unit_of_work_factory(database)
