"""The deployment configurations that CodeDeploy brings for ECS."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrafficShift:
    """A predefined way to shift traffic: a percentage and the minutes to wait after each step."""

    strategy: str
    percent: int
    minutes: int
    configuration_name: str


PREDEFINED = (
    TrafficShift("canary", 10, 5, "CodeDeployDefault.ECSCanary10Percent5Minutes"),
    TrafficShift("canary", 10, 15, "CodeDeployDefault.ECSCanary10Percent15Minutes"),
    TrafficShift("linear", 10, 1, "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"),
    TrafficShift("linear", 10, 3, "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"),
    TrafficShift("blue_green", 100, 0, "CodeDeployDefault.ECSAllAtOnce"),
)
"""AWS CodeDeploy user guide, 'Predefined deployment configurations for an Amazon ECS compute platform'."""


def predefined_configuration(strategy: str, percent: int, minutes: int) -> str | None:
    """The name of the predefined configuration that shifts so, or None where there is none."""
    for shift in PREDEFINED:
        if (shift.strategy, shift.percent, shift.minutes) == (strategy, percent, minutes):
            return shift.configuration_name
    return None


def nearest_configuration(strategy: str, percent: int, minutes: int) -> TrafficShift:
    """The predefined configuration of this strategy that differs least, minutes before percent."""
    same = [shift for shift in PREDEFINED if shift.strategy == strategy] or list(PREDEFINED)
    return min(same, key=lambda shift: (abs(shift.minutes - minutes), abs(shift.percent - percent)))
