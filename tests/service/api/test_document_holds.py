"""The OpenAPI document against the running server: generated requests, answers as declared, never a 5xx."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import psycopg
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.engine import make_url

from service.core.clock import utc_now
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY
from tests.service.documents import shop


class ThreadedServer(uvicorn.Server):
    """A server beside the test's own thread that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@pytest.fixture(scope="module")
def running_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The address of a server on a database of its own."""
    name = f"documented_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    database_url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    app = create_app(Settings(database_url=database_url, secrets_key=SECRETS_KEY))
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = ThreadedServer(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.listening.wait(30)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def known_ids(running_url: str) -> dict[str, str]:
    """Ids that exist, to be asked for in place of half of the generated ones."""
    accepted = httpx.post(f"{running_url}/v1/environments", json=shop()).json()
    token = {"kind": "personal", "name": "laptop"}
    freeze = {"team": "frozen", "reason": "a test", "ends_at": "2099-01-01T00:00:00Z"}
    freeze["starts_at"] = "2098-12-01T00:00:00Z"
    exemption = {"rule": "public_access", "team": "shop", "reason": "a test"}
    exemption["until"] = (utc_now() + timedelta(days=1)).isoformat()
    compared = {"application": {key: value for key, value in shop().items() if key != "orchestrator"}}
    endpoint = httpx.post(f"{running_url}/v1/webhooks", json={"url": "https://hooks.example.com/"}).json()
    return {
        "environment_id": accepted["environment"]["id"],
        "operation_id": accepted["operation"]["id"],
        "token_id": httpx.post(f"{running_url}/v1/tokens", json=token).json()["id"],
        "comparison_id": httpx.post(f"{running_url}/v1/comparisons", json=compared).json()["id"],
        "freeze_id": httpx.post(f"{running_url}/v1/freezes", json=freeze).json()["id"],
        "exemption_id": httpx.post(f"{running_url}/v1/guardrails/exemptions", json=exemption).json()["id"],
        "endpoint_id": endpoint["id"],
        "delivery_id": httpx.post(f"{running_url}/v1/webhooks/{endpoint['id']}/ping").json()["id"],
        "action_id": "expiry_20990101T000000Z",
        "name": "ecs",
        "output_name": "url",
    }


DOCUMENT = create_app(Settings(database_url="postgresql://x/y", secrets_key=SECRETS_KEY)).openapi()
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)


def takes_input(operation: schemathesis.APIOperation) -> bool:
    return bool([*operation.iter_parameters(), *operation.body])


CASES = [
    pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or takes_input(operation)
]


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_answers_are_as_documented(
    operation: schemathesis.APIOperation, mode: GenerationMode, running_url: str, known_ids: dict[str, str]
) -> None:
    """Whatever is sent, valid or not, the answer is one that the document declares."""

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def check(case: schemathesis.Case, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {key: known_ids[key] for key in case.path_parameters or {}}
        if isinstance(case.query, dict):
            case.query.pop("wait", None)
        case.call_and_validate(base_url=running_url, checks=CHECKS)

    check()
