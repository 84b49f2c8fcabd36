"""EKS add-ons: software of the cluster's own that EKS installs and updates."""

from enum import StrEnum

from pydantic import Field, JsonValue

from programs.request.identifiers import EnvironmentVariable
from programs.request.strict import Boolean, StrictModel


class AddonName(StrEnum):
    """The EKS add-ons that can be asked for."""

    COREDNS = "coredns"
    KUBE_PROXY = "kube-proxy"
    VPC_CNI = "vpc-cni"
    EBS_CSI_DRIVER = "aws-ebs-csi-driver"
    EFS_CSI_DRIVER = "aws-efs-csi-driver"
    POD_IDENTITY_AGENT = "eks-pod-identity-agent"
    METRICS_SERVER = "metrics-server"
    SNAPSHOT_CONTROLLER = "snapshot-controller"


class Addon(StrictModel):
    """An EKS add-on."""

    version: str | None = Field(
        default=None,
        title="Version",
        description="The add-on's version. Absent: the one that EKS takes for the Kubernetes version by "
        "default, which is not always the most recent.",
        pattern=r"^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$",
        examples=["v1.20.4-eksbuild.1"],
    )
    env: dict[EnvironmentVariable, str] = Field(
        default={},
        title="Settings",
        description="Environment variables of the add-on's containers (vpc-cni).",
        max_length=50,
        examples=[{"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}],
    )
    before_compute: Boolean = Field(
        default=False,
        title="Before compute",
        description="Install it before any node joins; `vpc-cni` always is.",
        examples=[True],
    )
    values: dict[str, JsonValue] = Field(
        default={},
        title="Values",
        description="Configuration values as the add-on's own schema has them.",
        max_length=50,
        examples=[{"replicaCount": 2}],
    )


DEFAULT_ADDONS = {
    AddonName.VPC_CNI: Addon(before_compute=True),
    AddonName.KUBE_PROXY: Addon(),
    AddonName.COREDNS: Addon(),
    AddonName.EBS_CSI_DRIVER: Addon(),
    AddonName.POD_IDENTITY_AGENT: Addon(),
}
"""What a cluster has when a request says nothing."""
