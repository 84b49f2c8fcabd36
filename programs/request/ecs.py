"""The parts that ECS alone has: capacity and cluster."""

from enum import StrEnum

from pydantic import Field

from programs.request.identifiers import InstanceType
from programs.request.observability import LogRetention
from programs.request.strict import Boolean, Integer, StrictModel


class FargateCapacity(StrictModel):
    """Copies on Fargate."""

    base: Integer = Field(
        default=0,
        title="Base",
        description="Copies of each workload that are always on Fargate.",
        ge=0,
        le=1000,
        examples=[1],
    )
    weight: Integer = Field(
        default=100,
        title="Weight",
        description="Share of the copies beyond the base.",
        ge=0,
        le=1000,
        examples=[70],
    )


class FargateSpotCapacity(StrictModel):
    """Copies on Fargate Spot: cheaper, and taken away with two minutes' notice."""

    weight: Integer = Field(
        default=0,
        title="Weight",
        description="Share of the copies beyond the base.",
        ge=0,
        le=1000,
        examples=[30],
    )


class Ec2Capacity(StrictModel):
    """Copies on EC2 instances of an Auto Scaling group of the environment's own."""

    weight: Integer = Field(
        default=100,
        title="Weight",
        description="Share of the copies beyond the base.",
        ge=0,
        le=1000,
        examples=[10],
    )
    instance_types: tuple[InstanceType, ...] = Field(
        default=("m6i.large",),
        title="Instance types",
        description="Types to take, first wins where there is a choice.",
        min_length=1,
        max_length=40,
        examples=[["m5.xlarge"]],
    )
    min: Integer = Field(
        default=0, title="Minimum", description="Fewest instances.", ge=0, le=1000, examples=[0]
    )
    max: Integer = Field(
        default=4, title="Maximum", description="Most instances.", ge=1, le=1000, examples=[6]
    )
    spot: Boolean = Field(
        default=False, title="Spot", description="Whether to take Spot instances.", examples=[False]
    )
    target_utilization_percent: Integer = Field(
        default=100,
        title="Target utilization",
        description="Percent of the instances' capacity in use that managed scaling aims at.",
        ge=1,
        le=100,
        examples=[90],
    )
    gpu: Boolean = Field(
        default=False,
        title="GPU",
        description="Use the GPU image; the instance types must have GPUs.",
        examples=[False],
    )
    disk_gib: Integer = Field(
        default=30,
        title="Disk",
        description="GiB of the encrypted root volume.",
        ge=30,
        le=16384,
        examples=[30],
    )


class Capacity(StrictModel):
    """What tasks run on; at least one weight must be above 0."""

    fargate: FargateCapacity | None = Field(
        default=None,
        title="Fargate",
        description="Share on Fargate. Absent, with nothing else given: base 1, weight 100.",
        examples=[{"base": 1, "weight": 70}],
    )
    fargate_spot: FargateSpotCapacity | None = Field(
        default=None, title="Fargate Spot", description="Share on Fargate Spot.", examples=[{"weight": 30}]
    )
    ec2: Ec2Capacity | None = Field(
        default=None,
        title="EC2",
        description="Share on EC2 instances.",
        examples=[{"weight": 10, "instance_types": ["m5.xlarge"], "min": 0, "max": 6}],
    )

    @property
    def fargate_weight(self) -> int:
        """Share on Fargate, 0 when it is not used."""
        return self.fargate.weight if self.fargate else 0

    @property
    def fargate_spot_weight(self) -> int:
        """Share on Fargate Spot, 0 when it is not used."""
        return self.fargate_spot.weight if self.fargate_spot else 0

    @property
    def ec2_weight(self) -> int:
        """Share on EC2, 0 when it is not used."""
        return self.ec2.weight if self.ec2 else 0

    @property
    def runs_on_fargate(self) -> bool:
        """Whether a task may land on Fargate, so that Fargate's sizes and limits hold for all."""
        return self.fargate_weight > 0 or self.fargate_spot_weight > 0


DEFAULT_CAPACITY = Capacity(fargate=FargateCapacity(base=1, weight=100))
"""What tasks run on when a request says nothing."""


class ContainerInsights(StrEnum):
    """How much CloudWatch Container Insights records."""

    ENABLED = "enabled"
    ENHANCED = "enhanced"
    DISABLED = "disabled"


class ExecSessions(StrictModel):
    """How ECS Exec sessions are protected and recorded."""

    encrypt: Boolean = Field(
        default=True,
        title="Encrypt",
        description="Encrypt sessions and their log with a KMS key of the environment's own.",
        examples=[True],
    )
    log_retention_days: LogRetention = Field(
        default=LogRetention.DAYS_30,
        title="Session log retention",
        description="Days that session logs are kept, one of the periods CloudWatch Logs has.",
        examples=[30],
    )


class EcsCluster(StrictModel):
    """The ECS cluster."""

    container_insights: ContainerInsights = Field(
        default=ContainerInsights.ENABLED,
        title="Container Insights",
        description="`enabled`, `enhanced` (per task and container), or `disabled`.",
        examples=["enhanced"],
    )
    exec: ExecSessions = Field(
        default=ExecSessions(),
        title="Exec sessions",
        description="How ECS Exec sessions are protected and recorded.",
        examples=[{"encrypt": True, "log_retention_days": 30}],
    )
    express: Boolean = Field(
        default=False,
        title="Express",
        description="Make public workloads ECS Express Mode services: AWS brings load balancer, "
        "TLS and scaling.",
        examples=[False],
    )
