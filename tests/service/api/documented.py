"""A server with one of everything in it, and requests generated from the OpenAPI document."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
import psycopg
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.engine import make_url

from service.access.settings import RateLimitSetting
from service.core.clock import utc_now
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY
from tests.service.documents import shop

ADMIN_TOKEN = "an-admin-token-of-more-than-32-characters"  # noqa: S105 -- opens tests only
FRAMING_HEADERS = frozenset(
    {"content-length", "transfer-encoding", "connection", "upgrade", "expect", "host"}
)
ANSWERED_WITHIN_SECONDS = 20
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)


def settings_on(database_url: str) -> Settings:
    """Settings under which callers must prove who they are, and may ask as often as they like."""
    return Settings(
        database_url=SecretStr(database_url),
        secrets_key=SecretStr(SECRETS_KEY),
        admin_token=SecretStr(ADMIN_TOKEN),
        rate_limits=RateLimitSetting(requests_per_minute=None, sign_in_failures_per_minute=None),
    )


DOCUMENT = create_app(settings_on("postgresql://x/y")).openapi()
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]


def _takes_input(operation: schemathesis.APIOperation) -> bool:
    return bool([*operation.iter_parameters(), *operation.body])


CASES = [
    pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or _takes_input(operation)
]


class ThreadedServer(uvicorn.Server):
    """A server beside the test's own thread that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@dataclass(frozen=True, slots=True)
class Documented:
    """A running server, a viewer of one of its teams, and ids that exist."""

    url: str
    viewer_token: str
    known_ids: dict[str, str]

    def headers(self, caller: str) -> dict[str, str]:
        """Return what a caller proves itself by: `admin`, `viewer` or `nobody`."""
        tokens = {"admin": ADMIN_TOKEN, "viewer": self.viewer_token}
        return {"Authorization": f"Bearer {tokens[caller]}"} if caller in tokens else {}


@contextmanager
def serving(postgres_url: str, template_database: str) -> Iterator[Documented]:
    """Serve the application on a database of its own, with one of everything in it."""
    name = f"documented_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    database_url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    config = uvicorn.Config(
        create_app(settings_on(database_url)), port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = ThreadedServer(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.listening.wait(30)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield _populate(url)
    finally:
        server.should_exit = True
        thread.join()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _populate(url: str) -> Documented:
    proof = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with httpx.Client(base_url=url, headers=proof, timeout=ANSWERED_WITHIN_SECONDS) as admin:
        accepted = admin.post("/v1/environments", json=shop()).json()
        grants = [{"team": "storefront", "role": "viewer"}]
        personal = {"kind": "personal", "name": "laptop", "owner": "kim", "grants": grants}
        service = {"kind": "service", "name": "viewer", "team": "storefront", "grants": grants}
        freeze = {"team": "frozen", "reason": "a test", "ends_at": "2099-01-01T00:00:00Z"}
        freeze["starts_at"] = "2098-12-01T00:00:00Z"
        exemption = {"rule": "public_access", "team": "shop", "reason": "a test"}
        exemption["until"] = (utc_now() + timedelta(days=1)).isoformat()
        compared = {"application": {key: value for key, value in shop().items() if key != "orchestrator"}}
        endpoint = admin.post("/v1/webhooks", json={"url": "https://hooks.example.com/"}).json()
        known = {
            "environment_id": accepted["environment"]["id"],
            "operation_id": accepted["operation"]["id"],
            "token_id": admin.post("/v1/tokens", json=personal).json()["id"],
            "comparison_id": admin.post("/v1/comparisons", json=compared).json()["id"],
            "freeze_id": admin.post("/v1/freezes", json=freeze).json()["id"],
            "exemption_id": admin.post("/v1/guardrails/exemptions", json=exemption).json()["id"],
            "endpoint_id": endpoint["id"],
            "delivery_id": admin.post(f"/v1/webhooks/{endpoint['id']}/ping").json()["id"],
            "action_id": "expiry_20990101T000000Z",
            "name": "ecs",
            "output_name": "url",
        }
        viewer = admin.post("/v1/tokens", json=service).json()["token"]
    return Documented(url, viewer, known)


def try_out(
    operation: schemathesis.APIOperation,
    mode: GenerationMode,
    documented: Documented,
    caller: str,
    examples: int,
) -> list[int]:
    """Send generated requests under a caller's name, and check every answer; return their statuses.

    Half of them ask for ids that exist. An answer that does not come in time is an error.
    """
    statuses: list[int] = []

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def check(case: schemathesis.Case, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {key: documented.known_ids[key] for key in case.path_parameters or {}}
        if isinstance(case.query, dict):
            case.query.pop("wait", None)
        # What frames the message itself is for the server to refuse, before a route could answer.
        for name in [one for one in case.headers or {} if one.lower() in FRAMING_HEADERS]:
            del case.headers[name]
        answer = case.call_and_validate(
            base_url=documented.url,
            checks=CHECKS,
            headers=documented.headers(caller),
            timeout=ANSWERED_WITHIN_SECONDS,
        )
        statuses.append(answer.status_code)

    check()
    return statuses
