"""The worker as it is, but for its runners' program."""

import asyncio

from service.settings import Settings
from service.worker.main import work

if __name__ == "__main__":
    asyncio.run(work(Settings(), runner_module="benchmarks._log_groups_runner"))
