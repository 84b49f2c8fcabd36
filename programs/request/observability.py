"""Logs, alarms, dashboards and traces."""

from enum import IntEnum, StrEnum

from pydantic import Field

from programs.request.identifiers import EmailAddress
from programs.request.strict import Boolean, Integer, StrictModel


class LogRetention(IntEnum):
    """The retention periods CloudWatch Logs has, in days (CloudWatch Logs API, PutRetentionPolicy)."""

    DAYS_1 = 1
    DAYS_3 = 3
    DAYS_5 = 5
    DAYS_7 = 7
    DAYS_14 = 14
    DAYS_30 = 30
    DAYS_60 = 60
    DAYS_90 = 90
    DAYS_120 = 120
    DAYS_150 = 150
    DAYS_180 = 180
    DAYS_365 = 365
    DAYS_400 = 400
    DAYS_545 = 545
    DAYS_731 = 731
    DAYS_1827 = 1827
    DAYS_3653 = 3653


class Tracing(StrEnum):
    """Where traces go."""

    NONE = "none"
    XRAY = "xray"


class AlarmThresholds(StrictModel):
    """When the alarms ring."""

    http_5xx_count: Integer = Field(
        default=10, title="5xx answers", description="Answers 5xx a minute.", ge=1, le=100000, examples=[10]
    )
    latency_p95_milliseconds: Integer = Field(
        default=1000,
        title="Latency",
        description="95th percentile of the answer time in milliseconds.",
        ge=1,
        le=300000,
        examples=[1000],
    )
    cpu_percent: Integer = Field(
        default=90, title="CPU", description="Average CPU use in percent.", ge=1, le=100, examples=[90]
    )
    memory_percent: Integer = Field(
        default=90, title="Memory", description="Average memory use in percent.", ge=1, le=100, examples=[90]
    )


class Observability(StrictModel):
    """What is kept and shown of a running environment."""

    log_retention_days: LogRetention = Field(
        default_factory=lambda: LogRetention.DAYS_30,
        title="Log retention",
        description="Days that logs are kept, one of the periods CloudWatch Logs has. "
        "Absent: 7 for class ephemeral, 30 for standard, 90 for production.",
        examples=[30],
    )
    alarms: Boolean = Field(
        default_factory=lambda: False,
        title="Alarms",
        description="Make CloudWatch alarms and an SNS topic; on ECS alone. Absent: on for class production.",
        examples=[True],
    )
    alarm_thresholds: AlarmThresholds = Field(
        default=AlarmThresholds(),
        title="Alarm thresholds",
        description="When the alarms ring.",
        examples=[{"http_5xx_count": 10}],
    )
    alarm_emails: tuple[EmailAddress, ...] = Field(
        default=(),
        title="Alarm recipients",
        description="Addresses that are asked to subscribe to the alarms; on ECS alone.",
        max_length=10,
        examples=[["oncall@example.com"]],
    )
    dashboard: Boolean = Field(
        default=False, title="Dashboard", description="Make a CloudWatch dashboard.", examples=[True]
    )
    tracing: Tracing = Field(
        default=Tracing.NONE,
        title="Tracing",
        description="`xray` runs the X-Ray daemon beside every workload.",
        examples=["xray"],
    )
