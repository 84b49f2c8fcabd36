"""What ECS alone has: on EKS it would be left aside in silence."""

from collections.abc import Iterator

from programs.request.exposure import Exposure
from programs.request.rules.problem import Place, Problem
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload

_GRACE_PERIOD = "health_check_grace_period_seconds"


def ecs_alone_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    """Settings of a workload that nothing on Kubernetes corresponds to, and what comes nearest."""
    if workload.ulimits:
        yield Problem(
            (*place, "ulimits"), "Kubernetes has no such setting; set them on the nodes, or leave it out"
        )
    for number, port in enumerate(workload.ports):
        if port.alias is not None:
            yield Problem(
                (*place, "ports", number, "alias"),
                f"a Service has the workload's name; leave it out, and write "
                f"`${{workloads.{workload.name}.host}}` where it is called",
            )
    if workload.public is not None and _waits_otherwise(workload.public):
        yield Problem(
            (*place, "public", _GRACE_PERIOD),
            "Kubernetes waits for probes in its place; leave it out, and write "
            "`health_check: {start_period_seconds: ...}`",
        )
    for number, sidecar in enumerate(workload.sidecars):
        if isinstance(sidecar, OwnSidecar) and sidecar.essential:
            yield Problem(
                (*place, "sidecars", number, "essential"),
                "Kubernetes starts a sidecar that stops anew, and its pod goes on; leave it out",
            )


def _waits_otherwise(exposure: Exposure) -> bool:
    given: int = getattr(exposure, _GRACE_PERIOD)
    return given != Exposure.model_fields[_GRACE_PERIOD].get_default()
