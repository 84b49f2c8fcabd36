"""The shop's example services: they run, and their images are as small and closed as they should be."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SERVICES = Path(__file__).parents[2] / "examples" / "services"
_NAMES = ("frontend", "backend", "worker")


@contextmanager
def _running(script: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a service until the block ends; yield it with its first line."""
    process = subprocess.Popen(
        [sys.executable, "-u", str(script)],
        env={**os.environ, "PORT": "0", **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


def _address(first_line: str) -> str:
    return f"http://localhost:{first_line.rsplit(maxsplit=1)[-1]}"


def _read(url: str, body: bytes | None = None) -> str:
    with urllib.request.urlopen(url, data=body, timeout=5) as answer:  # noqa: S310 -- localhost
        return answer.read().decode()


def test_the_frontend_shows_what_the_backend_sells() -> None:
    """Both answer their health checks, and the page is made of the backend's items."""
    with _running(_SERVICES / "backend" / "server.py") as (_, line):
        backend = _address(line)
        assert json.loads(_read(f"{backend}/health")) == {"status": "ok"}
        assert json.loads(_read(f"{backend}/api/orders", b'{"sku": "tea"}')) == {"order": 1}
        with _running(_SERVICES / "frontend" / "server.py", BACKEND_URL=backend) as (_, frontend_line):
            frontend = _address(frontend_line)
            assert _read(f"{frontend}/health") == "ok"
            assert "Green tea: 4.90" in _read(frontend)


def test_a_service_ends_well_when_it_is_asked_to_stop() -> None:
    """SIGTERM, which ECS sends first, ends each service with status 0."""
    scripts = {"backend": "server.py", "worker": "worker.py"}
    for name, script in scripts.items():
        with _running(_SERVICES / name / script, PAUSE_SECONDS="60") as (process, line):
            assert line
        assert process.returncode == 0, name


@pytest.mark.parametrize("name", _NAMES)
def test_an_image_is_built_in_stages_and_runs_without_root(name: str) -> None:
    """Pinned base images, no root, no shell between signal and process, nothing fetched from elsewhere."""
    lines = (_SERVICES / name / "Dockerfile").read_text().splitlines()
    instructions = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    bases = [rest.split()[0] for word, rest in instructions if word == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"public\.ecr\.aws/[a-z/-]+:\d+\.\d+-alpine", base) for base in bases)
    users = [rest for word, rest in instructions if word == "USER"]
    assert users
    assert users[-1].isdigit()
    assert int(users[-1]) > 0
    words = [word for word, _ in instructions]
    assert "ADD" not in words
    assert words.index("USER") < words.index("CMD")
    assert all(rest.startswith("[") for word, rest in instructions if word == "CMD")
    assert all("--no-cache" in rest for word, rest in instructions if "apk add" in rest)


@pytest.mark.parametrize("name", _NAMES)
def test_a_read_only_image_may_write_to_its_temporary_directory(name: str) -> None:
    """On ECS a writable path is root's alone unless the image declares a volume there."""
    lines = (_SERVICES / name / "Dockerfile").read_text().splitlines()
    assert 'VOLUME ["/tmp"]' in lines
    assert lines.index('VOLUME ["/tmp"]') < lines.index("USER 10001")


def test_the_services_own_image_runs_without_root() -> None:
    """Base images have a version, the last stage has a user by number, and says who asks for its health."""
    lines = (_SERVICES.parents[1] / "Dockerfile").read_text().splitlines()
    instructions = [line.split(maxsplit=1) for line in lines if re.match(r"[A-Z]+ ", line)]
    bases = [rest.split()[0] for word, rest in instructions if word == "FROM"]
    assert all(re.fullmatch(r"python:\d+\.\d+-slim-[a-z]+|build", base) for base in bases)
    last_stage = [word for word, _ in instructions][
        max(n for n, (word, _) in enumerate(instructions) if word == "FROM") :
    ]
    assert last_stage.index("USER") < last_stage.index("ENTRYPOINT")
    users = [rest for word, rest in instructions if word == "USER"]
    assert all(part.isdigit() and int(part) > 0 for user in users for part in user.split(":"))
    assert {"ADD"} & set(last_stage) == set()
    assert "HEALTHCHECK" in last_stage
