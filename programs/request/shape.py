"""The fields of a whole request, before the rules that span them (`rules/`, applied in `environment.py`)."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from programs.request.costs import DEFAULT_COST_ASSUMPTIONS, CostAssumptions
from programs.request.ecs import DEFAULT_CAPACITY, Capacity, EcsCluster
from programs.request.eks import EksCluster
from programs.request.exposure import LoadBalancer
from programs.request.identifiers import AwsRegion, DnsLabel
from programs.request.mesh import Mesh
from programs.request.network import Network
from programs.request.observability import Observability
from programs.request.registry import Registry
from programs.request.strict import Boolean, StrictModel
from programs.request.working_hours import WorkingHours
from programs.request.workload import Workload


class Orchestrator(StrEnum):
    """What runs the workloads."""

    ECS = "ecs"
    EKS = "eks"


class EnvironmentClass(StrEnum):
    """How much an environment matters; sets the defaults of `class_defaults.py`."""

    EPHEMERAL = "ephemeral"
    STANDARD = "standard"
    PRODUCTION = "production"


def _check_duration_text(value: object) -> object:
    if value is None or isinstance(value, timedelta):
        return value
    if not (isinstance(value, str) and value.startswith("P")):
        raise ValueError(
            "not an ISO 8601 duration; write for instance P3D (three days) or PT12H (twelve hours)"
        )
    return value


Lifetime = Annotated[
    timedelta, BeforeValidator(_check_duration_text), Field(ge=timedelta(minutes=5), le=timedelta(days=3650))
]

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9 _.:/=+@-]+$")]
TagValue = Annotated[str, StringConstraints(max_length=256, pattern=r"^[\w \t.:/=+@-]*$")]
"""Keys and values as all AWS services take them (AWS tagging guide, 'Tag naming limits and requirements')."""

MAX_REQUEST_TAGS = 40
"""AWS allows 50 tags on a resource; the rest is for those that Berth and AWS add."""


class SharedShape(StrictModel):
    """What every environment has, whichever orchestrator runs it."""

    name: DnsLabel = Field(
        title="Name",
        description="DNS label, 2 to 30 characters, unique among the team's living environments.",
        examples=["shop"],
    )
    team: DnsLabel = Field(
        title="Team", description="DNS label, 2 to 30 characters: who owns it.", examples=["storefront"]
    )
    environment_class: EnvironmentClass = Field(
        default=EnvironmentClass.STANDARD,
        alias="class",
        title="Class",
        description="`ephemeral`, `standard` or `production`: sets the defaults of ttl, protection, NAT "
        "gateways, flow logs, access logs, log retention and alarms.",
        examples=["standard"],
    )
    region: AwsRegion | None = Field(
        default=None,
        title="Region",
        description="AWS region. Absent: the service's default.",
        examples=["us-east-1"],
    )
    account: DnsLabel | None = Field(
        default=None,
        title="Account",
        description="Name of a target account as the service's settings have it. Absent: the default one.",
        examples=["workloads-dev"],
    )
    ttl: Lifetime | None = Field(
        default=None,
        title="Time to live",
        description="ISO 8601 duration from creation, or the last extension, after which it is destroyed. "
        "Absent: P3D for class ephemeral, else it stays.",
        examples=["P3D", "P14D", "PT12H"],
    )
    protected: Boolean = Field(
        default_factory=lambda: False,
        title="Protected",
        description="Blocks destroy, expiry and schedules until lifted. Absent: true for class production.",
        examples=[True],
    )
    working_hours: WorkingHours | None = Field(
        default=None,
        title="Working hours",
        description="When it runs: outside of these hours it is paused, every workload at 0 copies. "
        "Absent: always. Protected environments are never paused by the clock.",
        examples=[{"start": "08:00", "end": "18:30", "timezone": "Europe/Berlin"}],
    )
    network: Network = Field(
        default_factory=Network,
        title="Network",
        description="Where the environment lives.",
        examples=[{"cidr": "10.20.0.0/16", "availability_zones": 3, "nat_gateways": "single"}],
    )
    registry: Registry = Field(
        default_factory=Registry,
        title="Image registry",
        description="Image repositories of the environment's own, in Amazon ECR.",
        examples=[{"repositories": ["frontend", "backend"]}],
    )
    load_balancer: LoadBalancer = Field(
        default_factory=LoadBalancer,
        title="Load balancer",
        description="The one load balancer that public workloads share; made when there is one.",
        examples=[{"idle_timeout_seconds": 60}],
    )
    workloads: tuple[Workload, ...] = Field(
        title="Workloads",
        description="What runs; at least one.",
        min_length=1,
        max_length=100,
        examples=[
            [
                {
                    "name": "web",
                    "image": "public.ecr.aws/nginx/nginx:1.27",
                    "ports": [{"port": 80}],
                    "public": {},
                }
            ]
        ],
    )
    mesh: Mesh = Field(
        default_factory=Mesh,
        title="Mesh",
        description="How workloads find, trust and retry each other.",
        examples=[{"kind": "service_connect"}],
    )
    observability: Observability = Field(
        default_factory=Observability,
        title="Observability",
        description="Logs, alarms, dashboard, traces.",
        examples=[{"log_retention_days": 30, "alarms": True}],
    )
    tags: dict[TagKey, TagValue] = Field(
        default={},
        title="Tags",
        description="Tags on every resource; environment id, team, class and expiry are added.",
        max_length=MAX_REQUEST_TAGS,
        examples=[{"cost-center": "1234"}],
    )

    cost_assumptions: CostAssumptions = Field(
        default=DEFAULT_COST_ASSUMPTIONS,
        title="Cost assumptions",
        description="What estimates take for granted about use; changes nothing that is deployed.",
        examples=[{"egress_gb_per_load_balancer": 500, "log_gb_per_log_group": 5}],
    )

    @property
    def is_production(self) -> bool:
        """Whether the class is production."""
        return self.environment_class is EnvironmentClass.PRODUCTION

    @property
    def public_workloads(self) -> tuple[Workload, ...]:
        """The workloads on the load balancer."""
        return tuple(workload for workload in self.workloads if workload.public is not None)


class EcsShape(SharedShape):
    """The fields of an environment on ECS."""

    orchestrator: Literal[Orchestrator.ECS] = Field(
        title="Orchestrator", description="`ecs`: Amazon Elastic Container Service.", examples=["ecs"]
    )
    capacity: Capacity = Field(
        default=DEFAULT_CAPACITY,
        title="Capacity",
        description="What tasks run on; at least one weight above 0. Absent: Fargate.",
        examples=[{"fargate": {"base": 1, "weight": 70}, "fargate_spot": {"weight": 30}}],
    )
    cluster: EcsCluster = Field(
        default=EcsCluster(),
        title="Cluster",
        description="The ECS cluster.",
        examples=[{"container_insights": "enhanced"}],
    )

    @property
    def express_workloads(self) -> tuple[Workload, ...]:
        """The workloads that Express Mode runs: the public ones, where it is asked for."""
        return self.public_workloads if self.cluster.express else ()


class EksShape(SharedShape):
    """The fields of an environment on EKS."""

    orchestrator: Literal[Orchestrator.EKS] = Field(
        title="Orchestrator", description="`eks`: Amazon Elastic Kubernetes Service.", examples=["eks"]
    )
    cluster: EksCluster = Field(
        default_factory=EksCluster,
        title="Cluster",
        description="The EKS cluster.",
        examples=[{"version": "1.34", "autoscaler": "karpenter"}],
    )
