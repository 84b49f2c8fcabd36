"""The worker as `berth worker` runs it."""

from service.settings import Settings
from service.worker.main import run_worker

if __name__ == "__main__":
    run_worker(Settings())
