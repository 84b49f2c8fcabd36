"""Whatever happens to an environment, in any order: it is as its callers are told, and can be ended."""

import asyncio

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from service.plans.settings import ApprovalSetting
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY
from tests.service.lifecycle.machine import Life
from tests.service.lifecycle.model import MAX_WAITING
from tests.service.lifecycle.world import open_world

FEW = settings(max_examples=12, stateful_step_count=25)
MANY = settings(max_examples=300, stateful_step_count=50)


@pytest.mark.parametrize(
    "extent",
    [
        pytest.param(FEW, id="few"),
        pytest.param(MANY, id="many", marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_lives_of_environments(database_url: str, extent: settings) -> None:
    """Status and operations agree with a simple model, one runs at most, and every state has a way out."""
    installation = Settings(
        database_url=database_url,
        secrets_key=SECRETS_KEY,
        max_waiting_operations=MAX_WAITING,
        approvals={"production": ApprovalSetting(self_approval=True)},
        automatic_recoveries=1,
        lease_seconds=3600,
    )
    with asyncio.Runner() as runner:
        opened = open_world(installation)
        world = runner.run(opened.__aenter__())
        try:
            run_state_machine_as_test(
                lambda: Life(world, runner),
                settings=settings(extent, deadline=None, suppress_health_check=list(HealthCheck)),
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
