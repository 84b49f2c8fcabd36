"""What every container has, a workload's own and its sidecars alike: ports, secrets, health checks."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from programs.request.identifiers import AbsolutePath, DnsLabel, EnvironmentVariable, ShortName
from programs.request.strict import Integer, StrictModel

HOST_REFERENCE = r"\$\{workloads\.([A-Za-z0-9_-]+)\.host\}"
"""How one workload's plain setting names another's address."""


class Protocol(StrEnum):
    """What is spoken on a port."""

    HTTP = "http"
    HTTP2 = "http2"
    GRPC = "grpc"
    TCP = "tcp"
    UDP = "udp"


BALANCED_PROTOCOLS = frozenset({Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC})
"""What an Application Load Balancer and an HTTP mesh can carry."""


class Port(StrictModel):
    """A port a container listens on."""

    name: ShortName = Field(
        default="http",
        title="Name",
        description="The port's name, unique in its workload.",
        max_length=15,
        examples=["http", "metrics"],
    )
    port: Integer = Field(
        title="Port", description="The number the container listens on.", ge=1, le=65535, examples=[8080]
    )
    protocol: Protocol = Field(
        default=Protocol.HTTP,
        title="Protocol",
        description="What is spoken on it: http, http2, grpc, tcp or udp.",
        examples=["http", "grpc"],
    )
    alias: DnsLabel | None = Field(
        default=None,
        title="Alias",
        description="The name other workloads reach this port under. Absent: the workload's name.",
        examples=["orders"],
    )


Ports = Annotated[tuple[Port, ...], Field(max_length=20)]


class Secret(StrictModel):
    """A secret handed to a container as an environment variable; the value itself is never in a request."""

    name: EnvironmentVariable = Field(
        title="Variable", description="The environment variable that receives it.", examples=["DB_PASSWORD"]
    )
    secrets_manager: str | None = Field(
        default=None,
        title="Secrets Manager secret",
        description="Name or ARN of the secret in AWS Secrets Manager.",
        min_length=1,
        max_length=512,
        pattern=r"^[A-Za-z0-9/_+=.@:-]+$",
        examples=["shop/db-password"],
    )
    key: str | None = Field(
        default=None,
        title="JSON key",
        description="Take this key of the secret's JSON value. Absent: the whole value.",
        min_length=1,
        max_length=255,
        pattern=r"^[A-Za-z0-9_.-]+$",
        examples=["password"],
    )
    parameter: str | None = Field(
        default=None,
        title="SSM parameter",
        description="Path or ARN of the parameter in SSM Parameter Store.",
        min_length=1,
        max_length=1011,
        pattern=r"^[A-Za-z0-9/_.:-]+$",
        examples=["/shop/feature-flags"],
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> "Secret":
        if (self.secrets_manager is None) == (self.parameter is None):
            raise ValueError(
                "write either `secrets_manager` (a Secrets Manager name or ARN) or `parameter` (an SSM path)"
            )
        if self.key is not None and self.secrets_manager is None:
            raise ValueError("`key` picks from a Secrets Manager secret; an SSM parameter is taken whole")
        return self


Secrets = Annotated[tuple[Secret, ...], Field(max_length=60)]


class HealthCheck(StrictModel):
    """A command run in the container that says whether it is healthy."""

    command: str = Field(
        title="Command",
        description="Run by the container's shell; exit code 0 means healthy.",
        min_length=1,
        max_length=1024,
        examples=["curl -f http://localhost:8080/health || exit 1"],
    )
    interval_seconds: Integer = Field(
        default=30, title="Interval", description="Seconds between checks.", ge=5, le=300, examples=[30]
    )
    timeout_seconds: Integer = Field(
        default=5,
        title="Timeout",
        description="Seconds after which one check counts as failed.",
        ge=2,
        le=60,
        examples=[5],
    )
    retries: Integer = Field(
        default=3,
        title="Retries",
        description="Failures in a row after which the container is unhealthy.",
        ge=1,
        le=10,
        examples=[3],
    )
    start_period_seconds: Integer = Field(
        default=0,
        title="Start period",
        description="Seconds after start in which failures do not count.",
        ge=0,
        le=300,
        examples=[60],
    )


class DependencyCondition(StrEnum):
    """What must have happened to a container before another starts (as Amazon ECS names it)."""

    START = "START"
    COMPLETE = "COMPLETE"
    SUCCESS = "SUCCESS"
    HEALTHY = "HEALTHY"


ENDING = frozenset({DependencyCondition.COMPLETE, DependencyCondition.SUCCESS})
"""What is waited for is the other container's end."""


class Dependency(StrictModel):
    """A container that must be there first."""

    container: ShortName = Field(
        title="Container", description="The other container of the same workload.", examples=["migrate"]
    )
    condition: DependencyCondition = Field(
        default=DependencyCondition.START,
        title="Condition",
        description="START, COMPLETE (ended), SUCCESS (ended with 0) or HEALTHY (its health check passes).",
        examples=["HEALTHY"],
    )


class UlimitName(StrEnum):
    """The limits a container can be given (Amazon ECS API, Ulimit)."""

    CORE = "core"
    CPU = "cpu"
    DATA = "data"
    FSIZE = "fsize"
    LOCKS = "locks"
    MEMLOCK = "memlock"
    MSGQUEUE = "msgqueue"
    NICE = "nice"
    NOFILE = "nofile"
    NPROC = "nproc"
    RSS = "rss"
    RTPRIO = "rtprio"
    RTTIME = "rttime"
    SIGPENDING = "sigpending"
    STACK = "stack"


class Ulimit(StrictModel):
    """A limit of the operating system; Fargate can change `nofile` alone."""

    name: UlimitName = Field(title="Limit", description="Which limit.", examples=["nofile"])
    soft: Integer = Field(
        title="Soft limit", description="What holds at start.", ge=0, le=2**31 - 1, examples=[65535]
    )
    hard: Integer = Field(
        title="Hard limit",
        description="What the process may raise it to; at least the soft limit.",
        ge=0,
        le=2**31 - 1,
        examples=[65535],
    )

    @model_validator(mode="after")
    def _soft_is_below_hard(self) -> "Ulimit":
        if self.soft > self.hard:
            raise ValueError(f"`soft` ({self.soft}) is above `hard` ({self.hard}); raise `hard`")
        return self


SettingValue = Annotated[str, StringConstraints(max_length=4096)]
Command = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=4096)], ...], Field(max_length=64)
]
WritablePaths = Annotated[tuple[AbsolutePath, ...], Field(max_length=20)]
