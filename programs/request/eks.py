"""The part that EKS alone has: the cluster, what runs in it for everybody, and who may use it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.eks_access import AccessEntry, Endpoint
from programs.request.eks_addons import DEFAULT_ADDONS, Addon, AddonName
from programs.request.eks_nodes import FargateProfile, NodeGroup, NodeGroupName
from programs.request.identifiers import HostedZoneName
from programs.request.strict import Boolean, Integer, StrictModel

KubernetesVersion = Annotated[str, StringConstraints(pattern=r"^1\.(3[0-9]|4[0-9])$")]
DEFAULT_KUBERNETES_VERSION = "1.34"


class UpgradePolicy(StrEnum):
    """What happens when a Kubernetes version leaves standard support."""

    STANDARD = "standard"
    EXTENDED = "extended"


class LogType(StrEnum):
    """Logs of the control plane."""

    API = "api"
    AUDIT = "audit"
    AUTHENTICATOR = "authenticator"
    CONTROLLER_MANAGER = "controllerManager"
    SCHEDULER = "scheduler"


class Autoscaler(StrEnum):
    """Who adds and removes nodes."""

    NONE = "none"
    CLUSTER_AUTOSCALER = "cluster_autoscaler"
    KARPENTER = "karpenter"


class Delivery(StrEnum):
    """Who shifts traffic between versions."""

    NONE = "none"
    ARGO_ROLLOUTS = "argo_rollouts"
    FLAGGER = "flagger"


class MetricsAdapter(StrEnum):
    """Who feeds the load balancer's request count to the autoscaler of pods."""

    NONE = "none"
    KEDA = "keda"


class Telemetry(StrEnum):
    """Who collects metrics and traces on the nodes."""

    NONE = "none"
    CLOUDWATCH_AGENT = "cloudwatch_agent"
    ADOT = "adot"


class NamespaceQuota(StrictModel):
    """The most that the pods of one workload's namespace may ask for together."""

    cpu_units: Integer = Field(
        title="CPU", description="CPU units, 1024 are one vCPU.", ge=256, le=10_000_000, examples=[65536]
    )
    memory_mib: Integer = Field(
        title="Memory", description="Memory in MiB.", ge=256, le=100_000_000, examples=[131072]
    )
    pods: Integer = Field(title="Pods", description="Pods.", ge=1, le=10000, examples=[100])


class Karpenter(StrictModel):
    """What Karpenter may buy."""

    spot: Boolean = Field(
        default=True,
        title="Spot",
        description="Whether it may take Spot beside on-demand nodes.",
        examples=[True],
    )
    instance_categories: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{1,3}$")], ...] = Field(
        default=("c", "m", "r"),
        title="Instance categories",
        description="First letters of the instance families it may choose from.",
        min_length=1,
        max_length=10,
        examples=[["c", "m", "r"]],
    )
    max_vcpus: Integer = Field(
        default=100,
        title="Most vCPUs",
        description="vCPUs of all its nodes together.",
        ge=1,
        le=100000,
        examples=[100],
    )
    max_memory_gib: Integer = Field(
        default=400,
        title="Most memory",
        description="GiB of all its nodes together.",
        ge=1,
        le=1_000_000,
        examples=[400],
    )


def _default_node_groups(given: dict[str, object]) -> dict[str, NodeGroup]:
    return {} if given.get("auto_mode") else {"general": NodeGroup()}


