"""The private folders of runs: who clears away which."""

import os
import socket
from pathlib import Path

import pytest

from service.engine.process import make_run_dir, remove_abandoned_runs

DEAD_PID = 2**22 + 1  # beyond the largest that Linux gives: https://man7.org/linux/man-pages/man5/proc.5.html


@pytest.mark.parametrize(
    ("host", "pid", "stays"),
    [
        (socket.gethostname(), DEAD_PID, False),
        (socket.gethostname(), os.getpid(), False),
        (socket.gethostname(), os.getppid(), True),
        ("another-host", DEAD_PID, True),
    ],
    ids=["dead worker", "predecessor in the container", "other worker", "other container"],
)
def test_worker_clears_away_what_is_certainly_abandoned(
    tmp_path: Path, host: str, pid: int, stays: bool
) -> None:
    """Folders of workers of this host that have ended go, those of workers that may live stay."""
    folder = tmp_path / f"{host}-{pid}-abc_12"
    folder.mkdir()
    remove_abandoned_runs(tmp_path)
    assert folder.exists() is stays


def test_folder_is_its_workers(tmp_path: Path) -> None:
    """A new folder bears its worker's host and process id, and nobody else reads it."""
    folder = make_run_dir(tmp_path / "runs")
    assert folder.name.startswith(f"{socket.gethostname()}-{os.getpid()}-")
    assert folder.stat().st_mode & 0o077 == 0
