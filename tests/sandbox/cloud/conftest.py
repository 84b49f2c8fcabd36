"""A simulated cloud that serves in this process on a store of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.cloud.control import CloudControl
from sandbox.cloud.provider.latency import Clock, Latency
from sandbox.cloud.serve import Servers, providers_of
from sandbox.cloud.store.database import Database
from tests.sandbox.cloud.client import Engine


@dataclass
class ServedCloud:
    """A cloud that serves: engines attach to it, and the control changes it behind their backs."""

    store: Path
    ports: dict[str, int]
    control: CloudControl
    engines: list[Engine] = field(default_factory=list)

    async def engine(self, package: str, **settings: object) -> Engine:
        """Attach a provider instance of a package and configure it."""
        engine = Engine(self.ports[package])
        await engine.configure(**settings)
        self.engines.append(engine)
        return engine


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[ServedCloud]:
    """An empty cloud without latency."""
    database = Database(tmp_path)
    servers = Servers(providers_of(database, Clock(Latency.NONE), "123456789012"))
    await servers.start()
    control = CloudControl(tmp_path)
    served = ServedCloud(tmp_path, servers.ports, control)
    yield served
    for engine in served.engines:
        await engine.channel.close()
    await servers.stop()
    control.close()
    database.close()


@pytest.fixture
async def aws(cloud: ServedCloud) -> Engine:
    """An aws provider instance in us-east-1."""
    return await cloud.engine("aws", region="us-east-1")
