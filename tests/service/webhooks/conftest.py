"""An API that may send to this machine, and a receiver on it."""

from collections.abc import AsyncIterator

import pytest

from service.core.unit_of_work import UnitOfWorkFactory
from service.settings import Settings
from service.webhooks.consumer import Deliverer, make_deliverer
from tests.service.conftest import SECRETS_KEY
from tests.service.webhooks.receiver import Receiver, receiving


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings that allow receivers on this machine."""
    return Settings(
        database_url=database_url, secrets_key=SECRETS_KEY, webhook_private_targets=("127.0.0.0/8",)
    )


@pytest.fixture
def deliverer(settings: Settings, uow_factory: UnitOfWorkFactory) -> Deliverer:
    """What makes attempts, as a worker has it."""
    return make_deliverer(settings, uow_factory)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiving server on this machine."""
    async with receiving() as made:
        yield made
