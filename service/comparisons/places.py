"""Places of an application that one orchestrator refuses, and the application without them."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import cast

Place = Sequence[int | str]
Document = dict[str, object]

ESSENTIAL = frozenset(
    {
        "name",
        "team",
        "class",
        "orchestrator",
        "region",
        "workloads",
        "image",
        "cpu_units",
        "memory_mib",
        "replicas",
    }
)
"""Without these it would be another application: it has no plan where they are refused."""
ENDPOINT = ("cluster", "endpoint")


def without_places(document: Document, places: Iterable[Place]) -> Document | None:
    """Return the document without these places, or None when it has to have one of them.

    A place that the document does not mention is refused for what is not said there: the nearest place above
    it that is mentioned goes. Who may reach a cluster's endpoint is not for a comparison to say: nobody from
    outside.
    """
    rest = deepcopy(document)
    for place in places:
        if tuple(place[:2]) == ENDPOINT:
            _close_endpoint(rest)
        # What stands beside a `kind` means nothing without it.
        elif not _take_out(rest, place[:-1] if place[-1:] == ("kind",) else place):
            return None
    return None if rest == document else rest


def _close_endpoint(document: Document) -> None:
    cluster = document.get("cluster")
    parts = cast("Document", cluster) if isinstance(cluster, dict) else {}
    document["cluster"] = parts | {"endpoint": {"public": False}}


def _take_out(document: Document, place: Place) -> bool:
    """Take out the innermost part on the way to a place; say whether the application can do without."""
    holder: Document | None = None
    key = ""
    value: object = document
    for part in place:
        inner = _inside(value, part)
        if inner is None:
            break
        if isinstance(value, dict):
            holder, key = cast("Document", value), str(part)
        value = inner
    if holder is None or key in ESSENTIAL:
        return False
    del holder[key]
    return True


def _inside(value: object, part: int | str) -> object:
    """Return what stands at a key or number inside of a value; None where there is nothing."""
    if isinstance(value, dict) and isinstance(part, str):
        return cast("Document", value).get(part)
    if isinstance(value, list) and isinstance(part, int):
        return cast("list[object]", value)[part]
    return None
