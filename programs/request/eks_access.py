"""From where an EKS cluster's API is reached, and by whom."""

from enum import StrEnum

from pydantic import Field, model_validator

from programs.request.exposure import CidrBlock
from programs.request.identifiers import KubernetesName, PrincipalArn
from programs.request.strict import Boolean, StrictModel


class AccessPolicy(StrEnum):
    """EKS access policies (Amazon EKS user guide, 'Access policy permissions')."""

    CLUSTER_ADMIN = "cluster_admin"
    ADMIN = "admin"
    EDIT = "edit"
    VIEW = "view"


class Endpoint(StrictModel):
    """Where the Kubernetes API is reached."""

    public: Boolean = Field(
        default=True, title="Public", description="Reachable from the internet.", examples=[True]
    )
    private: Boolean = Field(
        default=True, title="Private", description="Reachable from inside the network.", examples=[True]
    )
    public_cidrs: tuple[CidrBlock, ...] = Field(
        default=("0.0.0.0/0",),
        title="Public clients",
        description="IPv4 blocks that may reach the public endpoint; class production must narrow it.",
        min_length=1,
        max_length=40,
        examples=[["203.0.113.0/24"]],
    )

    @model_validator(mode="after")
    def _is_reachable(self) -> "Endpoint":
        if not (self.public or self.private):
            raise ValueError("nobody could reach the cluster; leave `private` or `public` true")
        return self


class AccessEntry(StrictModel):
    """Somebody who may use the cluster."""

    principal_arn: PrincipalArn = Field(
        title="Principal",
        description="ARN of the IAM role or user.",
        examples=["arn:aws:iam::123456789012:role/AdminRole"],
    )
    username: str | None = Field(
        default=None,
        title="User name",
        description="Name in Kubernetes. Absent: the principal's ARN.",
        pattern=r"^[A-Za-z0-9@._:/{}-]+$",
        max_length=128,
        examples=["admin"],
    )
    groups: tuple[KubernetesName, ...] = Field(
        default=(),
        title="Groups",
        description="Kubernetes groups, in place of `policy`; bind roles to them yourself.",
        max_length=20,
        examples=[["developers"]],
    )
    policy: AccessPolicy | None = Field(
        default=None,
        title="Policy",
        description="`cluster_admin`, `admin`, `edit` or `view`.",
        examples=["edit"],
    )
    namespaces: tuple[KubernetesName, ...] = Field(
        default=(),
        title="Namespaces",
        description="Namespaces the policy holds for. None: the whole cluster.",
        max_length=50,
        examples=[["my-app"]],
    )

    @model_validator(mode="after")
    def _grants_one_way(self) -> "AccessEntry":
        if (self.policy is None) == (not self.groups):
            raise ValueError("write either `policy` (cluster_admin, admin, edit, view) or `groups`")
        if self.namespaces and self.policy in (None, AccessPolicy.CLUSTER_ADMIN):
            raise ValueError("`namespaces` narrows the policies admin, edit and view; write one of them")
        return self
