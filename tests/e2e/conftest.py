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


@pytest.fixture
def berth(database_url: str, tmp_path: Path) -> Iterator[Berth]:
    """Start the API and a worker on a fresh database and stop them afterwards."""
    settings = Settings(database_url=SecretStr(database_url), data_dir=tmp_path, port=0)
    with LocalStack(settings) as stack, BerthClient(stack.url) as client:
        yield Berth(stack.url, client, database_url, tmp_path)
