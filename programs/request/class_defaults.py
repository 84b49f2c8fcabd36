"""What a request gets by its class, or by its orchestrator, where it says nothing.

The defaults are written into the document before it is validated, so that every reader of the models sees a
value and none needs to know the classes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class ClassDefaults:
    """What one class sets."""

    ttl: str | None
    protected: bool
    nat_gateways: str
    flow_logs: bool
    access_logs: bool
    log_retention_days: int
    alarms: bool


DEFAULTS: dict[str, ClassDefaults] = {
    "ephemeral": ClassDefaults(
        ttl="P3D",
        protected=False,
        nat_gateways="single",
        flow_logs=False,
        access_logs=False,
        log_retention_days=7,
        alarms=False,
    ),
    "standard": ClassDefaults(
        ttl=None,
        protected=False,
        nat_gateways="single",
        flow_logs=False,
        access_logs=False,
        log_retention_days=30,
        alarms=False,
    ),
    "production": ClassDefaults(
        ttl=None,
        protected=True,
        nat_gateways="one_per_az",
        flow_logs=True,
        access_logs=True,
        log_retention_days=90,
        alarms=True,
    ),
}


def with_class_defaults(document: Mapping[str, object]) -> Mapping[str, object]:
    """A copy of the document with what its class and its orchestrator set written out.

    What is wrong in it is left to validation.
    """
    defaults = DEFAULTS.get(str(document.get("class", "standard")))
    if defaults is None:
        return document
    filled: Document = dict(document)
    if filled.get("ttl") is None and defaults.ttl is not None:
        filled["ttl"] = defaults.ttl
    filled.setdefault("protected", defaults.protected)
    network: Document = {"flow_logs": defaults.flow_logs, "nat_gateways": defaults.nat_gateways}
    _fill_part(filled, "network", network)
    _fill_part(filled, "load_balancer", {"access_logs": defaults.access_logs})
    # On EKS a controller names what the load balancer measures by, and no alarm can search for it.
    has_alarms = defaults.alarms and filled.get("orchestrator") == "ecs"
    kept: Document = {"log_retention_days": defaults.log_retention_days, "alarms": has_alarms}
    _fill_part(filled, "observability", kept)
    if filled.get("orchestrator") == "eks":
        _fill_workloads(filled)
    return filled


def _fill_part(document: Document, key: str, defaults: Document) -> None:
    part = document.get(key, {})
    if isinstance(part, Mapping):
        document[key] = defaults | dict(cast("Mapping[str, object]", part))


def _fill_workloads(document: Document) -> None:
    """Keep root file systems read-only with `exec`: only ECS puts an agent there that must write."""
    workloads = document.get("workloads")
    if isinstance(workloads, list | tuple):
        document["workloads"] = [
            {"read_only_root_filesystem": True} | dict(cast("Mapping[str, object]", workload))
            if isinstance(workload, Mapping)
            else workload
            for workload in cast("Sequence[object]", workloads)
        ]
