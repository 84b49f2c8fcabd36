"""The OpenAPI document: what callers, the form and generated clients rely on."""

import json
import subprocess
import sys

import httpx
import pytest

from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY
from tests.service.documents import EXAMPLES, example

METHODS = {"get", "post", "patch", "delete", "put"}
ACTIONS = "/v1/environments/{environment_id}/scheduled-actions"


@pytest.fixture(scope="module")
def document() -> dict:
    return create_app(Settings(database_url="postgresql://x/y", secrets_key=SECRETS_KEY)).openapi()


def operations(document: dict) -> dict[str, dict]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_operation_ids_are_fixed(document: dict) -> None:
    """Generated clients name their functions by these: a change breaks them, so it must be meant."""
    assert {name: operation["operationId"] for name, operation in operations(document).items()} == {
        "POST /v1/environments": "create_environment",
        "GET /v1/environments": "list_environments",
        "GET /v1/environments/{environment_id}": "get_environment",
        "PATCH /v1/environments/{environment_id}": "change_environment",
        "DELETE /v1/environments/{environment_id}": "destroy_environment",
        "POST /v1/environments/{environment_id}/extend": "extend_environment",
        "POST /v1/environments/{environment_id}/operations": "start_operation",
        "GET /v1/environments/{environment_id}/operations": "list_operations",
        "GET /v1/operations/{operation_id}": "get_operation",
        "POST /v1/operations/{operation_id}/cancel": "cancel_operation",
        "POST /v1/operations/{operation_id}/retry": "retry_operation",
        "GET /v1/operations/{operation_id}/plan": "get_plan",
        "POST /v1/operations/{operation_id}/approve": "approve_operation",
        "POST /v1/operations/{operation_id}/reject": "reject_operation",
        "GET /v1/operations/{operation_id}/events": "list_operation_events",
        "GET /v1/environments/{environment_id}/outputs": "list_outputs",
        "POST /v1/environments/{environment_id}/outputs/{output_name}/reveal": "reveal_output",
        "GET /v1/environments/{environment_id}/resources": "list_resources",
        "GET /v1/environments/{environment_id}/state-versions": "list_state_versions",
        "GET /v1/environments/{environment_id}/pending-operations": "list_pending_operations",
        "POST /v1/environments/{environment_id}/imports": "import_state",
        "GET /v1/environments/{environment_id}/drift": "list_drift_reports",
        "GET /v1/drift": "list_fleet_drift",
        "GET /v1/environments/{environment_id}/references": "get_references",
        "GET /v1/guardrails": "list_guardrails",
        "POST /v1/guardrails/exemptions": "grant_exemption",
        "GET /v1/guardrails/exemptions": "list_exemptions",
        "POST /v1/guardrails/exemptions/{exemption_id}/revoke": "revoke_exemption",
        f"GET {ACTIONS}": "list_scheduled_actions",
        f"POST {ACTIONS}/{{action_id}}/delay": "delay_scheduled_action",
        f"POST {ACTIONS}/{{action_id}}/skip": "skip_scheduled_action",
        "POST /v1/environments/{environment_id}/pause": "pause_environment",
        "POST /v1/environments/{environment_id}/resume": "resume_environment",
        "GET /v1/environments/{environment_id}/cost": "get_environment_cost",
        "GET /v1/operations/{operation_id}/cost": "get_operation_cost",
        "GET /v1/costs": "get_costs",
        "GET /v1/limits": "list_limits",
        "POST /v1/limits:check": "check_limits",
        "POST /v1/comparisons": "create_comparison",
        "GET /v1/comparisons": "list_comparisons",
        "GET /v1/comparisons/{comparison_id}": "get_comparison",
        "GET /v1/comparisons/{comparison_id}/report": "get_comparison_report",
        "POST /v1/recommendations": "recommend",
        "POST /v1/freezes": "create_freeze",
        "GET /v1/freezes": "list_freezes",
        "GET /v1/freezes/{freeze_id}": "get_freeze",
        "POST /v1/freezes/{freeze_id}/lift": "lift_freeze",
        "POST /v1/webhooks": "create_webhook",
        "GET /v1/webhooks": "list_webhooks",
        "GET /v1/webhooks/{endpoint_id}": "get_webhook",
        "PATCH /v1/webhooks/{endpoint_id}": "change_webhook",
        "DELETE /v1/webhooks/{endpoint_id}": "remove_webhook",
        "POST /v1/webhooks/{endpoint_id}/rotate": "rotate_webhook_secret",
        "POST /v1/webhooks/{endpoint_id}/ping": "ping_webhook",
        "GET /v1/webhooks/{endpoint_id}/deliveries": "list_webhook_deliveries",
        "POST /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay": "replay_webhook_delivery",
        "GET /v1/audit": "list_audit",
        "POST /v1/tokens": "create_token",
        "GET /v1/tokens": "list_tokens",
        "POST /v1/tokens/{token_id}/revoke": "revoke_token",
        "GET /v1/me": "get_me",
        "GET /v1/blueprints": "list_blueprints",
        "GET /v1/blueprints/{name}": "get_blueprint",
        "GET /v1/blueprints/{name}/backstage": "get_backstage_template",
        "GET /v1/system": "get_system",
        "GET /livez": "live",
        "GET /readyz": "ready",
        "GET /metrics": "get_metrics",
    }


