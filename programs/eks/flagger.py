"""A workload delivered by Flagger, which makes the second Deployment and the services itself.

https://docs.flagger.app/usage/how-it-works
"""

import json
from collections.abc import Iterable

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.scope import Scope
from programs.eks.analysis import Measure
from programs.eks.delivery import minutes, traffic_steps
from programs.eks.ingress import Backend
from programs.eks.lattice import gateway_reference
from programs.eks.naming import namespace_of, object_labels
from programs.eks.scaling import follows_requests, is_scaled
from programs.request.mesh import Mesh, MeshKind
from programs.request.rollout import RolloutStrategy
from programs.request.workload import Workload

_API_VERSION = "flagger.app/v1beta1"
PROVIDERS = {
    MeshKind.NONE: "kubernetes",
    MeshKind.VPC_LATTICE: "gatewayapi:v1",
}
_PROGRESS_DEADLINE_SECONDS = 600
_FAILED_CHECKS = 2
_SHORTEST_INTERVAL = "1m"


def backend(workload: Workload) -> Backend:
    """Return what the ingress sends to: the service that Flagger keeps on the version that stands."""
    return Backend(workload.name, workload.ports[0].port)


def make_canary(
    name: str,
    workload: Workload,
    mesh: Mesh,
    measures: Iterable[Measure],
    scope: Scope,
    opts: pulumi.ResourceOptions,
) -> CustomResource:
    """Make the Canary that watches the workload's Deployment."""
    spec: dict[str, object] = {
        "provider": PROVIDERS[mesh.kind],
        "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
        "progressDeadlineSeconds": _PROGRESS_DEADLINE_SECONDS,
        "service": _service(workload, mesh, scope),
        "analysis": canary_analysis(workload, tuple(measures)),
    }
    if is_scaled(workload):
        spec["autoscalerRef"] = _autoscaler(workload)
    return CustomResource(
        f"{name}-canary",
        api_version=_API_VERSION,
        kind="Canary",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec=spec,
        opts=opts,
    )


def _service(workload: Workload, mesh: Mesh, scope: Scope) -> dict[str, object]:
    """Return what Flagger makes Services of, and on VPC Lattice an HTTPRoute with the workload's name.

    https://docs.flagger.app/tutorials/gatewayapi-progressive-delivery
    """
    first = workload.ports[0]
    service: dict[str, object] = {"port": first.port, "targetPort": first.name, "portDiscovery": True}
    if mesh.kind is MeshKind.VPC_LATTICE:
        service["gatewayRefs"] = [gateway_reference(scope, mesh)]
    return service


def _autoscaler(workload: Workload) -> dict[str, str]:
    if follows_requests(workload):
        return {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": workload.name}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "name": workload.name}


def canary_analysis(workload: Workload, measures: tuple[Measure, ...]) -> dict[str, object]:
    """Return how the new version is tried: checks without traffic (blue_green), or rising weights."""
    rollout = workload.rollout
    analysis: dict[str, object] = {"threshold": _FAILED_CHECKS}
    if rollout.strategy is RolloutStrategy.BLUE_GREEN:
        analysis |= {"interval": _SHORTEST_INTERVAL, "iterations": max(1, rollout.bake_minutes)}
    else:
        steps = traffic_steps(rollout)
        # Flagger waits alike after every step: the longest pause asked for.
        waits = [step.pause for step in steps if step.pause]
        analysis |= {
            "interval": max(waits, key=pause_seconds, default=minutes(1)),
            "stepWeights": [step.weight for step in steps],
        }
    if measures:
        analysis["metrics"] = [
            {
                "name": measure.alarm.value.replace("_", "-"),
                "templateRef": {"name": template_name(measure)},
                "thresholdRange": {"max": measure.limit},
                "interval": _SHORTEST_INTERVAL,
            }
            for measure in measures
        ]
    return analysis


def pause_seconds(pause: str) -> int:
    """Return the seconds of a duration such as `30s`, `5m` or `1h`."""
    return int(pause[:-1]) * {"s": 1, "m": 60, "h": 3600}[pause[-1]]


def template_name(measure: Measure) -> str:
    """Return the name of the metric template of a measure."""
    return measure.alarm.value.replace("_", "-")


def make_metric_templates(
    name: str, workload: Workload, measures: Iterable[Measure], scope: Scope, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Make what Flagger asks CloudWatch: https://docs.flagger.app/usage/metrics#amazon-cloudwatch."""
    return [
        CustomResource(
            f"{name}-{template_name(measure)}",
            api_version=_API_VERSION,
            kind="MetricTemplate",
            metadata=ObjectMetaArgs(
                name=template_name(measure),
                namespace=namespace_of(workload.name),
                labels=object_labels(scope, workload),
            ),
            spec={
                "provider": {"type": "cloudwatch", "region": scope.region},
                "query": _query(measure),
            },
            opts=opts,
        )
        for measure in measures
    ]


def _query(measure: Measure) -> str:
    query = {"Id": "value", "Expression": measure.expression, "ReturnData": True}
    return json.dumps([query], sort_keys=True)
