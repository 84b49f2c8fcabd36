"""The page on ECS: every setting of a request is on it."""

import pytest

from programs.request import EcsEnvironment
from tests.programs.page_settings import OF_THE_SERVICE, Setting, field_cells, settings_of

_CELLS = field_cells("ecs.md")
# Refused on ECS: they belong to EKS.
_OF_EKS = frozenset({"stable_image", "steps"})
_DEPTH = 1


@pytest.mark.parametrize("setting", settings_of(EcsEnvironment, _DEPTH, OF_THE_SERVICE | _OF_EKS), ids=str)
def test_every_setting_is_on_the_page(setting: Setting) -> None:
    """A field that a request can have is named in the page's tables, with what it becomes on AWS."""
    assert any(setting.is_named_in(cell) for cell in _CELLS)
