"""What containers ask for and may use, in Kubernetes' units."""

from pulumi_kubernetes.core.v1 import ResourceRequirementsArgs

from programs.planning.sizes import millicores
from programs.request.sidecars import sidecar_part
from programs.request.strict import is_default
from programs.request.workload import Workload


def cpu(cpu_units: int) -> str:
    """Return CPU units (1024 a vCPU) as Kubernetes writes them, in millicores."""
    return f"{millicores(cpu_units)}m"


def workload_resources(workload: Workload, known_sidecar_count: int) -> ResourceRequirementsArgs:
    """Return what is left to the workload's own container when its sidecars have theirs.

    A request whose sidecars leave nothing is refused (`programs.request.rules.sharing`).

    Memory is guaranteed and bounded alike; CPU is guaranteed and bounded by the whole workload's, so that
    idle sidecars lend theirs, as containers of an ECS task do. Disk is guaranteed where more than the default
    is asked for.
    """
    part = sidecar_part(workload.own_sidecars, known_sidecar_count)
    memory = f"{workload.memory_mib - part.memory_mib}Mi"
    limits = {"cpu": cpu(workload.cpu_units), "memory": memory}
    requests = {"cpu": cpu(workload.cpu_units - part.cpu_units), "memory": memory}
    if workload.gpus:
        limits["nvidia.com/gpu"] = str(workload.gpus)
    if not is_default(workload, "ephemeral_storage_gib"):
        # The scheduler sets this much of a node's disk aside for each copy. Forms write defaults out, so that
        # a default need be nobody's wish: https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
        scratch = {"ephemeral-storage": f"{workload.ephemeral_storage_gib}Gi"}
        limits |= scratch
        requests |= scratch
    return ResourceRequirementsArgs(requests=requests, limits=limits)


def sidecar_resources(cpu_units: int, memory_mib: int, workload: Workload) -> ResourceRequirementsArgs:
    """Return what a sidecar is guaranteed; it may use CPU up to the workload's."""
    memory = f"{memory_mib}Mi"
    return ResourceRequirementsArgs(
        requests={"cpu": cpu(cpu_units), "memory": memory},
        limits={"cpu": cpu(workload.cpu_units), "memory": memory},
    )
