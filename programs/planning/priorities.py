"""The order in which a load balancer tries the rules of public workloads."""

from collections.abc import Sequence
from hashlib import sha256

from programs.planning.group_order import MAX_PRIORITY
from programs.request.workload import Workload

_MAX_PATH_LENGTH = 128
_BAND = 190
"""Priorities for each degree of specificity: 2 x 129 bands fit below the maximum."""


def assign_priorities(workloads: Sequence[Workload]) -> dict[str, int]:
    """The rule priority of each public workload, by name: as requested, else the more specific first.

    An assigned priority follows from the workload's own host and path alone, so that another workload that
    comes or goes moves no rule; only where two would meet does the later name step aside.
    """
    public = [(workload.name, workload.public) for workload in workloads if workload.public is not None]
    assigned = {name: exposure.priority for name, exposure in public if exposure.priority is not None}
    taken = set(assigned.values())
    for name, exposure in sorted(public, key=lambda pair: pair[0]):
        if name in assigned:
            continue
        priority = _wanted_priority(exposure.host, exposure.path)
        while priority in taken:
            priority = priority % MAX_PRIORITY + 1
        taken.add(priority)
        assigned[name] = priority
    return assigned


def _wanted_priority(host: str | None, path: str) -> int:
    literal_length = len(path.rstrip("/*"))
    vagueness = _MAX_PATH_LENGTH - literal_length
    if host is None:
        vagueness += _MAX_PATH_LENGTH + 1
    offset = int.from_bytes(sha256(f"{host or ''}{path}".encode()).digest()[:4], "big") % _BAND
    return vagueness * _BAND + offset + 1
