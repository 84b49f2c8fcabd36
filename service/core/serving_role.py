"""What the role that serves may do in a database that another role owns: all but change the audit log.

The owner of a table may disable its triggers, and grant itself what was revoked: only a second role keeps the
service from its own log. Source: https://www.postgresql.org/docs/current/ddl-priv.html
"""

from psycopg import sql
from sqlalchemy import create_engine

from service.core.database import sqlalchemy_url

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {role}",
)


def let_serve(owner_url: str, serving_url: str) -> None:
    """Grant the serving role what the service needs, as the owner; after every migration, for new tables.

    Raises:
        ValueError: the two addresses name one role, or the serving one names none.
    """
    owner, role = sqlalchemy_url(owner_url).username, sqlalchemy_url(serving_url).username
    if role is None or role == owner:
        raise ValueError("the role that serves must be another than the one that migrates")
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.begin() as connection:
            for grant in _GRANTS:
                statement = sql.SQL(grant).format(role=sql.Identifier(role))
                connection.exec_driver_sql(statement.as_string())
    finally:
        engine.dispose()
