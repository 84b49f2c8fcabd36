"""A workload: one kind of container that runs in some number of copies, with what stands beside it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.containers import (
    Command,
    HealthCheck,
    Ports,
    Secret,
    Secrets,
    SettingValue,
    Ulimit,
    WritablePaths,
)
from programs.request.exposure import Exposure
from programs.request.identifiers import DnsLabel, EnvironmentVariable, UserAndGroup
from programs.request.images import Image
from programs.request.permissions import Permission
from programs.request.rollout import Rollout
from programs.request.scaling import Replicas, Scaling
from programs.request.sidecars import Dependencies, OwnSidecar, Sidecar
from programs.request.storage import Volume
from programs.request.strict import Boolean, Integer, StrictModel

_ROUTE_EXAMPLE = {"path": "/", "health_path": "/health"}


class Architecture(StrEnum):
    """The processor an image is built for."""

    X86_64 = "x86_64"
    ARM64 = "arm64"


PeerName = Annotated[str, StringConstraints(min_length=1, max_length=30)]


class Workload(StrictModel):
    """A container to run, how much of it, and who reaches it."""

    name: DnsLabel = Field(
        title="Name", description="DNS label, unique in the environment.", examples=["backend"]
    )
    image: Image = Field(
        title="Image",
        description="A reference, or an image of this environment's registry as {repository, tag} or "
        "{repository, digest}. The tag `latest` is refused for class production.",
        examples=["public.ecr.aws/nginx/nginx:1.27", {"repository": "backend", "tag": "v2.1.3"}],
    )
    cpu_units: Integer = Field(
        default=256,
        title="CPU",
        description="CPU units of one copy, sidecars included; 1024 units are one vCPU. On Fargate only "
        "the pairs with `memory_mib` that Fargate has.",
        ge=64,
        le=196608,
        examples=[256, 1024],
    )
    memory_mib: Integer = Field(
        default=512,
        title="Memory",
        description="Memory of one copy in MiB, sidecars included.",
        ge=64,
        le=1572864,
        examples=[512, 2048],
    )
    architecture: Architecture = Field(
        default=Architecture.X86_64,
        title="Architecture",
        description="The processor the image is built for.",
        examples=["x86_64", "arm64"],
    )
    gpus: Integer = Field(
        default=0,
        title="GPUs",
        description="GPUs of one copy; needs GPU instances (`capacity.ec2.gpu`, or an NVIDIA node group).",
        ge=0,
        le=8,
        examples=[1],
    )
    ports: Ports = Field(
        default=(),
        title="Ports",
        description="Ports the container listens on. None: a worker that nobody calls.",
        examples=[[{"name": "http", "port": 8080}]],
    )
    public: Exposure | None = Field(
        default=None,
        title="Public",
        description="Exposes the first port on the environment's load balancer; `{}` takes every default. "
        "Absent: private.",
        examples=[_ROUTE_EXAMPLE],
    )
    allow_from: tuple[PeerName, ...] = Field(
        default=(),
        title="Callers",
        description="Workloads that may call this one, besides the load balancer and those whose settings "
        "name its host.",
        max_length=50,
        examples=[["frontend"]],
    )
    command: Command = Field(
        default=(),
        title="Command",
        description="In place of the image's own command.",
        examples=[["python", "-m", "shop.worker"]],
    )
    entry_point: Command = Field(
        default=(),
        title="Entry point",
        description="In place of the image's own entry point.",
        examples=[["/usr/bin/tini", "--"]],
    )
    env: dict[EnvironmentVariable, SettingValue] = Field(
        default={},
        title="Settings",
        description="Plain environment variables. `${workloads.NAME.host}` becomes the other workload's "
        "address, `${environments.NAME.outputs.KEY}` an output of another environment of the team. "
        "Credentials are refused here: they belong in `secrets`.",
        max_length=100,
        examples=[{"BACKEND_URL": "http://${workloads.backend.host}:8080"}],
    )
    secrets: Secrets = Field(
        default=(),
        title="Secrets",
        description="Secrets handed over as environment variables; IAM grants exactly these.",
        examples=[[{"name": "DB_PASSWORD", "secrets_manager": "shop/db-password"}]],
    )
    health_check: HealthCheck | None = Field(
        default=None,
        title="Health check",
        description="A command that says whether a copy is healthy. Absent: it is while it runs, and while "
        "the load balancer finds it so.",
        examples=[{"command": "curl -f http://localhost:8080/health || exit 1"}],
    )
    sidecars: tuple[Sidecar, ...] = Field(
        default=(),
        title="Sidecars",
        description="`xray`, `otel`, `fluent_bit`, `cloudwatch_agent`, or containers of one's own.",
        max_length=8,
        examples=[["xray"], ["fluent_bit", {"name": "proxy", "image": "public.ecr.aws/nginx/nginx:1.27"}]],
    )
    depends_on: Dependencies = Field(
        default=(),
        title="Starts after",
        description="Sidecars that must be there before the workload's own container starts.",
        examples=[[{"container": "migrate", "condition": "SUCCESS"}]],
    )
    replicas: Replicas = Field(
        default=Replicas(),
        title="Copies",
        description="How many copies run.",
        examples=[{"min": 2, "desired": 2, "max": 10}],
    )
    scaling: Scaling | None = Field(
        default=None,
        title="Scaling",
        description="What the number of copies follows. Absent: it stays as desired.",
        examples=[{"cpu_percent": 70}],
    )
    rollout: Rollout = Field(
        default=Rollout(),
        title="Rollout",
        description="How a new version takes over.",
        examples=[{"strategy": "rolling"}],
    )
    permissions: tuple[Permission, ...] = Field(
        default=(),
        title="Permissions",
        description="What the workload may do in AWS beyond reading its secrets.",
        max_length=50,
        examples=[[{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop-uploads/*"]}]],
    )
    exec: Boolean = Field(
        default=False,
        title="Exec",
        description="Whether people may open a shell in it: ECS Exec, or a role binding for `kubectl exec`.",
        examples=[True],
    )
    volumes: tuple[Volume, ...] = Field(
        default=(),
        title="Volumes",
        description="File systems to mount.",
        max_length=10,
        examples=[
            [
                {
                    "name": "uploads",
                    "mount_path": "/var/uploads",
                    "efs": {"file_system_id": "fs-0123456789abcdef0"},
                }
            ]
        ],
    )
    ephemeral_storage_gib: Integer = Field(
        default=20,
        title="Scratch space",
        description="GiB of disk that live as long as the copy.",
        ge=20,
        le=200,
        examples=[20, 50],
    )
    read_only_root_filesystem: Boolean = Field(
        default_factory=lambda given: not given.get("exec", False),
        title="Read-only root file system",
        description="Whether the container may write to `writable_paths` only. Absent: true, but false with "
        "`exec` on ECS, whose agent must write.",
        examples=[True],
    )
    writable_paths: WritablePaths = Field(
        default=("/tmp", "/run", "/var/cache/nginx"),  # noqa: S108 -- mount points in the container
        title="Writable paths",
        description="Directories that are empty and writable at start when the root file system is "
        "read-only; the default is what common public images write to. On ECS they belong to root: for "
        "another user the image must declare each as a `VOLUME` that this user may write to.",
        examples=[["/var/cache/app"]],
    )
    user: UserAndGroup | None = Field(
        default=None,
        title="User",
        description="Numeric user, or user:group, it runs as. Absent: the image's own on ECS; 10001 on EKS, "
        "where Pod Security `restricted` admits no root.",
        examples=["1000", "1000:1000"],
    )
    stop_timeout_seconds: Integer = Field(
        default=30,
        title="Stop timeout",
        description="Seconds between the request to stop and the kill.",
        ge=2,
        le=120,
        examples=[30],
    )
    ulimits: tuple[Ulimit, ...] = Field(
        default=(),
        title="Limits of the operating system",
        description="ECS alone; Fargate can change `nofile` alone.",
        max_length=15,
        examples=[[{"name": "nofile", "soft": 65535, "hard": 65535}]],
    )

    @property
    def own_sidecars(self) -> tuple[OwnSidecar, ...]:
        """The sidecars that the request describes itself."""
        return tuple(sidecar for sidecar in self.sidecars if isinstance(sidecar, OwnSidecar))

    @property
    def all_secrets(self) -> tuple[Secret, ...]:
        """The secrets of its own container and of its sidecars."""
        return (*self.secrets, *(secret for sidecar in self.own_sidecars for secret in sidecar.secrets))
