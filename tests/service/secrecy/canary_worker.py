"""A worker as `berth worker` runs it, with the program that holds secrets."""

import asyncio

from service.core.log import set_up_logging
from service.settings import Settings
from service.worker.main import work
from tests.service.worker.tiny_worker import no_cloud

if __name__ == "__main__":
    set_up_logging(as_json=True, level="DEBUG")
    asyncio.run(work(Settings(), runner_module="tests.service.secrecy.canary_runner", open_target=no_cloud))
