"""Controllers whose set-up is a chart, a few values and a few rights."""

from collections.abc import Sequence

import pulumi
from pulumi_kubernetes.helm.v3 import Release

from programs.components.policy import Condition, Statement
from programs.components.scope import Scope
from programs.eks.charts import (
    ARGO_ROLLOUTS,
    CLUSTER_AUTOSCALER,
    EXTERNAL_DNS,
    EXTERNAL_SECRETS,
    FLAGGER,
    KEDA,
)
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.flagger import PROVIDERS as FLAGGER_PROVIDERS
from programs.eks.platform import Platform
from programs.eks.roles import ServiceAccount
from programs.request.mesh import MeshKind

_READ_METRICS = ("cloudwatch:GetMetricData",)


def metric_reader() -> Statement:
    """Return the right to read metrics, which AWS cannot narrow to some of them."""
    return Statement("ReadMetrics", _READ_METRICS, ("*",))


def make_external_secrets(platform: Platform, opts: pulumi.ResourceOptions) -> Release:
    """Run External Secrets; it reads as each workload's own reader and has no rights itself."""
    args = ControllerArgs(
        platform=platform,
        chart=EXTERNAL_SECRETS,
        account=ServiceAccount("external-secrets", "external-secrets"),
        purpose="Brings secrets",
        values={"installCRDs": True},
    )
    return Controller("external-secrets", args, opts).release


def make_external_dns(
    platform: Platform, zones: Sequence[str], opts: pulumi.ResourceOptions, depends_on: list[pulumi.Resource]
) -> Release:
    """Keep the hosts of public workloads in Route 53."""
    scope = platform.scope
    zone_arns = (f"arn:{scope.partition}:route53:::hostedzone/*",)
    list_actions = (
        "route53:ListHostedZones",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResources",
    )
    names = Condition(
        "ForAllValues:StringLike",
        "route53:ChangeResourceRecordSetsNormalizedRecordNames",
        tuple(name for zone in zones for name in (zone, f"*.{zone}")),
    )
    args = ControllerArgs(
        platform=platform,
        chart=EXTERNAL_DNS,
        account=ServiceAccount("kube-system", "external-dns"),
        purpose="Keeps the names of public workloads",
        statements=(
            # Which zone is which is learnt by listing them all.
            Statement("ListZones", list_actions, ("*",)),
            Statement("ChangeRecords", ("route53:ChangeResourceRecordSets",), zone_arns, conditions=(names,)),
        ),
        values={
            "provider": {"name": "aws"},
            "domainFilters": list(zones),
            "policy": "sync",
            "registry": "txt",
            "txtOwnerId": platform.cluster_name,
            "sources": ["ingress"],
        },
        depends_on=depends_on,
    )
    return Controller("external-dns", args, opts).release


def make_cluster_autoscaler(platform: Platform, opts: pulumi.ResourceOptions) -> Release:
    """Let the Cluster Autoscaler set the size of node groups."""
    scope = platform.scope
    args = ControllerArgs(
        platform=platform,
        chart=CLUSTER_AUTOSCALER,
        account=ServiceAccount("kube-system", "cluster-autoscaler"),
        purpose="Sets the size of node groups",
        statements=autoscaler_statements(scope, platform.cluster_name),
        values={
            "autoDiscovery": {"clusterName": platform.cluster_name},
            "awsRegion": scope.region,
            "extraArgs": {"balance-similar-node-groups": True, "skip-nodes-with-system-pods": False},
        },
        account_key=("rbac", "serviceAccount"),
    )
    return Controller("cluster-autoscaler", args, opts).release


def autoscaler_statements(scope: Scope, cluster_name: str) -> list[Statement]:
    """Return its rights: look at everything, change the groups of this cluster.

    https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    """
    owned = Condition("StringEquals", f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name}", ("owned",))
    groups = (scope.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),)
    return [
        # Describe calls have no resources to narrow them to.
        Statement(
            "Look",
            (
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ),
            ("*",),
        ),
        Statement(
            "ReadNodeGroups",
            ("eks:DescribeNodegroup",),
            (scope.arn("eks", f"nodegroup/{cluster_name}/*/*"),),
        ),
        Statement(
            "Resize",
            ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"),
            groups,
            conditions=(owned,),
        ),
    ]


def make_argo_rollouts(platform: Platform, opts: pulumi.ResourceOptions) -> Release:
    """Run Argo Rollouts; it reads CloudWatch for its analyses and checks the weights it set."""
    look = Statement(
        "CheckWeights",
        (
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ),
        ("*",),
    )
    args = ControllerArgs(
        platform=platform,
        chart=ARGO_ROLLOUTS,
        account=ServiceAccount("argo-rollouts", "argo-rollouts"),
        purpose="Moves traffic between versions",
        statements=(metric_reader(), look),
        values={"controller": {"replicas": 2}, "installCRDs": True, "dashboard": {"enabled": False}},
    )
    return Controller("argo-rollouts", args, opts).release


def make_flagger(
    platform: Platform, mesh: MeshKind, opts: pulumi.ResourceOptions, depends_on: list[pulumi.Resource]
) -> Release:
    """Run Flagger for the mesh at hand; it reads CloudWatch for its checks."""
    args = ControllerArgs(
        platform=platform,
        chart=FLAGGER,
        account=ServiceAccount("flagger-system", "flagger"),
        purpose="Tries new versions",
        statements=(metric_reader(),),
        values={"meshProvider": FLAGGER_PROVIDERS[mesh], "crd": {"create": True}},
        depends_on=depends_on,
    )
    return Controller("flagger", args, opts).release


def make_keda(platform: Platform, opts: pulumi.ResourceOptions) -> Release:
    """Run KEDA, which brings the load balancer's request count to the autoscaler of pods."""
    args = ControllerArgs(
        platform=platform,
        chart=KEDA,
        account=ServiceAccount("keda", "keda-operator"),
        purpose="Reads request counts",
        statements=(metric_reader(),),
        account_key=("serviceAccount", "operator"),
    )
    return Controller("keda", args, opts).release
