"""docker-compose.yml beside the settings that it has to suit."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings


@pytest.fixture
def services() -> dict[str, Any]:
    """What Compose is told to run."""
    return yaml.safe_load((Path(__file__).parents[3] / "docker-compose.yml").read_text())["services"]


def test_worker_may_end_its_runs(services: dict[str, Any]) -> None:
    """Docker kills no worker that still waits for its runs, or cancels them."""
    settings = Settings()
    patience = settings.shutdown_grace_seconds + settings.cancel_grace_seconds
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > patience


def test_only_the_migration_has_the_role_that_owns(services: dict[str, Any]) -> None:
    """What serves knows no role that could change the audit log."""
    owners = {
        name for name, service in services.items() if "POSTGRES_PASSWORD" in str(service.get("environment"))
    }
    assert owners == {"postgres", "migrate"}
