"""A team's quota against what it has and what a request asks for. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class LimitName(StrEnum):
    """What is limited."""

    ENVIRONMENTS = "environments"
    VCPUS = "vcpus"
    MEMORY_GIB = "memory_gib"
    TTL_DAYS = "ttl_days"
    CLASSES = "classes"
    REGIONS = "regions"
    INSTANCE_FAMILIES = "instance_families"


POINTERS = {
    LimitName.ENVIRONMENTS: "",
    LimitName.VCPUS: "/workloads",
    LimitName.MEMORY_GIB: "/workloads",
    LimitName.TTL_DAYS: "/ttl",
    LimitName.CLASSES: "/class",
    LimitName.REGIONS: "/region",
    LimitName.INSTANCE_FAMILIES: "",
}
"""The place of the request that a limit is about; the document itself where there is no single one."""

_SMALLER = "ask for fewer or smaller copies and nodes, or make another environment smaller"
REMEDIES = {
    LimitName.ENVIRONMENTS: "destroy an environment that is no longer needed",
    LimitName.VCPUS: _SMALLER,
    LimitName.MEMORY_GIB: _SMALLER,
    LimitName.TTL_DAYS: "ask for a shorter time to live",
    LimitName.CLASSES: "choose an allowed class",
    LimitName.REGIONS: "choose an allowed region",
    LimitName.INSTANCE_FAMILIES: "choose instance types of allowed families",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What an environment counts for.

    `unsized_types` are instance types whose size is not known. It lives for `ttl_days`; None is for good.
    """

    environment_class: str
    region: str
    vcpus: float = 0
    memory_gib: float = 0
    families: frozenset[str] = frozenset()
    unsized_types: frozenset[str] = frozenset()
    ttl_days: float | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a team's environments come to together."""

    environments: int
    vcpus: float
    memory_gib: float
    classes: frozenset[str] = field(default_factory=frozenset[str])
    regions: frozenset[str] = field(default_factory=frozenset[str])
    families: frozenset[str] = field(default_factory=frozenset[str])


@dataclass(frozen=True, slots=True)
class Amounts:
    """Limits that are numbers; None is no limit."""

    environments: int | None = None
    vcpus: float | None = None
    memory_gib: float | None = None
    ttl_days: float | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """Limits that are lists of what is allowed; None allows all."""

    classes: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    families: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AmountCheck:
    """A number that is limited: what the team's other environments use, and what is asked for."""

    name: LimitName
    used: float | None
    asked: float | None
    limit: float | None
    is_ok: bool
    unsized_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceCheck:
    """A choice that is limited: what is asked for, what is allowed, and what of it is refused."""

    name: LimitName
    asked: tuple[str, ...]
    allowed: tuple[str, ...] | None
    refused: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        """Whether nothing is refused."""
        return not self.refused


def add_up(demands: Sequence[Demand]) -> Holdings:
    """Add up what environments count for."""
    return Holdings(
        environments=len(demands),
        vcpus=sum(one.vcpus for one in demands),
        memory_gib=sum(one.memory_gib for one in demands),
        classes=frozenset(one.environment_class for one in demands),
        regions=frozenset(one.region for one in demands),
        families=frozenset[str]().union(*(one.families for one in demands)),
    )


def judge_amounts(
    limits: Amounts, others: Holdings, before: Demand | None, after: Demand
) -> tuple[AmountCheck, ...]:
    """Hold what is asked for, beside the team's other environments, to the numbers.

    `before` is what an environment that is changed counted for: what becomes no larger is never refused,
    however far over its quota the team is.
    """
    held = before or Demand(after.environment_class, after.region)
    added = after.unsized_types - held.unsized_types
    is_free = before is not None
    return (
        _amount(LimitName.ENVIRONMENTS, others.environments, 1, limits.environments, is_free=is_free),
        _size(LimitName.VCPUS, others.vcpus, (held.vcpus, after.vcpus), limits.vcpus, added),
        _size(
            LimitName.MEMORY_GIB,
            others.memory_gib,
            (held.memory_gib, after.memory_gib),
            limits.memory_gib,
            added,
        ),
        _lifetime(after.ttl_days, limits.ttl_days),
    )


def judge_choices(limits: Choices, before: Demand | None, after: Demand) -> tuple[ChoiceCheck, ...]:
    """Hold what is asked for to what is allowed; what an environment had before it may keep."""
    return (
        _choice(
            LimitName.CLASSES,
            {after.environment_class},
            limits.classes,
            {before.environment_class} if before else (),
        ),
        _choice(LimitName.REGIONS, {after.region}, limits.regions, {before.region} if before else ()),
        _choice(
            LimitName.INSTANCE_FAMILIES, after.families, limits.families, before.families if before else ()
        ),
    )


def _amount(name: LimitName, used: float, asked: float, limit: float | None, *, is_free: bool) -> AmountCheck:
    return AmountCheck(name, used, asked, limit, is_free or limit is None or used + asked <= limit)


def _size(
    name: LimitName, used: float, change: tuple[float, float], limit: float | None, added: Iterable[str]
) -> AmountCheck:
    before, after = change
    unsized = tuple(sorted(added)) if limit is not None else ()
    fits = limit is None or after <= before or used + after <= limit
    return AmountCheck(name, used, after, limit, fits and not unsized, unsized)


def _lifetime(ttl_days: float | None, limit: float | None) -> AmountCheck:
    is_ok = limit is None or ttl_days is None or ttl_days <= limit
    return AmountCheck(LimitName.TTL_DAYS, None, ttl_days, limit, is_ok)


def _choice(
    name: LimitName, asked: Iterable[str], allowed: tuple[str, ...] | None, kept: Iterable[str]
) -> ChoiceCheck:
    wanted = tuple(sorted(asked))
    refused = tuple(one for one in wanted if not _is_allowed(one, allowed) and one not in set(kept))
    return ChoiceCheck(name, wanted, allowed, refused)


def _is_allowed(wanted: str, allowed: tuple[str, ...] | None) -> bool:
    return allowed is None or any(fnmatchcase(wanted, pattern) for pattern in allowed)
