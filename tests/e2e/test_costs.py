"""What it costs, through the real processes: planned, deployed, advised on, compared."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from service.cli.answers import OperationAnswer
from service.cli.app import app
from service.operations.states import OperationState
from tests.e2e.conftest import Berth

EXAMPLES = Path(__file__).parents[2] / "examples"
EVERY_EXAMPLE = sorted(path.name for path in EXAMPLES.glob("*.e?s.yaml"))


def read(berth: Berth, path: str) -> dict[str, Any]:
    response = httpx.get(f"{berth.url}{path}")
    assert response.is_success, response.text
    return response.json()


def ended(berth: Berth, operation: OperationAnswer) -> OperationAnswer:
    """Follow an operation to its good end."""
    for _ in berth.client.follow_events(operation.id):
        pass
    at_end = berth.client.get_operation(operation.id)
    assert at_end.state is OperationState.SUCCEEDED, at_end.failure
    return at_end


def example(file: str, **changes: object) -> dict[str, Any]:
    """Return an example's document with some of its fields replaced."""
    return {**yaml.safe_load((EXAMPLES / file).read_text()), **changes}


def check_plan_costs_what_is_deployed(berth: Berth, document: dict[str, Any]) -> None:
    """Preview and deploy a document: total, parts and each line are the same."""
    accepted = berth.client.create_environment(document, operation="preview")
    preview = ended(berth, accepted.operation)
    deploy = ended(berth, berth.client.start_operation(accepted.environment.id, "deploy").operation)
    assert preview.cost == deploy.cost
    planned = read(berth, f"/v1/operations/{preview.id}/cost")["after"]
    standing = read(berth, f"/v1/environments/{accepted.environment.id}/cost")["standing"]["after"]
    assert planned["total"]["desired_usd"] != "0.00"
    assert planned == standing


def test_a_plan_costs_what_is_deployed(berth: Berth) -> None:
    """The estimate of planned inputs is that of the recorded state, line by line."""
    check_plan_costs_what_is_deployed(berth, example("minimal.ecs.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_every_plan_costs_what_is_deployed(berth: Berth, name: str) -> None:
    """No example's estimate changes by being deployed, on either orchestrator."""
    check_plan_costs_what_is_deployed(
        berth, example(name, name=re.sub("[._]", "-", name.removesuffix(".yaml")))
    )


def test_advice_is_taken_by_one_patch_and_saves_what_it_says(berth: Berth) -> None:
    """A NAT gateway per zone in an ephemeral class is patched away, and the plan is so much cheaper."""
    network = {"nat_gateways": "one_per_az"}
    document = example("minimal.ecs.yaml", name="wide", network=network, **{"class": "ephemeral"})
    accepted = berth.client.create_environment(document, operation="preview")
    before = read(berth, f"/v1/operations/{ended(berth, accepted.operation).id}/cost")
    [advice] = before["advice"]
    assert advice["code"] == "nat_gateway_per_zone"
    environment = berth.client.find_environment(accepted.environment.id)
    patched = berth.client.change_environment(environment, advice["merge_patch"], operation="preview")
    after = read(berth, f"/v1/operations/{ended(berth, patched.operation).id}/cost")
    assert after["advice"] == []
    fixed = [Decimal(cost["after"]["fixed"]["desired_usd"]) for cost in (before, after)]
    assert fixed[0] - fixed[1] == Decimal(advice["saving_usd_per_month"])


def test_berth_compare_prints_both_sides(berth: Berth) -> None:
    """Two real previews, one table; a machine reads the same as JSON; nothing of them is listed."""
    file = str(EXAMPLES / "minimal.ecs.yaml")
    result = CliRunner().invoke(
        app,
        ["compare", file, "--url", berth.url, "-a", "kubernetes_experience=none"],
        env={"COLUMNS": "120"},
    )
    assert result.exit_code == 0, result.output
    assert re.search(r"USD a month, as desired +│ +85\.05 +│ +296\.30", result.output), result.output
    assert "Recommendation: ECS" in result.output
    assert "AWS App Runner (closed to new customers)" in result.output
    listed = berth.client.list_environments(include_destroyed="true")
    assert not [one for one in listed if one.name.startswith("compared-")]
    [made] = read(berth, "/v1/comparisons")["items"]
    report = httpx.get(f"{berth.url}/v1/comparisons/{made['id']}/report")
    assert report.text.count("<svg") == 3
