"""EKS: the control plane, managed nodes, nodes that Karpenter and Auto Mode choose, and pods on Fargate.

https://aws.amazon.com/eks/pricing/ and https://aws.amazon.com/fargate/pricing/
"""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from service.costs.model import Component
from service.costs.planned import PlannedResource
from service.costs.quote import HOURS, Quote, Quoter, unpriced
from service.costs.reading import flag_at, number_at, text_at, texts_at
from service.costs.rules.instances import LAUNCH_TEMPLATE, disk_size, needed, purchase
from service.costs.rules.pods import demand_on_nodes, pod_set
from service.costs.spread import NOTHING, Spread
from service.pricing.keys import PriceKey

CLUSTER = "aws:eks/cluster:Cluster"
CLUSTER_COMPONENT = "eks:index:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_DEFAULT_DISK_GIB = Decimal(20)
"""What EKS gives a node group that names no disk (Amazon EKS API, CreateNodegroup, diskSize)."""
_POD_OVERHEAD_GIB = Decimal("0.25")
"""Fargate adds 256 MB to each pod for kubelet, kube-proxy and containerd (Amazon EKS guide, 'Fargate')."""
_POD_SIZES = (
    (Decimal("0.25"), (Decimal("0.5"), Decimal(1), Decimal(2))),
    (Decimal("0.5"), tuple(Decimal(gib) for gib in range(1, 5))),
    (Decimal(1), tuple(Decimal(gib) for gib in range(2, 9))),
    (Decimal(2), tuple(Decimal(gib) for gib in range(4, 17))),
    (Decimal(4), tuple(Decimal(gib) for gib in range(8, 31))),
    (Decimal(8), tuple(Decimal(gib) for gib in range(16, 61, 4))),
    (Decimal(16), tuple(Decimal(gib) for gib in range(32, 121, 8))),
)
"""vCPUs and GiB that Fargate has; a pod gets the next that fits (Amazon EKS guide, 'Fargate pods')."""


