"""Guardrails on real plans: what providers' components make is looked at, not what they are given."""

from pathlib import Path

import yaml

from service.operations.states import OperationState
from tests.e2e.conftest import Berth

PRODUCTION = Path(__file__).parents[2] / "examples" / "production.eks.yaml"


def test_production_on_eks_passes_its_guardrails(berth: Berth) -> None:
    """All rules are mandatory in production, and the cluster that pulumi_eks makes keeps to each of them."""
    accepted = berth.client.create_environment(
        yaml.safe_load(PRODUCTION.read_text(encoding="utf-8")), operation="preview"
    )
    for _ in berth.client.follow_events(accepted.operation.id):
        pass
    preview = berth.client.get_operation(accepted.operation.id)
    assert preview.state is OperationState.SUCCEEDED, preview.failure
    assert berth.client.get_plan(preview.id).findings == []
