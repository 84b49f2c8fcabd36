"""The tables of kinds and charts."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class Kinds(BaseModel):
    """What is known of kinds.

    Attributes:
        cluster_scoped: kinds without a namespace.
        always_present: namespaces that every cluster has.
        built_in_groups: API groups that every EKS cluster serves.
        auto_mode_groups: API groups that EKS Auto Mode adds.
        replace: by kind, the fields whose change needs a new object; `any` is for every kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cluster_scoped: frozenset[str]
    always_present: tuple[str, ...]
    built_in_groups: frozenset[str]
    auto_mode_groups: frozenset[str]
    replace: dict[str, tuple[str, ...]]


class Chart(BaseModel):
    """What is known of a Helm chart.

    Attributes:
        groups: API groups that its CRDs add.
        controller: the simulated controller that it runs.
        required_values: dotted names of values that it cannot do without.
        refusal: what it says without them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: tuple[str, ...] = ()
    controller: str | None = None
    required_values: tuple[str, ...] = ()
    refusal: str = ""


_UNLISTED = Chart()


@cache
def kinds() -> Kinds:
    """The table of kinds."""
    return Kinds.model_validate(tomllib.loads(_text("kinds.toml")))


@cache
def _charts() -> dict[str, Chart]:
    return {name: Chart.model_validate(entry) for name, entry in tomllib.loads(_text("charts.toml")).items()}


def chart_of(reference: str) -> Chart:
    """What is known of a chart.

    Args:
        reference: its name, or the address of an OCI registry that ends with its name.
    """
    return _charts().get(reference.rstrip("/").rpartition("/")[2], _UNLISTED)


def _text(name: str) -> str:
    return (files("sandbox.cloud.kubernetes") / name).read_text(encoding="utf-8")
