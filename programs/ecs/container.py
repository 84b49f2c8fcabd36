"""Container definitions: the part of a task definition that AWS takes as JSON.

Field names are AWS's own in snake case; absent and empty fields are left out of the JSON.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import cast

from programs.request.containers import DependencyCondition


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port that the container listens on; `name` and `app_protocol` are for Service Connect."""

    container_port: int
    protocol: str = "tcp"
    name: str | None = None
    app_protocol: str | None = None


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """A plain setting."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SecretVariable:
    """A setting that ECS reads from Secrets Manager or Parameter Store when the task starts."""

    name: str
    value_from: str


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A command inside the container; `interval`, `timeout` and `start_period` are seconds."""

    command: tuple[str, ...]
    interval: int
    timeout: int
    retries: int
    start_period: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """Another container of the task that comes first."""

    container_name: str
    condition: DependencyCondition


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A resource limit of the container."""

    name: str
    soft_limit: int
    hard_limit: int


@dataclass(frozen=True, slots=True)
class MountPoint:
    """Where a volume of the task appears in the container."""

    source_volume: str
    container_path: str
    read_only: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a log driver or log router."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LogConfiguration:
    """Where the container's output goes."""

    log_driver: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class FirelensConfiguration:
    """Makes the container the task's log router."""

    type: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ResourceRequirement:
    """A GPU, or another thing the container holds alone."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class LinuxParameters:
    """What the kernel gives the container; an init process reaps what exec sessions leave behind."""

    init_process_enabled: bool


@dataclass(frozen=True, slots=True)
class ContainerDefinition:
    """One container of a task."""

    name: str
    image: str
    essential: bool
    cpu: int | None = None
    memory_reservation: int | None = None
    memory: int | None = None
    entry_point: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    port_mappings: tuple[PortMapping, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    secrets: tuple[SecretVariable, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    health_check: HealthCheck | None = None
    log_configuration: LogConfiguration | None = None
    firelens_configuration: FirelensConfiguration | None = None
    mount_points: tuple[MountPoint, ...] = ()
    ulimits: tuple[Ulimit, ...] = ()
    linux_parameters: LinuxParameters | None = None
    resource_requirements: tuple[ResourceRequirement, ...] = ()
    readonly_root_filesystem: bool | None = None
    user: str | None = None
    start_timeout: int | None = None
    stop_timeout: int | None = None


def containers_as_json(containers: Sequence[ContainerDefinition]) -> str:
    """Return the definitions as AWS takes them; equal definitions give equal text."""
    return json.dumps([_plain(container) for container in containers], sort_keys=True)


def _plain(value: object) -> object:
    """Return a definition, or a part of one, as plain JSON values with AWS's camel-case names."""
    if isinstance(value, tuple):
        return _plain_sequence(cast("tuple[object, ...]", value))
    if not is_dataclass(value):
        return value
    pairs = ((_camel_case(field.name), getattr(value, field.name)) for field in fields(value))
    return {name: _plain(part) for name, part in pairs if part is not None and part != ()}


def _plain_sequence(parts: tuple[object, ...]) -> object:
    options = [part for part in parts if isinstance(part, Option)]
    if options:
        return {option.name: option.value for option in options}
    return [_plain(part) for part in parts]


def _camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
