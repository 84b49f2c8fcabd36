"""How many copies of a workload run, and what changes that."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from programs.request.strict import Integer, StrictModel

CRON_FIELDS = 6


def _check_cron(expression: str) -> str:
    fields = expression.split()
    if len(fields) != CRON_FIELDS:
        raise ValueError(
            f"an AWS cron expression has six fields (minutes hours day-of-month month day-of-week year), "
            f"this has {len(fields)}; write for instance `0 20 * * ? *` for 20:00 every day"
        )
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError(
            "exactly one of day-of-month and day-of-week must be `?`, as in `0 20 ? * MON-FRI *`"
        )
    return expression


AwsCron = Annotated[
    str,
    StringConstraints(max_length=120, pattern=r"^[0-9A-Za-z*?,/#\- ]+$"),
    AfterValidator(_check_cron),
]
"""Minutes, hours, day of month, month, day of week, year (Application Auto Scaling guide, 'Schedule')."""


def _check_order(least: int, desired: int, most: int) -> None:
    if not least <= desired <= most:
        raise ValueError(
            f"min {least}, desired {desired} and max {most} are out of order; write min <= desired <= max"
        )


class Replicas(StrictModel):
    """How many copies run."""

    min: Integer = Field(
        default=1, title="Minimum", description="Fewest copies.", ge=0, le=1000, examples=[1]
    )
    desired: Integer = Field(
        default_factory=lambda given: max(1, given.get("min", 1)),
        title="Desired",
        description="Copies at the start; with scaling on, the autoscaler's from then on. "
        "Absent: as `min`, at least 1.",
        ge=0,
        le=1000,
        examples=[2],
    )
    max: Integer = Field(
        default_factory=lambda given: max(1, given.get("desired", 1), given.get("min", 1)),
        title="Maximum",
        description="Most copies. Absent: as `desired`.",
        ge=1,
        le=1000,
        examples=[10],
    )

    @model_validator(mode="after")
    def _is_ordered(self) -> "Replicas":
        _check_order(self.min, self.desired, self.max)
        return self


class ScheduledScaling(StrictModel):
    """A change of the bounds at a set time."""

    cron: AwsCron = Field(
        title="When",
        description="AWS cron expression of six fields: minutes hours day-of-month month day-of-week year.",
        examples=["0 20 ? * MON-FRI *"],
    )
    min: Integer = Field(
        title="Minimum", description="Fewest copies from then on.", ge=0, le=1000, examples=[0]
    )
    max: Integer = Field(
        title="Maximum", description="Most copies from then on.", ge=0, le=1000, examples=[0]
    )
    timezone: str = Field(
        default="UTC",
        title="Time zone",
        description="IANA name of the time zone of `cron`.",
        pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$",
        max_length=60,
        examples=["UTC", "Europe/Berlin"],
    )

    @model_validator(mode="after")
    def _is_ordered(self) -> "ScheduledScaling":
        if self.min > self.max:
            raise ValueError(f"`min` ({self.min}) is above `max` ({self.max}); write min <= max")
        return self


class Scaling(StrictModel):
    """What the autoscaler follows; with any of it on, the desired count is the autoscaler's."""

    cpu_percent: Integer | None = Field(
        default=None,
        title="CPU target",
        description="Average CPU use, in percent, to hold.",
        ge=1,
        le=100,
        examples=[70],
    )
    memory_percent: Integer | None = Field(
        default=None,
        title="Memory target",
        description="Average memory use, in percent, to hold.",
        ge=1,
        le=100,
        examples=[80],
    )
    requests_per_target: Integer | None = Field(
        default=None,
        title="Requests per copy",
        description="Requests a minute for each copy behind the load balancer, to hold; the "
        "workload must be public.",
        ge=1,
        le=1_000_000,
        examples=[1000],
    )
    scale_in_cooldown_seconds: Integer = Field(
        default=300,
        title="Scale-in cooldown",
        description="Seconds to wait after removing copies.",
        ge=0,
        le=3600,
        examples=[300],
    )
    scale_out_cooldown_seconds: Integer = Field(
        default=60,
        title="Scale-out cooldown",
        description="Seconds to wait after adding copies; on EKS 1800 at most.",
        ge=0,
        le=3600,
        examples=[60],
    )
    schedule: tuple[ScheduledScaling, ...] = Field(
        default=(),
        title="Schedule",
        description="Changes of the bounds at set times, such as none by night.",
        max_length=20,
        examples=[
            [{"cron": "0 20 * * ? *", "min": 0, "max": 0}, {"cron": "0 6 * * ? *", "min": 2, "max": 10}]
        ],
    )

    @model_validator(mode="after")
    def _follows_something(self) -> "Scaling":
        targets = (self.cpu_percent, self.memory_percent, self.requests_per_target)
        if not self.schedule and all(target is None for target in targets):
            raise ValueError(
                "scaling follows nothing; write `cpu_percent`, `memory_percent`, "
                "`requests_per_target` or `schedule`"
            )
        return self
