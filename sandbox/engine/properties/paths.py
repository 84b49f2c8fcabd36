"""Property paths such as `tags["team"].names[0]`, as options and diffs name properties."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from sandbox.engine.properties.values import Properties, Property, Secret

PropertyPath: TypeAlias = tuple[str | int, ...]
_PLAIN = re.compile(r"[^.\[\]\"]+")
_INDEX = re.compile(r"\[(\d+|\*)\]")
_QUOTED = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')
WILDCARD = "*"


class BadPropertyPathError(ValueError):
    """The text is not a property path."""


def parse_path(text: str) -> PropertyPath:
    """The steps of a path; `*` stands for every element.

    Raises:
        BadPropertyPathError: if the text is no path.
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        if text[position] == "." and steps:
            position += 1
        step, position = _step(text, position)
        steps.append(step)
    return tuple(steps)


def _step(text: str, position: int) -> tuple[str | int, int]:
    if quoted := _QUOTED.match(text, position):
        return quoted[1].replace('\\"', '"').replace("\\\\", "\\"), quoted.end()
    if index := _INDEX.match(text, position):
        return (WILDCARD if index[1] == WILDCARD else int(index[1])), index.end()
    if plain := _PLAIN.match(text, position):
        return plain[0], plain.end()
    msg = f"invalid property path {text!r}"
    raise BadPropertyPathError(msg)


def contains(path: PropertyPath, other: PropertyPath) -> bool:
    """Whether the other path lies at or below this one."""
    if len(other) < len(path):
        return False
    return all(mine in (WILDCARD, theirs) for mine, theirs in zip(path, other, strict=False))


def reset(path: PropertyPath, olds: Property, news: Property) -> bool:
    """Give the value at a path in `news` the value it has in `olds`.

    Returns:
        Whether that was possible: neither side lacks an element of a list on the way.
    """
    news, olds = _bare(news), _bare(olds)
    step, rest = path[0], path[1:]
    if step == WILDCARD:
        return _reset_all(rest, olds, news)
    if isinstance(news, dict) and isinstance(step, str):
        return _reset_key(step, rest, olds, news)
    if isinstance(news, list) and isinstance(step, int):
        return _reset_index(step, rest, olds, news)
    return False


def _bare(value: Property) -> Property:
    return _bare(value.element) if isinstance(value, Secret) else value


def _reset_key(step: str, rest: PropertyPath, olds: Property, news: Properties) -> bool:
    old_fields = olds if isinstance(olds, dict) else {}
    if rest:
        if step not in news or step not in old_fields:
            return step not in news and step not in old_fields
        return reset(rest, old_fields[step], news[step])
    if step in old_fields:
        news[step] = old_fields[step]
    else:
        news.pop(step, None)
    return True


def _reset_index(step: int, rest: PropertyPath, olds: Property, news: list[Property]) -> bool:
    if not isinstance(olds, list) or step >= len(olds) or step >= len(news):
        return False
    if rest:
        return reset(rest, olds[step], news[step])
    news[step] = olds[step]
    return True


def _reset_all(rest: PropertyPath, olds: Property, news: Property) -> bool:
    if isinstance(news, dict) and isinstance(olds, dict):
        if not rest:
            news.clear()
            news.update(olds)
        return not rest or (news.keys() == olds.keys() and _reset_each(list(news), rest, olds, news))
    if isinstance(news, list) and isinstance(olds, list):
        if not rest:
            news[:] = olds
        return not rest or (len(news) == len(olds) and _reset_each(range(len(news)), rest, olds, news))
    return False


def _reset_each(steps: Iterable[str | int], rest: PropertyPath, olds: Property, news: Property) -> bool:
    # Every element is reset, also after one for which that is impossible.
    done = [reset((step, *rest), olds, news) for step in steps]
    return all(done)
