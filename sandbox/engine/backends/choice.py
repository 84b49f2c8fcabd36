"""Chooses the backend that a command talks to."""

import os
from collections.abc import Mapping
from pathlib import Path

from sandbox.engine.backends.protocol import Backend
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import JsonObject, child, load_object, text
from sandbox.engine.workspace.project import Project


def home_folder(environment: Mapping[str, str]) -> Path:
    """Where credentials and selections are kept."""
    return Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")


def open_backend(project: Project | None, environment: Mapping[str, str] = os.environ) -> Backend:
    """The backend that the environment, the project or the last login names.

    Raises:
        EngineError: if none is named, or its scheme is not known.
    """
    credentials = _credentials(home_folder(environment))
    url = (
        environment.get("PULUMI_BACKEND_URL")
        or (project.backend_url if project else "")
        or text(credentials, "current")
    )
    if not url:
        raise EngineError("PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions")
    if url.startswith("file://"):
        from sandbox.engine.backends.file import FileBackend  # noqa: PLC0415 -- its imports cost more than most commands

        return FileBackend(url)
    if url.startswith(("http://", "https://")):
        from sandbox.engine.backends.http import HttpBackend  # noqa: PLC0415 -- see above

        token = environment.get("PULUMI_ACCESS_TOKEN") or text(child(credentials, "accessTokens"), url)
        if not token:
            raise EngineError("PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions")
        return HttpBackend(url, token)
    raise EngineError(
        f"unknown backend {url!r}: the sandbox's engine keeps stacks at http(s):// and file:// addresses"
    )


def _credentials(home: Path) -> JsonObject:
    path = home / "credentials.json"
    return load_object(path.read_bytes()) if path.is_file() else {}
