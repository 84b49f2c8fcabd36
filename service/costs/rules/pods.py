"""What pods ask for: requests of deployments at each size, and whether Fargate takes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.costs.planned import Plan, PlannedResource
from service.costs.reading import number_at, objects_at, text_at, value_at
from service.costs.spread import NOTHING, Spread
from service.state.json_values import JsonObject, JsonValue

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
FARGATE_PROFILE = "aws:eks/fargateProfile:FargateProfile"
CONTROLLERS = (DEPLOYMENT, STATEFUL_SET, ROLLOUT)

_CPU_SUFFIXES = {"m": Decimal("0.001"), "": Decimal(1)}
_GIB_PER = {
    "Ki": Decimal(1) / 1024**2,
    "Mi": Decimal(1) / 1024,
    "Gi": Decimal(1),
    "Ti": Decimal(1024),
    "M": Decimal(10**6) / 2**30,
    "G": Decimal(10**9) / 2**30,
    "": Decimal(1) / 2**30,
}


@dataclass(frozen=True, slots=True)
class PodSet:
    """Pods of one controller: how many, what each asks for, and whether they run on Fargate."""

    owner: PlannedResource
    count: Spread
    vcpus: Decimal
    memory_gib: Decimal
    is_on_fargate: bool
    has_unknown_requests: bool


def pod_sets(plan: Plan) -> Iterator[PodSet]:
    """Yield the pods of every deployment, stateful set and rollout."""
    for controller in plan.of_type(*CONTROLLERS):
        yield pod_set(controller, plan)


def pod_set(controller: PlannedResource, plan: Plan) -> PodSet:
    """Return a controller's pods; a container without requests counts as nothing, and is said."""
    pod = value_at(controller.inputs, "spec", "template")
    template = pod if isinstance(pod, dict) else {}
    containers = objects_at(template, "spec", "containers") + _sidecars(template)
    vcpus = [cpu_quantity(value_at(item, "resources", "requests", "cpu")) for item in containers]
    memory = [memory_quantity(value_at(item, "resources", "requests", "memory")) for item in containers]
    return PodSet(
        owner=controller,
        count=_count(controller, plan),
        vcpus=sum((item for item in vcpus if item is not None), start=Decimal(0)),
        memory_gib=sum((item for item in memory if item is not None), start=Decimal(0)),
        is_on_fargate=_runs_on_fargate(controller, template, plan),
        has_unknown_requests=None in vcpus or None in memory or not containers,
    )


def _sidecars(template: JsonObject) -> list[JsonObject]:
    """Init containers that restart always are sidecars and keep their share."""
    return [
        item
        for item in objects_at(template, "spec", "initContainers")
        if text_at(item, "restartPolicy") == "Always"
    ]


def cpu_quantity(value: JsonValue) -> Decimal | None:
    """Read a Kubernetes CPU quantity (`500m`, `2`) as vCPUs."""
    return _quantity(value, _CPU_SUFFIXES)


def memory_quantity(value: JsonValue) -> Decimal | None:
    """Read a Kubernetes memory quantity (`512Mi`, `1Gi`, bytes) as GiB."""
    return _quantity(value, _GIB_PER)


def _quantity(value: JsonValue, suffixes: dict[str, Decimal]) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value)
    digits = text.rstrip("KMGTikm")
    factor = suffixes.get(text[len(digits) :])
    amount = number_at({"amount": digits}, "amount")
    return None if factor is None or amount is None else amount * factor


def _count(controller: PlannedResource, plan: Plan) -> Spread:
    desired = number_at(controller.inputs, "spec", "replicas")
    scaler = _autoscaler(controller, plan)
    if scaler is None:
        return Spread.same(Decimal(1) if desired is None else desired)
    least = number_at(scaler.inputs, "spec", "minReplicas")
    least = number_at(scaler.inputs, "spec", "minReplicaCount") if least is None else least
    most = number_at(scaler.inputs, "spec", "maxReplicas")
    most = number_at(scaler.inputs, "spec", "maxReplicaCount") if most is None else most
    least = Decimal(1) if least is None else least
    most = least if most is None else most
    return Spread(least, min(max(desired or least, least), most), most)


def _autoscaler(controller: PlannedResource, plan: Plan) -> PlannedResource | None:
    name, namespace = _named(controller)
    for scaler in plan.of_type(AUTOSCALER, SCALED_OBJECT):
        target = text_at(scaler.inputs, "spec", "scaleTargetRef", "name")
        if name is not None and target == name and _named(scaler)[1] == namespace:
            return scaler
    return None


def _named(resource: PlannedResource) -> tuple[str | None, str | None]:
    return text_at(resource.inputs, "metadata", "name"), text_at(resource.inputs, "metadata", "namespace")


def _runs_on_fargate(controller: PlannedResource, template: JsonObject, plan: Plan) -> bool:
    namespace = _named(controller)[1]
    labels = value_at(template, "metadata", "labels")
    own = labels if isinstance(labels, dict) else {}
    for profile in plan.of_type(FARGATE_PROFILE):
        for selector in objects_at(profile.inputs, "selectors"):
            wanted = value_at(selector, "labels")
            required = wanted if isinstance(wanted, dict) else {}
            if text_at(selector, "namespace") == namespace and required.items() <= own.items():
                return True
    return False


def demand_on_nodes(plan: Plan) -> tuple[Spread, Spread]:
    """Return the vCPUs and GiB that pods ask of nodes, those on Fargate left out."""
    vcpus, memory_gib = NOTHING, NOTHING
    for pods in pod_sets(plan):
        if not pods.is_on_fargate:
            vcpus += pods.count * pods.vcpus
            memory_gib += pods.count * pods.memory_gib
    return vcpus, memory_gib
