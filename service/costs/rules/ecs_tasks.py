"""Tasks of ECS services: how many there are, how they spread over capacity, and what Fargate takes for them.

Fargate bills vCPU and memory of the task size, and storage above the 20 GB that come with it
(https://aws.amazon.com/fargate/pricing/); tasks on EC2 cost nothing themselves, their instances do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.costs.model import Component
from service.costs.planned import Plan, PlannedResource
from service.costs.quote import HOURS, Quote, Quoter, unpriced
from service.costs.reading import number_at, objects_at, text_at
from service.costs.spread import NOTHING, Spread
from service.pricing.keys import PriceKey

SERVICE = "aws:ecs/service:Service"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
CLUSTER_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
SCALING_TARGET = "aws:appautoscaling/target:Target"
FARGATE = "FARGATE"
FARGATE_SPOT = "FARGATE_SPOT"
INCLUDED_STORAGE_GIB = 20
"""Comes with every task (https://aws.amazon.com/fargate/pricing/)."""
CPU_UNITS_PER_VCPU = 1024
MIB_PER_GIB = 1024

_PRICES = {
    (FARGATE, False): (PriceKey.FARGATE_X86_VCPU, PriceKey.FARGATE_X86_MEMORY),
    (FARGATE, True): (PriceKey.FARGATE_ARM_VCPU, PriceKey.FARGATE_ARM_MEMORY),
    (FARGATE_SPOT, False): (PriceKey.FARGATE_SPOT_X86_VCPU, PriceKey.FARGATE_SPOT_X86_MEMORY),
    (FARGATE_SPOT, True): (PriceKey.FARGATE_SPOT_ARM_VCPU, PriceKey.FARGATE_SPOT_ARM_MEMORY),
}


@dataclass(frozen=True, slots=True)
class TaskSize:
    """What one task takes."""

    vcpus: Decimal
    memory_gib: Decimal
    extra_storage_gib: Decimal
    is_arm: bool


@dataclass(frozen=True, slots=True)
class ServiceTasks:
    """A service's tasks, by the capacity provider they run on."""

    size: TaskSize
    by_provider: dict[str, Spread]


def price_service(service: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a service's tasks on Fargate and Fargate Spot."""
    tasks = tasks_of(service, quoter.plan)
    if tasks is None:
        yield unpriced(service, "tasks", "its task definition's size is not in the plan")
        return
    for provider, count in sorted(tasks.by_provider.items()):
        if provider in (FARGATE, FARGATE_SPOT) and count != NOTHING:
            yield from _fargate_charges(service, quoter, provider, count, tasks.size)


def _fargate_charges(
    service: PlannedResource, quoter: Quoter, provider: str, count: Spread, size: TaskSize
) -> Iterator[Quote]:
    vcpu_price, memory_price = _PRICES[provider, size.is_arm]
    label = "Fargate Spot" if provider == FARGATE_SPOT else "Fargate"
    hours = count * HOURS
    yield quoter.fixed(service, Component.COMPUTE, vcpu_price, f"{label} vCPU", hours * size.vcpus)
    yield quoter.fixed(service, Component.COMPUTE, memory_price, f"{label} memory", hours * size.memory_gib)
    if size.extra_storage_gib:
        storage = hours * size.extra_storage_gib
        key = PriceKey.FARGATE_EPHEMERAL_STORAGE
        yield quoter.fixed(service, Component.COMPUTE, key, f"{label} storage above 20 GB", storage)


def tasks_of(service: PlannedResource, plan: Plan) -> ServiceTasks | None:
    """Return how many tasks of what size run on which provider; None where the size is unknown."""
    size = _task_size(service, plan)
    if size is None:
        return None
    count = task_count(service, plan)
    return ServiceTasks(size, _spread_over(count, _strategy(service, plan)))


def task_count(service: PlannedResource, plan: Plan) -> Spread:
    """Return the number of tasks: the autoscaler's bounds around the desired count where there is one."""
    desired = number_at(service.inputs, "desiredCount")
    desired = Decimal(1) if desired is None else desired
    target = _scaling_target(service, plan)
    if target is None:
        return Spread.same(desired)
    least = number_at(target.inputs, "minCapacity")
    most = number_at(target.inputs, "maxCapacity")
    least = desired if least is None else least
    most = desired if most is None else most
    return Spread(least, min(max(desired, least), most), most)


def _scaling_target(service: PlannedResource, plan: Plan) -> PlannedResource | None:
    name = text_at(service.inputs, "name")
    for target in plan.of_type(SCALING_TARGET):
        resource_id = text_at(target.inputs, "resourceId") or ""
        if name is not None and resource_id.startswith("service/") and resource_id.endswith(f"/{name}"):
            return target
    return None


def _task_size(service: PlannedResource, plan: Plan) -> TaskSize | None:
    definition = _task_definition(service, plan)
    if definition is None:
        return None
    cpu_units, memory_mib = number_at(definition.inputs, "cpu"), number_at(definition.inputs, "memory")
    if cpu_units is None or memory_mib is None:
        return None
    storage = number_at(definition.inputs, "ephemeralStorage", "sizeInGib") or Decimal(INCLUDED_STORAGE_GIB)
    return TaskSize(
        vcpus=cpu_units / CPU_UNITS_PER_VCPU,
        memory_gib=memory_mib / MIB_PER_GIB,
        extra_storage_gib=max(Decimal(0), storage - INCLUDED_STORAGE_GIB),
        is_arm=text_at(definition.inputs, "runtimePlatform", "cpuArchitecture") == "ARM64",
    )


def _task_definition(service: PlannedResource, plan: Plan) -> PlannedResource | None:
    """Find the definition by the family in its ARN, or, before it has one, by where it is made."""
    reference = text_at(service.inputs, "taskDefinition") or ""
    family = reference.rpartition("/")[2].partition(":")[0]
    for definition in plan.of_type(TASK_DEFINITION):
        if family and text_at(definition.inputs, "family") == family:
            return definition
    return plan.nearest(service, TASK_DEFINITION)


@dataclass(frozen=True, slots=True)
class _Share:
    provider: str
    base: Decimal
    weight: Decimal


def _strategy(service: PlannedResource, plan: Plan) -> list[_Share]:
    own = objects_at(service.inputs, "capacityProviderStrategies")
    if not own and (launch_type := text_at(service.inputs, "launchType")):
        return [_Share(launch_type, Decimal(0), Decimal(1))]
    for association in plan.of_type(CLUSTER_PROVIDERS):
        own = own or objects_at(association.inputs, "defaultCapacityProviderStrategies")
    shares = [
        _Share(
            text_at(item, "capacityProvider") or "an unknown provider",
            number_at(item, "base") or Decimal(0),
            number_at(item, "weight") or Decimal(0),
        )
        for item in own
    ]
    return shares or [_Share(FARGATE, Decimal(0), Decimal(1))]


def _spread_over(count: Spread, shares: list[_Share]) -> dict[str, Spread]:
    """Spread tasks as a strategy does: bases first, the rest by weight, as shares on average.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
    """
    based = Spread.same(sum((share.base for share in shares), start=Decimal(0)))
    on_bases = count.at_most(based)
    rest = count - on_bases
    total_base = based.at_desired or Decimal(1)
    total_weight = sum((share.weight for share in shares), start=Decimal(0)) or Decimal(1)
    by_provider: dict[str, Spread] = {}
    for share in shares:
        tasks = on_bases * (share.base / total_base) + rest * (share.weight / total_weight)
        by_provider[share.provider] = by_provider.get(share.provider, NOTHING) + tasks
    return by_provider
