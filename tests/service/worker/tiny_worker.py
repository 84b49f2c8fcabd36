"""A worker as `berth worker` runs it, but with programs that need no cloud."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from programs.facts import Facts
from programs.planning.ownership import Tag
from service.core.log import set_up_logging
from service.operations.model import Leftover
from service.operations.runs import ClaimedOperation
from service.settings import Settings
from service.worker.execution import Target
from service.worker.facts import sandbox_facts
from service.worker.main import work


@asynccontextmanager
async def no_cloud(settings: Settings) -> AsyncGenerator[Target]:
    """Offer no provider at all."""

    async def facts(claimed: ClaimedOperation) -> Facts:
        return sandbox_facts(claimed, settings)

    async def debug_providers() -> dict[str, int]:
        return {}

    async def find_leftovers(claimed: ClaimedOperation, tags: Sequence[Tag]) -> Sequence[Leftover]:
        del claimed, tags
        return []

    yield Target(facts=facts, debug_providers=debug_providers, find_leftovers=find_leftovers)


if __name__ == "__main__":
    set_up_logging(as_json=True)
    asyncio.run(work(Settings(), runner_module="tests.service.engine.tiny_runner", open_target=no_cloud))
