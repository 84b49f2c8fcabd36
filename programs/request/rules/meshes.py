"""Meshes: settings that the kind asked for has, and the kinds that an orchestrator or a cloud has."""

from collections.abc import Iterator

from programs.facts import Cloud
from programs.request.eks import Delivery
from programs.request.mesh import Mesh, MeshKind
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape, EksShape, Orchestrator, SharedShape
from programs.request.strict import is_default

SETTINGS_OF_KIND: dict[MeshKind, frozenset[str]] = {
    MeshKind.NONE: frozenset(),
    MeshKind.SERVICE_CONNECT: frozenset(
        {"tls", "certificate_authority_arn", "request_timeout_seconds", "idle_timeout_seconds"}
    ),
    MeshKind.VPC_LATTICE: frozenset({"tls"}),
    MeshKind.APP_MESH: frozenset(
        {
            "mtls",
            "retries",
            "timeout_seconds",
            "idle_timeout_seconds",
            "outlier_detection",
            "connection_pool",
            "gateway",
        }
    ),
}
"""The settings that mean something with each kind."""

KINDS_OF: dict[Orchestrator, tuple[MeshKind, ...]] = {
    Orchestrator.ECS: (MeshKind.NONE, MeshKind.SERVICE_CONNECT, MeshKind.APP_MESH),
    Orchestrator.EKS: (MeshKind.NONE, MeshKind.VPC_LATTICE, MeshKind.APP_MESH),
}

SUCCESSOR_OF = {Orchestrator.ECS: MeshKind.SERVICE_CONNECT, Orchestrator.EKS: MeshKind.VPC_LATTICE}


def mesh_problems(mesh: Mesh, orchestrator: Orchestrator) -> Iterator[Problem]:
    """A kind that the orchestrator lacks, and settings that the kind lacks."""
    kinds = KINDS_OF[orchestrator]
    if mesh.kind not in kinds:
        yield Problem(
            ("mesh", "kind"),
            f"{orchestrator} has no {mesh.kind}; write {', '.join(kinds[:-1])} or {kinds[-1]}",
        )
        return
    has_no_gateway = orchestrator is Orchestrator.EKS
    if mesh.gateway and has_no_gateway:
        yield Problem(
            ("mesh", "gateway"),
            "no pods would serve it: on EKS requests from outside come by the load balancer; leave it out, "
            "and write `public` for the workloads that they are for",
        )
    judged = {"kind", "gateway"} if has_no_gateway else {"kind"}
    for name in Mesh.model_fields:
        if name in judged or name in SETTINGS_OF_KIND[mesh.kind]:
            continue
        if not is_default(mesh, name):
            fitting = [kind.value for kind in kinds if name in SETTINGS_OF_KIND[kind]]
            instead = f"write `kind: {' or '.join(fitting)}`, or leave it out" if fitting else "leave it out"
            yield Problem(("mesh", name), f"means nothing with `kind: {mesh.kind}`; {instead}")


def app_mesh_delivery_problems(request: EksShape) -> Iterator[Problem]:
    """Flagger on App Mesh, whose nodes it makes itself: once there are pods, which those would have to join.

    No pod is admitted to a namespace of the mesh before its node is there
    (https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/injector/), and Flagger's nodes have
    neither TLS nor what the request says of outliers and pools.
    """
    if request.mesh.kind is MeshKind.APP_MESH and request.cluster.delivery is Delivery.FLAGGER:
        yield Problem(
            ("cluster", "delivery"),
            "Flagger cannot deliver pods of App Mesh, which start only where their place in the mesh is made "
            "before; write `delivery: argo_rollouts` or `none`, or `mesh: {kind: vpc_lattice}`",
        )


def cloud_problems(request: SharedShape, cloud: Cloud) -> tuple[Problem, ...]:
    """What the cloud a request is for no longer has: App Mesh ended on AWS on 2026-09-30."""
    if cloud is Cloud.SANDBOX or request.mesh.kind is not MeshKind.APP_MESH:
        return ()
    orchestrator = Orchestrator.ECS if isinstance(request, EcsShape) else Orchestrator.EKS
    way_out = SUCCESSOR_OF[orchestrator]
    return (
        Problem(
            ("mesh", "kind"),
            f"AWS ended App Mesh on 2026-09-30; write `mesh: {{kind: {way_out}}}` and leave out its other "
            f"settings",
        ),
    )