def price_cluster(cluster: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the control plane, and the nodes of Auto Mode where it is on.

    Extended support is charged when a version's standard support ends, which depends on the date: it is put
    down as not priced where the policy allows it.
    """
    key = PriceKey.EKS_CLUSTER_HOUR
    yield quoter.fixed(cluster, Component.CONTROL_PLANE, key, "control plane", HOURS)
    if text_at(cluster.inputs, "upgradePolicy", "supportType") != "STANDARD":
        surcharge = quoter.table.usd(PriceKey.EKS_EXTENDED_SUPPORT_HOUR)
        amount = "" if surcharge is None else f" ({surcharge * HOURS:f} USD a month)"
        reason = f"charged{amount} once the version's standard support has ended"
        yield unpriced(cluster, "extended support", reason)
    if flag_at(cluster.inputs, "computeConfig", "enabled") or flag_at(cluster.inputs, "autoMode", "enabled"):
        yield from _auto_mode_nodes(cluster, quoter)
    elif not quoter.plan.has(NODE_POOL):
        yield from _homeless_pods(cluster, quoter)


def _homeless_pods(cluster: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Say where pods at their most ask for more than the node groups at theirs have: no node is bought."""
    vcpus, memory_gib = _overflow(quoter)
    if vcpus.at_max or memory_gib.at_max:
        reason = (
            f"the node groups at their largest lack {vcpus.at_max.normalize():f} vCPU and "
            f"{memory_gib.at_max.normalize():f} GiB for them; let the groups grow, or an autoscaler add nodes"
        )
        yield unpriced(cluster, "pods at their maximum that fit no node", reason)


def price_cluster_component(component: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the cluster that a component makes, where the plan does not show the cluster itself."""
    if not quoter.plan.has(CLUSTER):
        yield from price_cluster(component, quoter)


def price_node_group(group: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a managed node group's instances and their root volumes; being managed costs nothing."""
    instance_type = next(iter(texts_at(group.inputs, "instanceTypes")), None)
    template = quoter.plan.nearest(group, LAUNCH_TEMPLATE)
    if instance_type is None and template is not None:
        instance_type = text_at(template.inputs, "instanceType")
    if instance_type is None:
        yield unpriced(group, "nodes", "its instance type is not in the plan")
        return
    count = _node_count(group)
    is_spot = text_at(group.inputs, "capacityType") == "SPOT"
    yield from purchase(group, quoter, instance_type, count, Decimal(0) if is_spot else Decimal(1))
    disk_gib = number_at(group.inputs, "diskSize") or disk_size(template) or _DEFAULT_DISK_GIB
    if count != NOTHING:
        volumes = count * disk_gib
        yield quoter.fixed(group, Component.STORAGE, PriceKey.EBS_GP3_STORAGE, "gp3 root volumes", volumes)


def _node_count(group: PlannedResource) -> Spread:
    least = number_at(group.inputs, "scalingConfig", "minSize") or Decimal(0)
    desired = number_at(group.inputs, "scalingConfig", "desiredSize")
    most = number_at(group.inputs, "scalingConfig", "maxSize")
    most = least if most is None else most
    return Spread(least, least if desired is None else desired, most)


def price_node_pool(pool: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the nodes that Karpenter adds for what does not fit on managed nodes, on demand.

    The first pool carries them: which pool takes a pod is decided when it runs.
    """
    if quoter.plan.of_type(NODE_POOL)[0].urn != pool.urn:
        return
    yield from _chosen_nodes(pool, quoter, _overflow(quoter), "Karpenter")


def _auto_mode_nodes(cluster: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    yield from _chosen_nodes(cluster, quoter, _overflow(quoter), "Auto Mode")
    instance_type = quoter.assumptions.autoscaled_node_type
    instance = quoter.instance(instance_type)
    if instance is None:
        return
    fee = instance.auto_mode_usd_per_hour
    assumptions = ("autoscaled_node_type", "node_packing_percent")
    if fee is None:
        fee = instance.on_demand_usd_per_hour * quoter.assumptions.auto_mode_fee_percent / 100
        assumptions = (*assumptions, "auto_mode_fee_percent")
    count = needed(_overflow(quoter), instance_type, quoter)
    yield quoter.instance_line(
        cluster, f"Auto Mode fee for {instance_type}", instance_type, (count, fee), assumptions
    )


def _chosen_nodes(
    owner: PlannedResource, quoter: Quoter, demand: tuple[Spread, Spread], who: str
) -> Iterator[Quote]:
    """Charge nodes of the assumed type for what pods ask for; Spot, which both may choose, is left out."""
    instance_type = quoter.assumptions.autoscaled_node_type
    if quoter.instance(instance_type) is None:
        reason = f"the table of {quoter.table.region} has no {instance_type}"
        yield unpriced(owner, f"nodes of {who}", reason)
        return
    count = needed(demand, instance_type, quoter)
    assumptions = ("autoscaled_node_type", "node_packing_percent")
    yield quoter.instances(owner, instance_type, count, assumptions=assumptions)
    volumes = count * _DEFAULT_DISK_GIB
    yield quoter.fixed(owner, Component.STORAGE, PriceKey.EBS_GP3_STORAGE, "gp3 root volumes", volumes)


def _overflow(quoter: Quoter) -> tuple[Spread, Spread]:
    """Return what pods ask for beyond what managed nodes can take."""
    vcpus, memory_gib = demand_on_nodes(quoter.plan)
    packed = quoter.assumptions.node_packing_percent / 100
    for group in quoter.plan.of_type(NODE_GROUP):
        instance = quoter.instance(next(iter(texts_at(group.inputs, "instanceTypes")), ""))
        if instance is not None:
            nodes = _node_count(group)
            vcpus -= nodes * (instance.vcpus * packed)
            memory_gib -= nodes * (instance.memory_gib * packed)
    return vcpus.at_least(NOTHING), memory_gib.at_least(NOTHING)


def price_pods(controller: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge pods on Fargate by the next size that fits; pods on nodes are in the nodes' price."""
    pods = pod_set(controller, quoter.plan)
    if not pods.is_on_fargate:
        return
    if pods.has_unknown_requests:
        yield unpriced(controller, "pods on Fargate", "a container states no CPU or memory request")
        return
    size = fargate_pod_size(pods.vcpus, pods.memory_gib)
    if size is None:
        yield unpriced(controller, "pods on Fargate", "no Fargate size is large enough")
        return
    hours = pods.count * HOURS
    vcpu, memory = PriceKey.FARGATE_X86_VCPU, PriceKey.FARGATE_X86_MEMORY
    yield quoter.fixed(controller, Component.COMPUTE, vcpu, "Fargate vCPU", hours * size[0])
    yield quoter.fixed(controller, Component.COMPUTE, memory, "Fargate memory", hours * size[1])


def fargate_pod_size(vcpus: Decimal, memory_gib: Decimal) -> tuple[Decimal, Decimal] | None:
    """Return the vCPUs and GiB that Fargate gives a pod; None where it is too large for any."""
    wanted = memory_gib + _POD_OVERHEAD_GIB
    sizes = ((cpu, gib) for cpu, steps in _POD_SIZES for gib in steps)
    return next((size for size in sizes if size[0] >= vcpus and size[1] >= wanted), None)


def price_claim(claim: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the volume a claim makes the EBS driver provide (https://aws.amazon.com/ebs/pricing/)."""
    text = text_at(claim.inputs, "spec", "resources", "requests", "storage") or ""
    gib = number_at({"gib": text.removesuffix("Gi")}, "gib")
    if gib is None:
        yield unpriced(claim, "volume", "its size is not in the plan in Gi")
        return
    size = gib.to_integral_value(rounding=ROUND_CEILING)
    yield quoter.fixed(claim, Component.STORAGE, PriceKey.EBS_GP3_STORAGE, "gp3 volume", size)
