"""Holding teams to their quotas, and telling what of them is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from programs.planning.footprint import Machine
from service.access.model import EVERY_TEAM, TeamScope
from service.core.ids import EnvironmentId
from service.core.pages import PageRequest
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.environments.requested import RequestedEnvironment
from service.limits import repository
from service.limits.demand import demand_of, machine_sizes
from service.limits.errors import QuotaExceededError
from service.limits.model import (
    AmountCheck,
    Amounts,
    ChoiceCheck,
    Choices,
    Demand,
    Holdings,
    add_up,
    judge_amounts,
    judge_choices,
)
from service.limits.repository import Living
from service.limits.settings import QuotaSetting
from service.settings import Settings

NO_QUOTA = QuotaSetting()
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checks:
    """What each limit of a team says to a request."""

    amounts: Sequence[AmountCheck]
    choices: Sequence[ChoiceCheck]

    @property
    def exceeded(self) -> Sequence[AmountCheck | ChoiceCheck]:
        """The limits that the request does not keep."""
        return [one for one in (*self.amounts, *self.choices) if not one.is_ok]


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request under its team's limits; `environment_id` is the living one that it would change."""

    team: str
    environment_id: EnvironmentId | None
    checks: Checks


@dataclass(frozen=True, slots=True)
class TeamLimits:
    """A team's quota, and what of it is used; sizes are None where they are not limited."""

    team: str
    quota: QuotaSetting
    holdings: Holdings
    ttl_days: Mapping[str, float]


def quota_of(team: str, settings: Settings) -> QuotaSetting:
    """Return a team's quota: its own, else the one for every team."""
    of_team = next((one for one in settings.quotas if one.team == team), None)
    return of_team or next((one for one in settings.quotas if one.team is None), NO_QUOTA)


async def enter_quota(team: str, uow: UnitOfWork, settings: Settings) -> None:
    """Wait until no other transaction adds to what the team has; before any environment is locked."""
    if quota_of(team, settings) != NO_QUOTA:
        await repository.lock_team(uow.session, team)


async def hold_to_quota(
    after: Environment, before: Environment | None, uow: UnitOfWork, settings: Settings
) -> None:
    """Refuse a new environment, or a change of `before`, that does not fit; after `enter_quota`.

    The time to live is held to its own limit where the request is read.

    Raises:
        QuotaExceededError: naming each limit, what is used and what was asked for.
    """
    setting = quota_of(after.team, settings)
    if setting == NO_QUOTA:
        return
    machines = await _sizes_for([setting], uow)
    living = await repository.list_living(uow.session, (after.team,))
    others = add_up([demand_of(one, machines) for one in living if one.id != after.id])
    present = None if before is None else demand_of(before, machines)
    exceeded = _check(setting, None, others, (present, demand_of(after, machines))).exceeded
    if exceeded:
        raise QuotaExceededError(after.team, exceeded)


async def check_limits(
    requested: RequestedEnvironment, uow: UnitOfWork, settings: Settings
) -> CheckedRequest:
    """Say of each limit whether a request would keep it now; changes nothing."""
    team = requested.team
    machines = await machine_sizes(uow)
    living = await repository.list_living(uow.session, (team,))
    present = next((one for one in living if one.name == requested.name), None)
    others = add_up([demand_of(one, machines) for one in living if one is not present])
    wanted = Living(
        EnvironmentId(""),
        team,
        requested.name,
        requested.environment_class,
        requested.region,
        requested.document,
    )
    ttl_days = None if requested.ttl is None else requested.ttl / A_DAY
    after = replace(demand_of(wanted, machines), ttl_days=ttl_days)
    before = None if present is None else demand_of(present, machines)
    longest_days = settings.lifetime_of(requested.environment_class, team).max_days
    checks = _check(quota_of(team, settings), longest_days, others, (before, after))
    return CheckedRequest(team, None if present is None else present.id, checks)


async def read_limits(
    scope: TeamScope, page: PageRequest, *, team: str | None, uow: UnitOfWork, settings: Settings
) -> Sequence[TeamLimits]:
    """Return the scope's teams by name, with their quotas and what is used of them: a page and one more."""
    teams = await _teams(scope, page, team=team, uow=uow, settings=settings)
    quotas = {one: quota_of(one, settings) for one in teams}
    machines = await _sizes_for(quotas.values(), uow)
    living = await repository.list_living(uow.session, teams)
    return [
        TeamLimits(
            team=one,
            quota=quotas[one],
            holdings=add_up(
                [
                    demand_of(each, machines)
                    if quotas[one].limits_compute
                    else Demand(each.environment_class, each.region)
                    for each in living
                    if each.team == one
                ]
            ),
            ttl_days=_lifetimes(one, settings),
        )
        for one in teams
    ]


async def _teams(
    scope: TeamScope, page: PageRequest, *, team: str | None, uow: UnitOfWork, settings: Settings
) -> Sequence[str]:
    after = page.before or ""
    if scope is not None and EVERY_TEAM not in scope:
        known: Iterable[str] = scope
    else:
        found = await repository.list_teams(uow.session, after=after, limit=page.limit)
        known = {*found, *(one.team for one in settings.quotas if one.team is not None), *_wanted(team)}
    return sorted(one for one in known if one > after and team in (None, one))[: page.limit]


async def _sizes_for(quotas: Iterable[QuotaSetting], uow: UnitOfWork) -> Mapping[str, Machine]:
    """Return the sizes of instance types where one of the quotas asks for them; every price table is read."""
    return await machine_sizes(uow) if any(one.limits_compute for one in quotas) else {}


def _wanted(team: str | None) -> Iterable[str]:
    return () if team is None else (team,)


def _check(
    setting: QuotaSetting, longest_days: float | None, others: Holdings, change: tuple[Demand | None, Demand]
) -> Checks:
    amounts = Amounts(setting.environments, setting.vcpus, setting.memory_gib, longest_days)
    choices = Choices(setting.classes, setting.regions, setting.instance_families)
    return Checks(judge_amounts(amounts, others, *change), judge_choices(choices, *change))


def _lifetimes(team: str, settings: Settings) -> Mapping[str, float]:
    classes = {*settings.lifetimes, *settings.team_lifetimes.get(team, {})}
    longest = {one: settings.lifetime_of(one, team).max_days for one in sorted(classes)}
    return {one: days for one, days in longest.items() if days is not None}
