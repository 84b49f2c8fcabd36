"""What a request means while its environment is paused: the same environment with no copy of anything."""

from collections.abc import Mapping

from programs.request import EcsEnvironment, EksEnvironment
from programs.request.ecs import Capacity
from programs.request.eks import Autoscaler
from programs.request.eks_nodes import NodeGroup
from programs.request.workload import Workload


def paused(request: EcsEnvironment | EksEnvironment) -> EcsEnvironment | EksEnvironment:
    """Return the request with every workload at 0 copies and without autoscalers, which would add some.

    Nodes go too. One stays in each EKS cluster that has node groups of its own: the controllers in it must
    be there to take down what they made (load balancers, scaled objects, volumes).
    """
    workloads = tuple(_without_copies(workload) for workload in request.workloads)
    if isinstance(request, EcsEnvironment):
        return request.model_copy(update={"workloads": workloads, "capacity": _without_instances(request)})
    if request.cluster.autoscaler is not Autoscaler.NONE:
        return request.model_copy(update={"workloads": workloads})
    groups = _with_one_node(request.cluster.node_groups)
    cluster = request.cluster.model_copy(update={"node_groups": groups})
    return request.model_copy(update={"workloads": workloads, "cluster": cluster})


def _without_copies(workload: Workload) -> Workload:
    replicas = workload.replicas.model_copy(update={"min": 0, "desired": 0})
    return workload.model_copy(update={"replicas": replicas, "scaling": None})


def _without_instances(request: EcsEnvironment) -> Capacity:
    capacity = request.capacity
    if capacity.ec2 is None:
        return capacity
    return capacity.model_copy(update={"ec2": capacity.ec2.model_copy(update={"min": 0})})


def _with_one_node(groups: Mapping[str, NodeGroup]) -> dict[str, NodeGroup]:
    """Return the groups at 0 nodes, but for one node of the first that takes any pod."""
    kept = next((name for name, group in groups.items() if not group.taints), None)
    return {
        name: group.model_copy(update={"min": int(name == kept), "desired": int(name == kept)})
        for name, group in groups.items()
    }
