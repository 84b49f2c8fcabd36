"""EC2 instances of Auto Scaling groups, and their disks.

What ECS places on a group decides how many instances it has, within the group's bounds: managed scaling
keeps as many as the tasks need (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html).
"""

from collections.abc import Iterator
from decimal import Decimal

from service.costs.model import Component
from service.costs.planned import PlannedResource
from service.costs.quote import Quote, Quoter, unpriced
from service.costs.reading import number_at, objects_at, text_at, value_at
from service.costs.rules.ecs_tasks import FARGATE, FARGATE_SPOT, SERVICE, tasks_of
from service.costs.spread import NOTHING, Spread
from service.pricing.keys import PriceKey

GROUP = "aws:autoscaling/group:Group"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_OWN_PROVIDERS = (FARGATE, FARGATE_SPOT)


def price_group(group: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a group's instances, on demand and Spot apart, and their root volumes."""
    template = quoter.plan.nearest(group, LAUNCH_TEMPLATE)
    instance_type = _first_type(group, template)
    if instance_type is None:
        yield unpriced(group, "instances", "its instance type is not in the plan")
        return
    count = _count(group, instance_type, quoter)
    yield from purchase(group, quoter, instance_type, count, _on_demand_share(group))
    disk_gib = disk_size(template)
    if disk_gib is not None:
        volumes = count * disk_gib
        yield quoter.fixed(group, Component.STORAGE, PriceKey.EBS_GP3_STORAGE, "gp3 root volumes", volumes)


def purchase(
    owner: PlannedResource, quoter: Quoter, instance_type: str, count: Spread, on_demand_share: Decimal
) -> Iterator[Quote]:
    """Charge instances by how they are bought: a share on demand, the rest as Spot."""
    on_demand = count * on_demand_share
    spot = count - on_demand
    if on_demand != NOTHING:
        yield quoter.instances(owner, instance_type, on_demand)
    if spot != NOTHING:
        yield quoter.instances(owner, instance_type, spot, is_spot=True)


def disk_size(template: PlannedResource | None) -> Decimal | None:
    """Return the GiB of a launch template's volumes together, or None where it names none."""
    if template is None:
        return None
    sizes = [
        number_at(mapping, "ebs", "volumeSize") or Decimal(0)
        for mapping in objects_at(template.inputs, "blockDeviceMappings")
    ]
    return sum(sizes, start=Decimal(0)) if sizes else None


def _first_type(group: PlannedResource, template: PlannedResource | None) -> str | None:
    policy = value_at(group.inputs, "mixedInstancesPolicy", "launchTemplate")
    overrides = objects_at(policy, "overrides") if isinstance(policy, dict) else []
    named = [text_at(override, "instanceType") for override in overrides]
    own = text_at(template.inputs, "instanceType") if template is not None else None
    return next((kind for kind in [*named, own] if kind is not None), None)


def _on_demand_share(group: PlannedResource) -> Decimal:
    percent = number_at(
        group.inputs, "mixedInstancesPolicy", "instancesDistribution", "onDemandPercentageAboveBaseCapacity"
    )
    return Decimal(1) if percent is None else percent / 100


def _count(group: PlannedResource, instance_type: str, quoter: Quoter) -> Spread:
    least = number_at(group.inputs, "minSize") or Decimal(0)
    most = number_at(group.inputs, "maxSize") or least
    desired = number_at(group.inputs, "desiredCapacity")
    floor = Spread.same(least)
    if desired is not None and not quoter.plan.has(SERVICE):
        return Spread(least, desired, most)
    return needed(_demand(quoter), instance_type, quoter).at_least(floor).at_most(Spread.same(most))


def needed(demand: tuple[Spread, Spread], instance_type: str, quoter: Quoter) -> Spread:
    """Return the instances that vCPUs and GiB need together; none where the type's size is unknown."""
    instance = quoter.instance(instance_type)
    if instance is None:
        return NOTHING
    packed = quoter.assumptions.node_packing_percent / 100
    vcpus, memory_gib = demand
    by_cpu = vcpus * (1 / (instance.vcpus * packed))
    by_memory = memory_gib * (1 / (instance.memory_gib * packed))
    return by_cpu.at_least(by_memory).rounded_up()


def _demand(quoter: Quoter) -> tuple[Spread, Spread]:
    """Return the vCPUs and GiB that services place on EC2."""
    vcpus, memory_gib = NOTHING, NOTHING
    for service in quoter.plan.of_type(SERVICE):
        tasks = tasks_of(service, quoter.plan)
        if tasks is None:
            continue
        for provider, count in tasks.by_provider.items():
            if provider not in _OWN_PROVIDERS:
                vcpus += count * tasks.size.vcpus
                memory_gib += count * tasks.size.memory_gib
    return vcpus, memory_gib
