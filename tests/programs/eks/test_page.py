"""The page on EKS: every setting of a request is on it, those that are refused there as well."""

import pytest

from programs.request import EksEnvironment
from tests.programs.page_settings import Setting, field_cells, settings_of

_CELLS = field_cells("eks.md")
_DEPTH = 9
"""More than models lie in each other: down to the last field."""


@pytest.mark.parametrize("setting", settings_of(EksEnvironment, _DEPTH), ids=str)
def test_every_setting_is_on_the_page(setting: Setting) -> None:
    """A field that a request can have is named in the page's tables, with what it becomes."""
    assert any(setting.is_named_in(cell) for cell in _CELLS)
