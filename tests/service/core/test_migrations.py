from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from service.core.database import sqlalchemy_url
from service.core.migrations import downgrade_to_base, upgrade_to_head
from service.core.tables import every_table


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """The address of a database without any table."""
    name = f"empty_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def is_ours(name: str | None, type_: str, _parents: object) -> bool:
    return not (type_ == "table" and name is not None and name.startswith("procrastinate_"))


def differences(database_url: str) -> list[object]:
    """What Alembic would change to make the database equal to the models."""
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={"include_name": is_ours, "compare_type": True, "compare_server_default": True},
            )
            return list(compare_metadata(context, every_table()))
    finally:
        engine.dispose()


def leftovers(database_url: str) -> set[str]:
    """Tables and functions that stand in the public schema, but for Alembic's own table."""
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            functions = connection.execute(
                text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
            ).scalars()
            return (tables | set(functions)) - {"alembic_version"}
    finally:
        engine.dispose()


def test_models_equal_the_migrations(empty_database_url: str) -> None:
    """A migrated database holds exactly what the models declare."""
    upgrade_to_head(empty_database_url)
    assert differences(empty_database_url) == []


def test_up_down_up(empty_database_url: str) -> None:
    """Downgrading leaves nothing behind, so that upgrading again runs clean."""
    upgrade_to_head(empty_database_url)
    downgrade_to_base(empty_database_url)
    assert leftovers(empty_database_url) == set()
    upgrade_to_head(empty_database_url)
    assert differences(empty_database_url) == []