class EksCluster(StrictModel):
    """The EKS cluster and what runs in it for everybody."""

    version: KubernetesVersion = Field(
        default=DEFAULT_KUBERNETES_VERSION,
        title="Kubernetes version",
        description="Minor version, in quotes.",
        examples=["1.34"],
    )
    upgrade_policy: UpgradePolicy = Field(
        default=UpgradePolicy.STANDARD,
        title="Upgrade policy",
        description="`standard` upgrades by itself when support ends; `extended` stays, at extra cost.",
        examples=["standard"],
    )
    auto_mode: Boolean = Field(
        default=False,
        title="Auto Mode",
        description="Let EKS run nodes, storage and load balancing itself.",
        examples=[False],
    )
    endpoint: Endpoint = Field(
        default=Endpoint(),
        title="API endpoint",
        description="Where the Kubernetes API is reached.",
        examples=[{"public": True, "private": True, "public_cidrs": ["203.0.113.0/24"]}],
    )
    encrypt_secrets: Boolean = Field(
        default=True,
        title="Encrypt secrets",
        description="Encrypt Kubernetes secrets with a KMS key of the environment's own.",
        examples=[True],
    )
    log_types: tuple[LogType, ...] = Field(
        default=(LogType.API, LogType.AUDIT, LogType.AUTHENTICATOR),
        title="Control-plane logs",
        description="Logs of the control plane that are kept.",
        max_length=5,
        examples=[["api", "audit", "authenticator"]],
    )
    addons: dict[AddonName, Addon] = Field(
        default=DEFAULT_ADDONS,
        title="Add-ons",
        description="EKS add-ons, by name. Those that another setting needs are added by themselves.",
        examples=[
            {"vpc-cni": {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}, "coredns": {}, "kube-proxy": {}}
        ],
    )
    node_groups: dict[NodeGroupName, NodeGroup] = Field(
        default_factory=_default_node_groups,
        title="Node groups",
        description="Managed node groups, by name. Absent: one named `general`, none with Auto Mode. "
        "An empty mapping needs a Fargate profile or Auto Mode.",
        max_length=30,
        examples=[{"general": {"instance_types": ["m6i.large"], "min": 2, "desired": 2, "max": 6}}],
    )
    fargate_profiles: dict[NodeGroupName, FargateProfile] = Field(
        default={},
        title="Fargate profiles",
        description="Pods that run on Fargate, by profile name.",
        max_length=10,
        examples=[{"default": {"selectors": [{"namespace": "fargate"}]}}],
    )
    access: tuple[AccessEntry, ...] = Field(
        default=(),
        title="Access",
        description="Who may use the cluster, besides the role that deploys it.",
        max_length=100,
        examples=[[{"principal_arn": "arn:aws:iam::123456789012:role/AdminRole", "policy": "cluster_admin"}]],
    )
    load_balancer_controller: Boolean = Field(
        default=True,
        title="Load balancer controller",
        description="Run the AWS Load Balancer Controller; public workloads need it, or Auto Mode.",
        examples=[True],
    )
    autoscaler: Autoscaler = Field(
        default=Autoscaler.NONE,
        title="Node autoscaler",
        description="`none`, `cluster_autoscaler` or `karpenter`.",
        examples=["karpenter"],
    )
    karpenter: Karpenter = Field(
        default=Karpenter(),
        title="Karpenter",
        description="What Karpenter may buy (`autoscaler: karpenter`).",
        examples=[{"spot": True, "max_vcpus": 100}],
    )
    delivery: Delivery = Field(
        default=Delivery.NONE,
        title="Delivery",
        description="Who shifts traffic: `none` (weights of the load balancer), `argo_rollouts` "
        "or `flagger`.",
        examples=["argo_rollouts"],
    )
    metrics_server: Boolean = Field(
        default=True,
        title="Metrics server",
        description="Run the Kubernetes metrics server; scaling by CPU or memory needs it.",
        examples=[True],
    )
    metrics_adapter: MetricsAdapter = Field(
        default=MetricsAdapter.KEDA,
        title="Metrics adapter",
        description="Who feeds requests per copy to the autoscaler; installed when a workload asks for it.",
        examples=["keda"],
    )
    telemetry: Telemetry = Field(
        default=Telemetry.NONE,
        title="Telemetry",
        description="Who collects metrics and traces: `none`, `cloudwatch_agent` or `adot`.",
        examples=["cloudwatch_agent"],
    )
    log_forwarding: Boolean = Field(
        default=True,
        title="Log forwarding",
        description="Run Fluent Bit on the nodes and send container logs to CloudWatch Logs.",
        examples=[True],
    )
    external_dns_zones: tuple[HostedZoneName, ...] = Field(
        default=(),
        title="DNS zones",
        description="Route 53 zones in which ExternalDNS keeps the hosts of public workloads. "
        "None: it is not run.",
        max_length=20,
        examples=[["example.com"]],
    )
    quota: NamespaceQuota | None = Field(
        default=None,
        title="Namespace quota",
        description="The most that the pods of each workload may ask for together. Absent: no quota.",
        examples=[{"cpu_units": 65536, "memory_mib": 131072, "pods": 100}],
    )
    deletion_protection: Boolean = Field(
        default=False,
        title="Deletion protection",
        description="While the environment is `protected`, have AWS refuse deletion too, even past Berth. "
        "The deployment that lifts `protected` lifts it.",
        examples=[True],
    )
