"""The Helm charts a cluster can run, each pinned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.helm.v3 import Release, ReleaseArgs, RepositoryOptsArgs

from programs.eks.platform import Platform

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: where it comes from, and the version that was tried. `repository` is empty for OCI."""

    name: str
    version: str
    repository: str


EKS_CHARTS = "https://aws.github.io/eks-charts"

LOAD_BALANCER_CONTROLLER = Chart("aws-load-balancer-controller", "1.13.4", EKS_CHARTS)
EXTERNAL_DNS = Chart("external-dns", "1.19.0", "https://kubernetes-sigs.github.io/external-dns")
EXTERNAL_SECRETS = Chart("external-secrets", "0.19.2", "https://charts.external-secrets.io")
FLUENT_BIT = Chart("aws-for-fluent-bit", "0.1.35", EKS_CHARTS)
CLOUDWATCH_AGENT = Chart("aws-cloudwatch-metrics", "0.0.11", EKS_CHARTS)
OTEL_COLLECTOR = Chart(
    "opentelemetry-collector", "0.134.0", "https://open-telemetry.github.io/opentelemetry-helm-charts"
)
CLUSTER_AUTOSCALER = Chart("cluster-autoscaler", "9.50.1", "https://kubernetes.github.io/autoscaler")
KARPENTER = Chart("oci://public.ecr.aws/karpenter/karpenter", "1.8.1", "")
NVIDIA_DEVICE_PLUGIN = Chart("nvidia-device-plugin", "0.18.0", "https://nvidia.github.io/k8s-device-plugin")
ARGO_ROLLOUTS = Chart("argo-rollouts", "2.40.4", "https://argoproj.github.io/argo-helm")
FLAGGER = Chart("flagger", "1.41.0", "https://flagger.app")
KEDA = Chart("keda", "2.17.2", "https://kedacore.github.io/charts")
APP_MESH_CONTROLLER = Chart("appmesh-controller", "1.13.1", EKS_CHARTS)
GATEWAY_CONTROLLER = Chart(
    "oci://public.ecr.aws/aws-application-networking-k8s/aws-gateway-controller-chart", "v1.1.0", ""
)
# The gateway controller's own chart has no longer the CRDs of the Gateway API itself.
GATEWAY_API = Chart("oci://docker.io/envoyproxy/gateway-crds-helm", "v1.4.2", "")

ALL_CHARTS = (
    LOAD_BALANCER_CONTROLLER,
    EXTERNAL_DNS,
    EXTERNAL_SECRETS,
    FLUENT_BIT,
    CLOUDWATCH_AGENT,
    OTEL_COLLECTOR,
    CLUSTER_AUTOSCALER,
    KARPENTER,
    NVIDIA_DEVICE_PLUGIN,
    ARGO_ROLLOUTS,
    FLAGGER,
    KEDA,
    APP_MESH_CONTROLLER,
    GATEWAY_CONTROLLER,
    GATEWAY_API,
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A chart to install: as what, where, and with which values."""

    chart: Chart
    release: str
    namespace: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    makes_namespace: bool = True


def install(
    name: str,
    installation: Installation,
    platform: Platform,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource] = (),
) -> Release:
    """Install a chart and wait until what it runs is ready."""
    chart = installation.chart
    return Release(
        name,
        ReleaseArgs(
            name=installation.release,
            chart=chart.name,
            version=chart.version,
            repository_opts=RepositoryOptsArgs(repo=chart.repository) if chart.repository else None,
            namespace=installation.namespace,
            create_namespace=installation.makes_namespace and installation.namespace != "kube-system",
            values=installation.values,
            atomic=True,
            timeout=_TIMEOUT_SECONDS,
        ),
        opts=platform.inside(parent, depends_on),
    )


def role_annotation(role_arn: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    """Return the annotation by which a service account gets an IAM role (IRSA)."""
    return {"eks.amazonaws.com/role-arn": role_arn}
