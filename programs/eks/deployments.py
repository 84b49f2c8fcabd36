"""Deployments and disruption budgets."""

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from programs.components.scope import Scope
from programs.eks.naming import namespace_of, object_labels, selector_labels
from programs.eks.waiting import waiting_annotations
from programs.request.workload import Workload

_PROGRESS_DEADLINE_SECONDS = 600
_KEPT_REVISIONS = 5
_WHOLE = 100


def make_deployment(
    resource_name: str,
    workload: Workload,
    template: PodTemplateSpecArgs,
    scope: Scope,
    opts: pulumi.ResourceOptions,
    version: str | None = None,
    replicas: int | None = None,
) -> Deployment:
    """Make the Deployment of a workload, or of one of its versions side by side."""
    extra = version_labels(version)
    rollout = workload.rollout
    return Deployment(
        resource_name,
        metadata=ObjectMetaArgs(
            name=workload.name if version is None else f"{workload.name}-{version}",
            namespace=namespace_of(workload.name),
            labels={**object_labels(scope, workload), **extra},
            annotations=waiting_annotations(workload),
        ),
        spec=DeploymentSpecArgs(
            replicas=workload.replicas.desired if replicas is None else replicas,
            revision_history_limit=_KEPT_REVISIONS,
            progress_deadline_seconds=_PROGRESS_DEADLINE_SECONDS,
            selector=LabelSelectorArgs(match_labels={**selector_labels(workload.name), **extra}),
            strategy=DeploymentStrategyArgs(
                type="RollingUpdate",
                rolling_update=RollingUpdateDeploymentArgs(
                    max_unavailable=f"{_WHOLE - rollout.minimum_healthy_percent}%",
                    max_surge=f"{rollout.maximum_percent - _WHOLE}%",
                ),
            ),
            template=template,
        ),
        opts=opts,
    )


def version_labels(version: str | None) -> dict[str, str]:
    """Return the labels that tell versions side by side apart."""
    return {} if version is None else {"app.kubernetes.io/component": version}


def make_disruption_budget(
    name: str, workload: Workload, scope: Scope, opts: pulumi.ResourceOptions
) -> PodDisruptionBudget:
    """Let nodes be drained one copy at a time; copies that are broken anyway do not hold a drain up."""
    return PodDisruptionBudget(
        f"{name}-disruption",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec=PodDisruptionBudgetSpecArgs(
            max_unavailable=1,
            unhealthy_pod_eviction_policy="AlwaysAllow",
            selector=LabelSelectorArgs(match_labels=selector_labels(workload.name)),
        ),
        opts=opts,
    )
