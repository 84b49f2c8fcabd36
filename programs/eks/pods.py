"""The pods of a workload."""

from pulumi_kubernetes.core.v1 import (
    PodSpecArgs,
    PodTemplateSpecArgs,
    TolerationArgs,
    TopologySpreadConstraintArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from programs.eks.containers import PodContext, init_containers, workload_container
from programs.eks.known_sidecars import known_sidecar_scratch
from programs.eks.naming import object_labels, selector_labels
from programs.eks.pod_security import pod_security_context
from programs.eks.volumes import Scratch, pod_volumes, sidecar_scratch, workload_scratch
from programs.request.images import RepositoryImage
from programs.request.rules.nodes import GPU_TAINT_KEY
from programs.request.workload import Architecture, Workload

_ARCHITECTURE_LABELS = {Architecture.X86_64: "amd64", Architecture.ARM64: "arm64"}


def pod_template(
    workload: Workload,
    context: PodContext,
    extra_labels: dict[str, str] | None = None,
    image: str | RepositoryImage | None = None,
    annotations: dict[str, str] | None = None,
) -> PodTemplateSpecArgs:
    """Return the template that Deployments and Rollouts make pods from."""
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(
            labels={**object_labels(context.scope, workload), **(extra_labels or {})}, annotations=annotations
        ),
        spec=PodSpecArgs(
            service_account_name=workload.name,
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=workload.stop_timeout_seconds,
            security_context=pod_security_context(workload.user, _port_numbers(workload)),
            node_selector={"kubernetes.io/arch": _ARCHITECTURE_LABELS[workload.architecture]},
            tolerations=_tolerations(workload),
            topology_spread_constraints=[_spread(workload)],
            init_containers=init_containers(workload, context) or None,
            containers=[workload_container(workload, context, image)],
            volumes=pod_volumes(workload, _all_scratch(workload, context)) or None,
        ),
    )


def _port_numbers(workload: Workload) -> tuple[int, ...]:
    return tuple(port.port for container in (workload, *workload.own_sidecars) for port in container.ports)


def _all_scratch(workload: Workload, context: PodContext) -> list[Scratch]:
    return [
        *workload_scratch(workload),
        *(Scratch(*known_sidecar_scratch(sidecar)) for sidecar in context.known_sidecars),
        *(scratch for sidecar in workload.own_sidecars for scratch in sidecar_scratch(sidecar)),
    ]


def _tolerations(workload: Workload) -> list[TolerationArgs] | None:
    if not workload.gpus:
        return None
    return [TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")]


def _spread(workload: Workload) -> TopologySpreadConstraintArgs:
    return TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key="topology.kubernetes.io/zone",
        when_unsatisfiable="ScheduleAnyway",
        label_selector=LabelSelectorArgs(match_labels=selector_labels(workload.name)),
    )
