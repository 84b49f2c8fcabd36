"""The service under a role that owns nothing."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy.engine import make_url

from service.core.database import make_engine
from service.core.migrations import upgrade_to_head
from service.core.serving_role import let_serve
from service.core.unit_of_work import unit_of_work_factory
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY
from tests.service.documents import create
from tests.service.runs import play_run


@pytest.fixture
def serving_url(postgres_url: str) -> Iterator[str]:
    """The address of a database for the role that serves, migrated by the role that owns it."""
    name = uuid4().hex[:12]
    owner, role, database = (sql.Identifier(f"{kind}_{name}") for kind in ("owner", "serving", "served"))
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for one in (owner, role):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(one))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        urls = [
            make_url(postgres_url)
            .set(username=f"{kind}_{name}", database=f"served_{name}")
            .render_as_string(hide_password=False)
            for kind in ("owner", "serving")
        ]
        upgrade_to_head(urls[0])
        let_serve(*urls)
        yield urls[1]
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
        for one in (owner, role):
            connection.execute(sql.SQL("DROP ROLE {}").format(one))


async def test_service_works_without_owning_anything(serving_url: str) -> None:
    """An environment is created, deployed, retold to a webhook's queue and read again."""
    settings = Settings(database_url=serving_url, secrets_key=SECRETS_KEY)
    app = create_app(settings)
    engine = make_engine(serving_url, pool_size=2)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://berth.test") as client,
    ):
        await client.post("/v1/webhooks", json={"url": "https://hooks.example.com/berth"})
        environment, operation = await create(client)
        await play_run(unit_of_work_factory(engine), operation["id"])
        assert (await client.get(f"/v1/environments/{environment['id']}")).json()["status"] == "ready"
        assert len((await client.get("/v1/audit")).json()["items"]) == 2
        assert (await client.get("/readyz")).status_code == 200
    await engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER audit_log_is_append_only",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "DROP TABLE audit_log",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION refuse_audit_log_change() RETURNS trigger LANGUAGE sql AS ''",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_service_cannot_change_its_own_log(serving_url: str, statement: str) -> None:
    """Postgres refuses for want of the right, before any trigger is asked."""
    with psycopg.connect(serving_url) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_one_role_is_not_two(postgres_url: str) -> None:
    """Nothing is granted, and nothing taken away, where the owner serves."""
    with pytest.raises(ValueError, match="another"):
        let_serve(postgres_url, postgres_url)
