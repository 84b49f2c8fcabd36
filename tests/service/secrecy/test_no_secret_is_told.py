"""A full life through the real processes, and then a search of everything that they wrote."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.documents import shop
from tests.service.secrecy.canary_runner import NESTED, SECRET
from tests.service.secrecy.search import forms, found_in, found_in_database, found_in_files
from tests.service.worker.live import Live, eventually

ADMIN_TOKEN = "canary-admin-token-5e3b1f77c0d94a12"  # noqa: S105 -- what must be told nowhere
IMPORTED = "canary-imported-4471aa"
IN_ENV = "canary-env-password-9912"
TRIED = "canary-bad-token-0d0d0d"
SECRETS_KEY = base64.b64encode(b"canary-service-key-of-32-bytes!!").decode()
OLD_KEY = base64.b64encode(b"canary-former-key-of-32-bytes!!!").decode()
ENGINE_TOKEN = "bst_"  # noqa: S105 -- how every token of an engine begins
ENDED = {"succeeded", "failed", "cancelled", "interrupted", "expired", "rejected", "superseded"}


class Watched(Live):
    """Processes whose output is kept."""

    def _start(self, command: list[str], **settings: str) -> "subprocess.Popen[bytes]":
        self.logs = self.data_dir.parent / "logs"
        self.logs.mkdir(exist_ok=True)
        with (self.logs / f"{len(self._processes)}.log").open("ab") as log:
            environment = {**self.environment, **settings}
            process = subprocess.Popen(command, env=environment, cwd=self.data_dir, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def start(self) -> None:
        keys = {"BERTH_SECRETS_KEY": SECRETS_KEY, "BERTH_PREVIOUS_SECRETS_KEYS": f'["{OLD_KEY}"]'}
        self._api = self._start([sys.executable, "-m", "tests.service.secrecy.canary_api"], **keys)
        eventually(self._answers, "the API to answer")
        self.start_worker("tests.service.secrecy.canary_worker")


@pytest.fixture(
    params=[pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)],
)
def live(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Watched]:
    folder = tmp_path / "data"
    folder.mkdir()
    settings = {
        "BERTH_ENGINE": str(request.param),
        "BERTH_ADMIN_TOKEN": ADMIN_TOKEN,
        "BERTH_WEBHOOK_PRIVATE_TARGETS": '["127.0.0.0/8"]',
        "BERTH_PLAN_FIRST": "always",
        "BERTH_APPROVALS": '{"production": {"self_approval": true}}',
    }
    processes = Watched(database_url, folder, **settings)
    try:
        processes.start()
        yield processes
    finally:
        processes.stop()


class Life:
    """What callers do to an environment in its life, and the secrets that they come to hold."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.secrets = {
            "admin token": ADMIN_TOKEN,
            "service key": SECRETS_KEY,
            "former service key": OLD_KEY,
            "program's secret": SECRET,
            "program's nested secret": NESTED,
            "imported secret": IMPORTED,
            "credential in env": IN_ENV,
            "token that was tried": TRIED,
            "engine's token": ENGINE_TOKEN,
        }

    def post(self, path: str, body: object = None, status: int = 202, **headers: str) -> dict:
        answer = self.client.post(path, json={} if body is None else body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def finish(self, accepted: dict, state: str = "succeeded") -> dict:
        """Wait for an operation's end."""
        operation = accepted["operation"]
        while operation["state"] not in ENDED:
            answer = self.client.get(f"/v1/operations/{operation['id']}?wait=30")
            operation = answer.json()
            if operation["state"] == "awaiting_approval":
                plan = self.client.get(f"/v1/operations/{operation['id']}/plan").json()
                self.post(f"/v1/operations/{operation['id']}/approve", {"digest": plan["digest"]}, 200)
        assert operation["state"] == state, operation
        return operation

    def make_tokens(self) -> None:
        grants = [{"team": "storefront", "role": "developer"}]
        service = {"kind": "service", "name": "ci", "team": "storefront", "grants": grants}
        made = self.post("/v1/tokens", service, 201, **{"Idempotency-Key": "service-token"})
        self.secrets["service token"] = made["token"]
        personal = self.post(
            "/v1/tokens", {"kind": "personal", "name": "laptop", "owner": "kim", "grants": grants}, 201
        )
        self.secrets["personal token"] = personal["token"]
        for token in (made["token"], personal["token"]):
            assert self.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        for scheme in ("Bearer", "token", "update-token", "Basic"):
            tried = self.client.get("/v1/me", headers={"Authorization": f"{scheme} {TRIED}"})
            assert tried.status_code == 401
        cli = self.client.get("/api/user", headers={"Authorization": f"token {TRIED}"})
        assert cli.status_code == 401

    def make_webhooks(self) -> None:
        wish = {"url": "http://127.0.0.1:9/hook", "team": "storefront"}
        made = self.post("/v1/webhooks", wish, 201, **{"Idempotency-Key": "hook"})
        self.secrets["webhook secret"] = made["secret"]
        rotated = self.post(f"/v1/webhooks/{made['id']}/rotate", {}, 200)
        self.secrets["rotated webhook secret"] = rotated["secret"]
        self.post(f"/v1/webhooks/{made['id']}/ping", {}, 202)

    def write_a_credential_into_a_request(self) -> None:
        workload = {"name": "web", "image": "nginx:1.27", "env": {"DB_PASSWORD": IN_ENV}}
        document = shop(name="careless", workloads=[workload])
        for path, body in (
            ("/v1/environments", document),
            ("/v1/limits:check", document),
            ("/v1/comparisons", {"application": {**document, "orchestrator": None}}),
        ):
            refused = self.post(path, body, 422, **{"Idempotency-Key": f"careless {path}"})
            assert IN_ENV not in str(refused)

    def live_and_end(self) -> None:
        created = self.post("/v1/environments?operation=preview", shop())
        self.finish(created)
        environment = f"/v1/environments/{created['environment']['id']}"
        self.finish(self.post(f"{environment}/operations", {"kind": "deploy"}))
        revealed = self.post(f"{environment}/outputs/password/reveal", {}, 200)
        assert revealed["value"] == SECRET
        assert self.post(f"{environment}/outputs/account/reveal", {}, 200)["value"]["keys"] == [NESTED]
        self.finish(self.post(f"{environment}/operations", {"kind": "detect_drift"}))
        self.finish(self.post(f"{environment}/operations", {"kind": "refresh"}))
        failing = self.client.patch(environment, json={"tags": {"fails": "yes"}}, headers={"If-Match": "*"})
        self.finish(failing.json(), "failed")
        mended = self.client.patch(environment, json={"tags": {"fails": None}}, headers={"If-Match": "*"})
        self.finish(mended.json())
        self.finish(self.post(f"{environment}/imports", exported(), 202))
        assert self.post(f"{environment}/outputs/password/reveal", {}, 200)["value"] == IMPORTED
        self.finish(self.post(f"{environment}/operations", {"kind": "restore", "state_version": 1}))
        destroyed = self.client.delete(environment)
        assert destroyed.status_code == 202, destroyed.text
        self.finish(destroyed.json())

    def read_everything(self, environment_ids: list[str]) -> bytes:
        """Return what every listing shows."""
        paths = ["/v1/environments?include_destroyed=true", "/v1/audit?page_size=200", "/v1/tokens"]
        paths += ["/v1/webhooks", "/v1/costs", "/v1/limits", "/metrics", "/v1/system", "/v1/drift"]
        for one in environment_ids:
            own = f"/v1/environments/{one}"
            paths += [own, *(f"{own}/{part}" for part in ("outputs", "resources", "state-versions", "drift"))]
            operations = self.client.get(f"{own}/operations?page_size=200").json()["items"]
            for operation in operations:
                address = f"/v1/operations/{operation['id']}"
                paths += [address, f"{address}/plan", f"{address}/events?page_size=200", f"{address}/cost"]
        return b"\n".join(self.client.get(path).content for path in paths)


def exported() -> dict:
    """What `pulumi stack export --show-secrets` prints of a stack that was made elsewhere."""
    urn = "urn:pulumi:elsewhere::environments::pulumi:pulumi:Stack::environments-elsewhere"
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": f'"{IMPORTED}"',
    }
    resource = {
        "urn": urn,
        "custom": False,
        "type": "pulumi:pulumi:Stack",
        "outputs": {"password": secret},
        "created": "2026-11-01T00:00:00Z",
        "modified": "2026-11-01T00:00:00Z",
    }
    manifest = {"time": "2026-11-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": [resource]}}


