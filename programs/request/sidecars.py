"""Containers that run beside a workload's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, cast

from pydantic import BeforeValidator, Discriminator, Field, Tag

from programs.request.containers import (
    Command,
    Dependency,
    HealthCheck,
    Ports,
    Secrets,
    SettingValue,
    WritablePaths,
)
from programs.request.identifiers import EnvironmentVariable, ShortName, UserAndGroup
from programs.request.images import Image
from programs.request.strict import Boolean, Integer, StrictModel


class KnownSidecar(StrEnum):
    """Sidecars that are set up completely by their name."""

    XRAY = "xray"
    OTEL = "otel"
    FLUENT_BIT = "fluent_bit"
    CLOUDWATCH_AGENT = "cloudwatch_agent"


def _as_list(value: object) -> object:
    return [cast("object", value)] if isinstance(value, Mapping) else value


Dependencies = Annotated[tuple[Dependency, ...], BeforeValidator(_as_list), Field(max_length=10)]
"""One dependency or several; a single one may stand without a list."""


class OwnSidecar(StrictModel):
    """A container of one's own."""

    name: ShortName = Field(
        title="Name", description="The container's name, unique in its workload.", examples=["migrate"]
    )
    image: Image = Field(
        title="Image",
        description="A reference, or an image of the environment's own registry.",
        examples=["public.ecr.aws/docker/library/busybox:1.37", {"repository": "tools", "tag": "v1"}],
    )
    command: Command = Field(
        default=(),
        title="Command",
        description="In place of the image's own command.",
        examples=[["migrate", "--to-latest"]],
    )
    entry_point: Command = Field(
        default=(),
        title="Entry point",
        description="In place of the image's own entry point.",
        examples=[["/bin/sh", "-c"]],
    )
    env: dict[EnvironmentVariable, SettingValue] = Field(
        default={},
        title="Settings",
        description="Plain environment variables; credentials belong in `secrets`.",
        max_length=100,
        examples=[{"LOG_LEVEL": "info"}],
    )
    secrets: Secrets = Field(
        default=(),
        title="Secrets",
        description="Secrets handed over as environment variables.",
        examples=[[{"name": "DB_PASSWORD", "secrets_manager": "shop/db-password"}]],
    )
    ports: Ports = Field(
        default=(),
        title="Ports",
        description="Ports the container listens on, reachable by the workload's other containers.",
        examples=[[{"name": "admin", "port": 9901}]],
    )
    essential: Boolean = Field(
        default=False,
        title="Essential",
        description="Whether the workload is stopped when this container stops.",
        examples=[False],
    )
    cpu_units: Integer = Field(
        default=0,
        title="CPU",
        description="CPU units set aside for it out of the workload's; 1024 are one vCPU, 0 "
        "shares what is left.",
        ge=0,
        le=16384,
        examples=[64],
    )
    memory_mib: Integer = Field(
        default=128,
        title="Memory",
        description="Memory limit in MiB, out of the workload's.",
        ge=6,
        le=122880,
        examples=[128],
    )
    health_check: HealthCheck | None = Field(
        default=None,
        title="Health check",
        description="A command that says whether the container is healthy.",
        examples=[{"command": "wget -qO- http://localhost:9901/ready"}],
    )
    depends_on: Dependencies = Field(
        default=(),
        title="Starts after",
        description="Containers of this workload that must be there first.",
        examples=[[{"container": "xray", "condition": "START"}]],
    )
    read_only_root_filesystem: Boolean = Field(
        default=True,
        title="Read-only root file system",
        description="Whether the container may write to `writable_paths` only.",
        examples=[True],
    )
    writable_paths: WritablePaths = Field(
        default=("/tmp",),  # noqa: S108 -- a mount point in the container
        title="Writable paths",
        description="Directories that are empty and writable at start when the root file system "
        "is read-only; on ECS to whom, as for the workload's.",
        examples=[["/var/cache/app"]],
    )
    user: UserAndGroup | None = Field(
        default=None,
        title="User",
        description="Numeric user, or user:group, it runs as. Absent: as for the workload.",
        examples=["1000", "1000:1000"],
    )


def _spelling(value: object) -> str:
    return "<own>" if isinstance(value, Mapping | OwnSidecar) else "<known>"


Sidecar = Annotated[
    Annotated[KnownSidecar, Tag("<known>")] | Annotated[OwnSidecar, Tag("<own>")], Discriminator(_spelling)
]
"""A known sidecar by name, or a container of one's own."""


KNOWN_SIDECAR_CPU_UNITS = 32
KNOWN_SIDECAR_MEMORY_MIB = 64
"""What is set aside, out of the workload's own, for a sidecar that is set up by name."""


@dataclass(frozen=True, slots=True)
class SidecarPart:
    """What sidecars take together of their workload's size."""

    cpu_units: int
    memory_mib: int


def sidecar_part(own: Iterable[OwnSidecar], known_count: int) -> SidecarPart:
    """Return what own sidecars and so many that are set up by name take."""
    sizes = [(sidecar.cpu_units, sidecar.memory_mib) for sidecar in own]
    return SidecarPart(
        sum(cpu_units for cpu_units, _ in sizes) + known_count * KNOWN_SIDECAR_CPU_UNITS,
        sum(memory_mib for _, memory_mib in sizes) + known_count * KNOWN_SIDECAR_MEMORY_MIB,
    )


def known_sidecars(
    sidecars: Iterable[KnownSidecar | OwnSidecar], *, has_tracing: bool
) -> tuple[KnownSidecar, ...]:
    """Return a workload's sidecars that are set up by name; tracing puts the X-Ray daemon beside them."""
    known = [sidecar for sidecar in sidecars if isinstance(sidecar, KnownSidecar)]
    if has_tracing and KnownSidecar.XRAY not in known:
        known.append(KnownSidecar.XRAY)
    return tuple(known)


def container_name(sidecar: KnownSidecar | OwnSidecar) -> str:
    """The name of the sidecar's container: `fluent_bit` runs as `fluent-bit`."""
    return sidecar.name if isinstance(sidecar, OwnSidecar) else sidecar.value.replace("_", "-")
