"""The role of a run: a profile that SDKs turn into a session of the operation's, and nothing in any file."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from service.engine.assume_role import SOURCE_PREFIX, process_answer, take_source_credentials
from service.engine.aws_profile import credentials_environment, profile_text
from service.engine.protocol import AssumedRole

ROLE = AssumedRole(
    role_arn="arn:aws:iam::123456789012:role/berth/deploy", session_name="op_0190b2c4", region="us-east-1"
)
ENDS_AT = datetime(2030, 1, 1, 12, tzinfo=UTC)
ANSWER = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>{ENDS_AT:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
SDK = """
import json, botocore.session
found = botocore.session.get_session().get_credentials()
print(json.dumps([found.method, found.access_key, found.token]))
"""


class Sts:
    """Answers AssumeRole, and keeps what it was asked and by whom."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.callers: list[str] = []


@contextmanager
def sts_at_hand() -> Iterator[tuple[Sts, str]]:
    """Serve STS on loopback; yield it and its address."""
    sts = Sts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sts.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            sts.callers.append(self.headers["Authorization"].split("Credential=")[1].split("/")[0])
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(ANSWER.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sts, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _worker_credentials(kind: str, folder: Path) -> dict[str, str]:
    """What a worker passes on of its own: keys, or a profile of a file."""
    if kind == "keys":
        return {"AWS_ACCESS_KEY_ID": "AKIAWORKER", "AWS_SECRET_ACCESS_KEY": "own"}
    file = folder / "credentials"
    file.write_text("[deployer]\naws_access_key_id = AKIAWORKER\naws_secret_access_key = own\n")
    return {"AWS_PROFILE": "deployer", "AWS_SHARED_CREDENTIALS_FILE": str(file)}


@pytest.mark.parametrize("kind", ["keys", "profile"])
def test_an_sdk_in_the_engines_environment_works_in_the_role(kind: str, tmp_path: Path) -> None:
    """Whatever credentials the worker has, the SDK's are the role's, in a session named for the operation."""
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    with sts_at_hand() as (sts, address):
        passed = {**_worker_credentials(kind, tmp_path), "AWS_ENDPOINT_URL_STS": address, "PYTHONPATH": ""}
        environment = credentials_environment(ROLE, passed, run_dir)
        answer = subprocess.run(
            [sys.executable, "-c", SDK],
            env={"PATH": os.defpath, "HOME": str(run_dir), **environment},
            check=True,
            capture_output=True,
            text=True,
        )
    assert json.loads(answer.stdout) == ["custom-process", "ASIAROLE", "token"]
    assert sts.callers == ["AKIAWORKER"]
    assert sts.asked[0]["RoleArn"] == ROLE.role_arn
    assert sts.asked[0]["RoleSessionName"] == "op_0190b2c4"


def test_the_profile_holds_no_credentials_and_is_the_users_alone(tmp_path: Path) -> None:
    """The file names role and session; keys stay in the environment, under names that no SDK reads."""
    passed = {
        "AWS_ACCESS_KEY_ID": "AKIAWORKER",
        "AWS_SECRET_ACCESS_KEY": "own",
        "HTTPS_PROXY": "http://proxy",
    }
    environment = credentials_environment(ROLE, passed, tmp_path)
    file = Path(environment["AWS_CONFIG_FILE"])
    assert file.stat().st_mode & 0o077 == 0
    assert "AKIAWORKER" not in file.read_text()
    assert "own" not in file.read_text().replace(ROLE.role_arn, "")
    assert environment.keys() & {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} == set()
    assert environment[f"{SOURCE_PREFIX}AWS_SECRET_ACCESS_KEY"] == "own"
    assert environment["HTTPS_PROXY"] == "http://proxy"


def test_without_a_role_the_workers_credentials_count(tmp_path: Path) -> None:
    """An account without roles changes nothing of what is passed on, and no file is written."""
    passed = {"AWS_PROFILE": "deployer"}
    assert credentials_environment(None, passed, tmp_path) == passed
    assert list(tmp_path.iterdir()) == []


def test_the_workers_own_profile_is_not_the_runs() -> None:
    """The process looks for the worker's credentials, not for the profile that started it."""
    environment = {
        "AWS_PROFILE": "berth",
        "AWS_CONFIG_FILE": "/run/aws-config",
        f"{SOURCE_PREFIX}AWS_PROFILE": "mine",
    }
    take_source_credentials(environment)
    assert environment == {"AWS_PROFILE": "mine"}


def test_credentials_are_renewed_before_they_end() -> None:
    """SDKs are told an earlier end than the true one: a call under way must not outlive its credentials."""
    answer = json.loads(
        process_answer(
            {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": ENDS_AT}
        )
    )
    assert answer["Version"] == 1
    assert ENDS_AT - datetime.fromisoformat(answer["Expiration"]) == timedelta(minutes=5)


def test_the_process_stands_on_its_own() -> None:
    """The profile runs it isolated, by path: neither folder nor PYTHONPATH decides what it imports."""
    command = profile_text(ROLE).partition("credential_process = ")[2]
    assert command.startswith(f'"{sys.executable}" -I "')
