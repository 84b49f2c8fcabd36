"""What pods run on: node groups and Fargate profiles."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from programs.request.identifiers import (
    InstanceType,
    KubernetesLabelKey,
    KubernetesLabelValue,
    KubernetesName,
)
from programs.request.strict import Boolean, Integer, StrictModel


class NodeCapacityType(StrEnum):
    """How nodes are bought."""

    ON_DEMAND = "on_demand"
    SPOT = "spot"


AMI_TYPES = (
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
    "AL2023_x86_64_NEURON",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_ARM_64_FIPS",
)
"""AMI types of managed node groups (Amazon EKS API, Nodegroup.amiType), Windows and custom ones left out."""

AMI_SUCCESSORS = {
    "AL2_x86_64": "AL2023_x86_64_STANDARD",
    "AL2_x86_64_GPU": "AL2023_x86_64_NVIDIA",
    "AL2_ARM_64": "AL2023_ARM_64_STANDARD",
}
"""What replaces the AMI types that EKS stopped publishing on 2025-11-26 (EKS user guide)."""


def _check_ami_type(ami_type: str) -> str:
    if ami_type in AMI_SUCCESSORS:
        raise ValueError(f"{ami_type} is retired by EKS; write {AMI_SUCCESSORS[ami_type]}")
    if ami_type not in AMI_TYPES:
        raise ValueError(f"no such AMI type; write one of {', '.join(AMI_TYPES)}")
    return ami_type


AmiType = Annotated[str, Field(json_schema_extra={"enum": list(AMI_TYPES)}), AfterValidator(_check_ami_type)]
"""An AMI type of managed node groups; a retired one is refused by naming its successor."""


class TaintEffect(StrEnum):
    """What a taint does to pods that do not tolerate it (as EKS names it)."""

    NO_SCHEDULE = "NO_SCHEDULE"
    NO_EXECUTE = "NO_EXECUTE"
    PREFER_NO_SCHEDULE = "PREFER_NO_SCHEDULE"


class Taint(StrictModel):
    """Keeps pods off nodes unless they tolerate it."""

    key: KubernetesLabelKey = Field(title="Key", description="The taint's key.", examples=["spot"])
    value: KubernetesLabelValue = Field(
        default="", title="Value", description="The taint's value.", examples=["true"]
    )
    effect: TaintEffect = Field(
        default=TaintEffect.NO_SCHEDULE,
        title="Effect",
        description="NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE.",
        examples=["NO_SCHEDULE"],
    )


class NodeGroup(StrictModel):
    """A managed node group."""

    instance_types: tuple[InstanceType, ...] = Field(
        default=("m6i.large",),
        title="Instance types",
        description="Types to take; several make Spot steadier.",
        min_length=1,
        max_length=20,
        examples=[["m6i.large", "m5.large"]],
    )
    capacity_type: NodeCapacityType = Field(
        default=NodeCapacityType.ON_DEMAND,
        title="Capacity type",
        description="`on_demand` or `spot`.",
        examples=["on_demand"],
    )
    ami_type: AmiType | None = Field(
        default=None,
        title="AMI type",
        description="As EKS names it. Absent: AL2023, by the instance types' processor and GPU.",
        examples=["AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64"],
    )
    min: Integer = Field(default=1, title="Minimum", description="Fewest nodes.", ge=0, le=450, examples=[1])
    desired: Integer = Field(
        default_factory=lambda given: max(2, given.get("min", 1)),
        title="Desired",
        description="Nodes at the start; an autoscaler's from then on. Absent: as `min`, at least 2.",
        ge=0,
        le=450,
        examples=[2],
    )
    max: Integer = Field(
        default_factory=lambda given: max(4, given.get("desired", 2), given.get("min", 1)),
        title="Maximum",
        description="Most nodes. Absent: 4, or `desired` where that is more.",
        ge=1,
        le=450,
        examples=[4],
    )
    disk_gib: Integer = Field(
        default=50,
        title="Disk",
        description="GiB of the encrypted root volume.",
        ge=20,
        le=16384,
        examples=[50],
    )
    labels: dict[KubernetesLabelKey, KubernetesLabelValue] = Field(
        default={},
        title="Labels",
        description="Labels of the nodes.",
        max_length=50,
        examples=[{"workload": "general"}],
    )
    taints: tuple[Taint, ...] = Field(
        default=(),
        title="Taints",
        description="Taints of the nodes.",
        max_length=50,
        examples=[[{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}]],
    )
    max_unavailable_percent: Integer = Field(
        default=33,
        title="Most unavailable",
        description="Percent of the nodes replaced at once in an update.",
        ge=1,
        le=100,
        examples=[33],
    )
    node_repair: Boolean = Field(
        default=True,
        title="Node repair",
        description="Whether EKS replaces nodes that it finds unhealthy.",
        examples=[True],
    )

    @model_validator(mode="after")
    def _is_ordered(self) -> "NodeGroup":
        if not self.min <= self.desired <= self.max:
            raise ValueError(
                f"min {self.min}, desired {self.desired} and max {self.max} are out of order; "
                "write min <= desired <= max"
            )
        return self


class FargateSelector(StrictModel):
    """Pods that a Fargate profile takes."""

    namespace: KubernetesName = Field(
        title="Namespace", description="The pods' namespace.", examples=["kube-system"]
    )
    labels: dict[KubernetesLabelKey, KubernetesLabelValue] = Field(
        default={},
        title="Labels",
        description="Labels the pods must have, all of them.",
        max_length=5,
        examples=[{"k8s-app": "kube-dns"}],
    )


class FargateProfile(StrictModel):
    """Pods that run on Fargate in place of nodes."""

    selectors: tuple[FargateSelector, ...] = Field(
        title="Selectors",
        description="A pod that matches one of these runs on Fargate.",
        min_length=1,
        max_length=5,
        examples=[[{"namespace": "fargate"}]],
    )


NodeGroupName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", min_length=1, max_length=30)
]