def test_every_operation_is_described(document: dict) -> None:
    """Each operation has a summary, a description and one of the tags that are described."""
    tags = {tag["name"] for tag in document["tags"]}
    for name, operation in operations(document).items():
        assert operation["summary"], name
        assert operation["description"], name
        assert set(operation["tags"]) <= tags, name


def test_every_error_is_a_problem(document: dict) -> None:
    """Each operation declares its errors, all of them problem details with an example for each code."""
    for name, operation in operations(document).items():
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"500", "503"} <= errors.keys(), name
        for answer in errors.values():
            assert list(answer["content"]) == ["application/problem+json"], name
            media = answer["content"]["application/problem+json"]
            assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert media["examples"]
    assert not any("ValidationError" in schema for schema in document["components"]["schemas"])


def test_new_environments_show_every_example(document: dict) -> None:
    """The body of a new environment offers each example document, the simplest first."""
    media = document["paths"]["/v1/environments"]["post"]["requestBody"]["content"]["application/json"]
    assert media["schema"] == {"$ref": "#/components/schemas/EnvironmentRequest"}
    documents = {f"{name}.yaml": shown["value"] for name, shown in media["examples"].items()}
    assert documents == {path.name: example(path.name) for path in EXAMPLES.glob("*.yaml")}
    assert next(iter(media["examples"])).startswith("minimal")


def test_references_lead_somewhere(document: dict) -> None:
    """Every $ref names a schema that is there."""
    found: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, dict):
            found.extend([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)

    collect(document)
    schemas = document["components"]["schemas"]
    assert {reference.removeprefix("#/components/schemas/") for reference in found} <= schemas.keys()
    mapping = schemas["EnvironmentRequest"]["discriminator"]["mapping"]
    assert set(mapping) == {"ecs", "eks"}


async def test_document_is_served(client: httpx.AsyncClient, document: dict) -> None:
    """The document is served as it is made, and the engine's own API is no part of it."""
    served = (await client.get("/openapi.json")).json()
    assert served["openapi"].startswith("3.1")
    assert served["paths"].keys() == document["paths"].keys()
    assert not any(path.startswith("/api") for path in served["paths"])


START = """
from service.core.heap import kept_for_good
with kept_for_good():
    from service.main import create_app
    from service.settings import Settings
    create_app(Settings(database_url="postgresql://x/y", secrets_key="A" * 43 + "="))
"""
LIBRARIES = (
    "import fastapi, sqlalchemy.ext.asyncio, psycopg, procrastinate, sse_starlette, httpx, jwt, structlog"
)
REPORT = """
import sys, time
print(time.process_time(), any(name.split(".")[0].startswith("pulumi") for name in sys.modules))
"""


def start(code: str) -> float:
    """Run code in a fresh process, which must load no Pulumi; return its processor seconds."""
    command = [sys.executable, "-c", code + REPORT]
    seconds, loads_pulumi = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert loads_pulumi == "False"
    return float(seconds)


def test_process_starts_fast() -> None:
    """The API loads no Pulumi and takes little more to start than the libraries that it stands on.

    Measured against those libraries, whose import takes some 0.65 s, and up to three times, so that a busy
    machine does not decide.
    """
    assert any(start(START) < 2.5 * start(LIBRARIES) for _ in range(3))


def test_the_command_line_prints_it_without_a_database() -> None:
    """Clients are generated from what `berth openapi` prints; nothing has to run for that."""
    command = [sys.executable, "-m", "service.cli", "openapi"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(printed)["paths"]["/v1/environments"]["post"]["operationId"] == "create_environment"
