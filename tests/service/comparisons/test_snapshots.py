"""The comparison of each portable example is as it was reviewed."""

import pytest

from service.comparisons.form import portable_applications
from tests.service.comparisons.snapshots import FOLDER, snapshot


@pytest.mark.parametrize("name", portable_applications())
def test_comparison_is_the_one_that_was_reviewed(name: str) -> None:
    """Another figure, resource or reason shows; `python -m tests.service.comparisons.snapshots` renews it."""
    assert snapshot(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
