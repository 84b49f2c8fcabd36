"""How outputs look in a terminal."""

import io

from rich.console import Console

from service.cli.answers import OutputAnswer
from service.cli.output import print_outputs


def _printed(*outputs: OutputAnswer) -> list[str]:
    console = Console(file=io.StringIO(), width=20)
    print_outputs(console, outputs)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_long_value_stays_on_one_line_so_that_it_can_be_copied() -> None:
    """A value wider than the terminal is not folded."""
    url = "http://" + "a" * 60
    assert _printed(OutputAnswer(name="url", value=url)) == ["url", f"  {url}"]


def test_maps_and_lists_are_shown_an_entry_a_line() -> None:
    """A map's first line follows its key; further ones stand below it, indented."""
    value = {"web": ["login", "push"], "api": "x", "none": []}
    assert _printed(OutputAnswer(name="commands", value=value)) == [
        "commands",
        "  api: x",
        "  none: -",
        "  web: login",
        "    push",
    ]


def test_a_secret_is_not_shown() -> None:
    """A secret output shows as such, whatever came with it."""
    assert _printed(OutputAnswer(name="password", value={"secret": True}, is_secret=True)) == [
        "password",
        "  (secret)",
    ]
