"""The charts that a cluster runs: what docs/eks.md says of each is what is installed."""

import re
from pathlib import Path

from programs.eks.charts import ALL_CHARTS, Chart

_PAGE = Path(__file__).parents[3] / "docs" / "eks.md"
# Repository, then a tag or a commit, then the file that has the version.
_EVIDENCE = re.compile(r"[\w.-]+/[\w.-]+, (tag \S+|commit [0-9a-f]{12}.*), \S+")


def _rows() -> list[list[str]]:
    section = _PAGE.read_text().partition("## Charts")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:] if "---" not in line]


def _described(chart: Chart) -> list[str]:
    folder, _, name = chart.name.rpartition("/")
    return [name, chart.version, chart.repository or folder]


def test_the_page_lists_the_charts_that_are_installed() -> None:
    """Every chart, its version and its repository stand on the page, and no other."""
    assert [row[:3] for row in _rows()] == [_described(chart) for chart in ALL_CHARTS]


def test_each_version_has_a_place_where_it_is_found() -> None:
    """A version nobody could find in the chart's own sources is not pinned."""
    for name, *_, evidence in _rows():
        assert _EVIDENCE.match(evidence), name
