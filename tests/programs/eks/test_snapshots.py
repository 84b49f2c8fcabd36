"""A reviewable picture of each example's plan; `BERTH_UPDATE_SNAPSHOTS=1` redraws them."""

from pathlib import Path

import pytest

from tests.programs.eks.plans import EXAMPLES, plan_of
from tests.programs.pictures import check_picture

_SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_plan_of_an_example_is_as_reviewed(name: str) -> None:
    """An example's plan changes only when somebody means it to."""
    check_picture(plan_of(name), _SNAPSHOTS / f"{name}.json")
