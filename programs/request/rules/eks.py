"""Rules of EKS: nodes that can run the workloads, controllers that they need, and what only ECS has."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from programs.planning.cron import kubernetes_cron
from programs.request.eks import MetricsAdapter
from programs.request.eks_addons import AddonName
from programs.request.rules.delivery import delivery_problems, has_insights
from programs.request.rules.ecs_alone import ecs_alone_problems
from programs.request.rules.group_orders import group_order_problems
from programs.request.rules.meshes import app_mesh_delivery_problems, mesh_problems
from programs.request.rules.network import missing_endpoint_problems
from programs.request.rules.nodes import node_problems
from programs.request.rules.pausing import pausing_problems
from programs.request.rules.problem import Place, Problem
from programs.request.rules.public_images import public_image_problems
from programs.request.rules.sharing import sharing_problems
from programs.request.rules.uniqueness import repeated
from programs.request.shape import EksShape, Orchestrator
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload

PRIVATE_CLUSTER_ENDPOINTS = ("ec2", "eks", "eks-auth", "elasticloadbalancing", "sts")
"""What nodes and controllers reach besides images and logs (Amazon EKS user guide, 'Private clusters')."""

MAX_SCALE_OUT_COOLDOWN_SECONDS = 1800
"""The longest period of a scaling policy (Kubernetes API, HPAScalingPolicy.periodSeconds)."""

RESERVED_NAMESPACES = frozenset(
    {
        "amazon-cloudwatch",
        "appmesh-system",
        "argo-rollouts",
        "default",
        "external-secrets",
        "flagger-system",
        "karpenter",
        "keda",
        "kube-node-lease",
        "kube-public",
        "kube-system",
    }
)
"""Namespaces of Kubernetes and the controllers; each workload has one named for itself."""


def eks_problems(request: EksShape) -> Iterator[Problem]:
    """Everything about a request that cannot be on EKS."""
    yield from node_problems(request)
    yield from pausing_problems(request)
    yield from mesh_problems(request.mesh, Orchestrator.EKS)
    yield from app_mesh_delivery_problems(request)
    yield from missing_endpoint_problems(request, PRIVATE_CLUSTER_ENDPOINTS)
    yield from group_order_problems(request)
    yield from public_image_problems(request)
    yield from _access_problems(request)
    yield from _observability_problems(request)
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index)
        yield from sharing_problems(workload, request.observability, place)
        yield from _workload_problems(workload, place)
        yield from _controller_problems(workload, request, place)
        yield from delivery_problems(workload, request, (*place, "rollout"))
        yield from _scaling_problems(workload, (*place, "scaling"))


def _access_problems(request: EksShape) -> Iterator[Problem]:
    endpoint = request.cluster.endpoint
    place: Place = ("cluster", "endpoint", "public_cidrs")
    for number, block in enumerate(endpoint.public_cidrs):
        try:
            IPv4Network(block)
        except ValueError as invalid:
            yield Problem((*place, number), f"not an IPv4 network ({invalid}); write such as 203.0.113.0/24")
    if request.is_production and endpoint.public and "0.0.0.0/0" in endpoint.public_cidrs:
        yield Problem(
            place,
            "class production does not open the Kubernetes API to everybody; write the blocks that may "
            "reach it, "
            "or `public: false`",
        )
    principals = (entry.principal_arn for entry in request.cluster.access)
    yield from repeated(principals, ("cluster", "access"), "principal", "principal_arn")


def _observability_problems(request: EksShape) -> Iterator[Problem]:
    settings = request.observability
    place: Place = ("observability",)
    # An alarm takes no SEARCH expression, and what a controller makes has a name that only a search finds:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
    if settings.alarms:
        yield Problem(
            (*place, "alarms"),
            "no CloudWatch alarm can find the load balancer that a controller makes on EKS; leave it out, "
            "and write `dashboard: true`, or `rollback_alarms` with `cluster: {delivery: argo_rollouts}`",
        )
    if settings.alarm_emails:
        yield Problem((*place, "alarm_emails"), "alarms belong to ECS, nobody would be told; leave it out")
    if settings.dashboard and not (request.public_workloads or has_insights(request.cluster)):
        yield Problem(
            (*place, "dashboard"),
            "nothing would be measured; write `cluster: {telemetry: cloudwatch_agent}`, or leave it out",
        )


def _workload_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.name in RESERVED_NAMESPACES:
        yield Problem((*place, "name"), f"the namespace `{workload.name}` is taken; write another name")
    yield from ecs_alone_problems(workload, place)
    yield from _order_problems(workload, place)
    if workload.user is not None and workload.user.split(":")[0].strip("0") == "":
        yield Problem(
            (*place, "user"), "Pod Security `restricted` admits no root; write a user above 0, such as 10001"
        )


def _order_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    """https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/: sidecars start first."""
    for number, sidecar in enumerate(workload.sidecars):
        waits_for = sidecar.depends_on if isinstance(sidecar, OwnSidecar) else ()
        for position, dependency in enumerate(waits_for):
            if dependency.container == workload.name:
                yield Problem(
                    (*place, "sidecars", number, "depends_on", position, "container"),
                    f"Kubernetes starts sidecars before `{workload.name}`; leave it out, and let the sidecar "
                    f"itself wait",
                )


def _scaling_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.scaling is None:
        return
    if workload.scaling.scale_out_cooldown_seconds > MAX_SCALE_OUT_COOLDOWN_SECONDS:
        yield Problem(
            (*place, "scale_out_cooldown_seconds"),
            f"Kubernetes looks back {MAX_SCALE_OUT_COOLDOWN_SECONDS} seconds at most; write as many or fewer",
        )
    for number, change in enumerate(workload.scaling.schedule):
        try:
            kubernetes_cron(change.cron)
        except ValueError as impossible:
            yield Problem(
                (*place, "schedule", number, "cron"),
                f"{impossible}; write plain days and months, and `*` as year",
            )


def _controller_problems(workload: Workload, request: EksShape, place: Place) -> Iterator[Problem]:
    cluster = request.cluster
    if workload.public is not None and not (cluster.load_balancer_controller or cluster.auto_mode):
        yield Problem(
            (*place, "public"),
            "nobody would make the load balancer; write `cluster: {load_balancer_controller: true}`",
        )
    if workload.scaling is None:
        return
    follows_use = workload.scaling.cpu_percent is not None or workload.scaling.memory_percent is not None
    has_metrics = cluster.metrics_server or AddonName.METRICS_SERVER in cluster.addons
    if follows_use and not has_metrics:
        yield Problem(
            (*place, "scaling"),
            "nobody would measure CPU and memory; write `cluster: {metrics_server: true}`",
        )
    if workload.scaling.requests_per_target is not None and cluster.metrics_adapter is MetricsAdapter.NONE:
        yield Problem(
            (*place, "scaling", "requests_per_target"),
            "no adapter brings the load balancer's request count into the cluster; write "
            "`cluster: {metrics_adapter: keda}`, or scale by `cpu_percent`",
        )