def test_no_secret_stands_in_a_log_a_file_or_a_row(live: Watched, database_url: str) -> None:
    """Tokens, keys, webhook secrets, what programs and states hold: told to whoever asked, kept nowhere."""
    proof = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with httpx.Client(base_url=live.url, headers=proof, timeout=90) as client:
        life = Life(client)
        life.make_tokens()
        life.make_webhooks()
        life.write_a_credential_into_a_request()
        life.live_and_end()
        listed = client.get("/v1/environments?include_destroyed=true").json()["items"]
        shown = life.read_everything([one["id"] for one in listed])
    live.stop()

    assert len(life.secrets) == 13
    assert found_in(shown, life.secrets) == []
    assert found_in_files(live.logs, life.secrets) == []
    assert found_in_files(live.data_dir, life.secrets) == []
    found, filled = found_in_database(database_url, life.secrets)
    assert found == []
    assert {
        "audit_log",
        "operation_events",
        "plans",
        "state_versions",
        "idempotency_keys",
        "tokens",
    } <= filled
    logged = b"".join(path.read_bytes() for path in live.logs.iterdir())
    assert logged.count(b"\n") > 50


@pytest.mark.parametrize("around", ["", "x", "xy", "password="])
def test_the_search_finds_what_is_there(around: str) -> None:
    """In the clear, in JSON, and in base64 wherever it begins."""
    text = f"{around}{IMPORTED} and more".encode()
    for content in (text, base64.b64encode(text)):
        assert found_in(content, {"it": IMPORTED}) == ["it"]
    assert found_in(b"nothing of it", {"it": IMPORTED}) == []
    assert all(len(form) > 8 for form in forms(IMPORTED))
