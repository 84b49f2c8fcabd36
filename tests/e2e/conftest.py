"""A whole Berth for end-to-end tests: its own database, API process, worker process and simulated cloud."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.cli.client import BerthClient
from service.cli.local_stack import LocalStack
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Berth:
    """A running Berth."""

    url: str
    client: BerthClient
    database_url: str
    data_dir: Path


@pytest.fixture(scope="module")
def berth(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Berth]:
    """Start the API and a worker on a fresh database and stop them after the module's tests."""
    data_dir: Path = tmp_path_factory.mktemp("berth")
    settings = Settings(database_url=SecretStr(module_database_url), data_dir=data_dir, port=0)
    with LocalStack(settings) as stack, BerthClient(stack.url) as client:
        yield Berth(stack.url, client, module_database_url, data_dir)
