"""A worker as `berth worker` runs it, on the simulated cloud, with the program that wavers."""

import asyncio

from service.core.log import set_up_logging
from service.settings import Settings
from service.worker.main import work

if __name__ == "__main__":
    set_up_logging(as_json=True)
    asyncio.run(work(Settings(), runner_module="tests.e2e.wavering_runner"))
