"""What EKS environments cost."""

from decimal import Decimal

import pytest

from service.costs.estimate import estimate_plan
from service.costs.model import Component, Estimate
from service.costs.planned import PlannedResource
from service.costs.rules.eks import fargate_pod_size
from service.costs.rules.pods import cpu_quantity, memory_quantity
from service.costs.spread import Spread
from service.pricing.load import read_table
from service.state.json_values import JsonValue
from tests.service.costs.plans import plan_of_example

TABLE = read_table("us-east-1")
HOURS = 730


def _estimate(*resources: PlannedResource) -> Estimate:
    return estimate_plan(resources, TABLE)


def _resource(kind: str, name: str, **inputs: JsonValue) -> PlannedResource:
    return PlannedResource(kind, name, f"urn:{name}", inputs)


def _deployment(replicas: int, cpu: str, memory: str, namespace: str = "shop") -> PlannedResource:
    container: JsonValue = {"resources": {"requests": {"cpu": cpu, "memory": memory}}}
    return _resource(
        "kubernetes:apps/v1:Deployment",
        "web",
        metadata={"name": "web", "namespace": namespace},
        spec={"replicas": replicas, "template": {"spec": {"containers": [container]}}},
    )


CLUSTER = _resource("aws:eks/cluster:Cluster", "cluster", upgradePolicy={"supportType": "STANDARD"})


def test_control_plane_costs_its_hours() -> None:
    """A cluster in standard support: 730 x 0.10, whether the plan shows it or the component that makes it."""
    component = _resource("eks:index:Cluster", "cluster", upgradePolicy={"supportType": "STANDARD"})
    for resources in ((CLUSTER,), (component,)):
        assert _estimate(*resources).total == Spread.same(73)
    both = PlannedResource("eks:index:Cluster", "component", "urn:component", component.inputs)
    assert _estimate(CLUSTER, both).total == Spread.same(73)


def test_extended_support_is_said_not_guessed() -> None:
    """When it begins depends on the date: its price is named, in no figure."""
    estimate = _estimate(_resource("aws:eks/cluster:Cluster", "cluster"))
    assert estimate.total == Spread.same(73)
    assert "365.00 USD a month" in estimate.unpriced[0].reason


def test_node_group_has_a_range_and_disks() -> None:
    """Instances and volumes at the group's minimum, desired and maximum."""
    group = _resource(
        "aws:eks/nodeGroup:NodeGroup",
        "general",
        instanceTypes=["m6i.large", "m5.large"],
        diskSize=50,
        scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 4},
    )
    amounts = _estimate(group).by_component()
    one = HOURS * Decimal("0.096")
    assert amounts[Component.COMPUTE] == Spread(one, one * 2, one * 4)
    assert amounts[Component.STORAGE] == Spread(Decimal(4), Decimal(8), Decimal(16))


def test_spot_nodes_cost_less_by_the_stated_saving() -> None:
    """On demand less the percentage that the table states for the type."""
    scaling: JsonValue = {"minSize": 1, "desiredSize": 1, "maxSize": 1}
    group = _resource(
        "aws:eks/nodeGroup:NodeGroup",
        "spot",
        instanceTypes=["m5.xlarge"],
        capacityType="SPOT",
        scalingConfig=scaling,
    )
    (line,) = [line for line in _estimate(group).lines if line.component is Component.COMPUTE]
    assert (line.what, line.usd_per_unit) == ("m5.xlarge Spot", Decimal("0.06528"))


def test_karpenter_adds_nodes_for_what_does_not_fit() -> None:
    """Pods that fit on managed nodes need no more; the rest is counted in nodes of the assumed type."""
    scaling: JsonValue = {"minSize": 1, "desiredSize": 1, "maxSize": 1}
    group = _resource(
        "aws:eks/nodeGroup:NodeGroup", "general", instanceTypes=["m6i.large"], scalingConfig=scaling
    )
    pool = _resource("kubernetes:karpenter.sh/v1:NodePool", "pool")
    few = _estimate(group, pool, _deployment(1, "1", "2Gi")).by_resource()["urn:pool"]
    many = _estimate(group, pool, _deployment(4, "1", "2Gi")).by_resource()["urn:pool"]
    assert few == Spread.same(0)
    node = HOURS * Decimal("0.096") + 20 * Decimal("0.08")
    assert many == Spread.same(2 * node)  # 4 vCPUs less 1.6 on the group: 2.4, at 1.6 a node


def test_auto_mode_adds_its_fee_to_the_nodes() -> None:
    """Nodes of the assumed type, and 12 percent of their price."""
    cluster = _resource(
        "aws:eks/cluster:Cluster",
        "cluster",
        computeConfig={"enabled": True},
        upgradePolicy={"supportType": "STANDARD"},
    )
    lines = {line.what: line for line in _estimate(cluster, _deployment(1, "1", "2Gi")).lines}
    fee = lines["Auto Mode fee for m6i.large"]
    assert fee.usd.at_desired == HOURS * Decimal("0.01152")
    assert "auto_mode_fee_percent" in fee.assumptions


def test_pods_on_fargate_are_charged_by_the_next_size() -> None:
    """Half a vCPU and 1 GiB, with the 0.25 GiB that Fargate adds, make 0.5 vCPU and 2 GB."""
    profile = _resource(
        "aws:eks/fargateProfile:FargateProfile", "fargate", selectors=[{"namespace": "fargate"}]
    )
    estimate = _estimate(profile, _deployment(2, "500m", "1Gi", namespace="fargate"))
    quantities = {line.what: line.quantity.at_desired for line in estimate.lines}
    assert quantities == {"Fargate vCPU": Decimal(HOURS), "Fargate memory": Decimal(2 * 2 * HOURS)}


@pytest.mark.parametrize(
    ("cpu", "memory", "size"),
    [
        ("0.1", "0.1", ("0.25", "0.5")),
        ("0.25", "1.9", ("0.5", "3")),
        ("3", "7", ("4", "8")),
        ("17", "1", None),
    ],
)
def test_fargate_gives_a_pod_the_next_size(cpu: str, memory: str, size: tuple[str, str] | None) -> None:
    """The smallest pair that holds CPU, and memory with its overhead; none for what is too large."""
    expected = None if size is None else (Decimal(size[0]), Decimal(size[1]))
    assert fargate_pod_size(Decimal(cpu), Decimal(memory)) == expected


@pytest.mark.parametrize(
    ("text", "vcpus"), [("250m", "0.25"), ("2", "2"), (1, "1"), ("0.5", "0.5"), ("many", None), (None, None)]
)
def test_cpu_is_read_as_kubernetes_writes_it(text: JsonValue, vcpus: str | None) -> None:
    """Millicores and cores; what is neither is not known."""
    assert cpu_quantity(text) == (None if vcpus is None else Decimal(vcpus))


@pytest.mark.parametrize(
    ("text", "gib"), [("512Mi", "0.5"), ("2Gi", "2"), (1073741824, "1"), ("1048576Ki", "1"), ("1Xi", None)]
)
def test_memory_is_read_as_kubernetes_writes_it(text: JsonValue, gib: str | None) -> None:
    """Binary suffixes and bytes; what is neither is not known."""
    assert memory_quantity(text) == (None if gib is None else Decimal(gib))


def test_ingresses_of_a_group_share_one_load_balancer() -> None:
    """The first of a group carries it; an ingress without a group has its own."""

    def ingress(name: str, group: str | None) -> PlannedResource:
        annotations: JsonValue = {"alb.ingress.kubernetes.io/group.name": group} if group else {}
        return _resource(
            "kubernetes:networking.k8s.io/v1:Ingress", name, metadata={"annotations": annotations}
        )

    estimate = _estimate(ingress("a", "shop"), ingress("b", "shop"), ingress("c", None))
    assert [line.resource_name for line in estimate.lines if line.price == "alb_usd_per_hour"] == ["a", "c"]


def test_production_example_has_everything() -> None:
    """The production example on EKS: control plane, three kinds of nodes, a gateway in each zone."""
    estimate = estimate_plan(plan_of_example("production.eks.yaml"), TABLE)
    whats = [line.what for line in estimate.lines]
    assert whats.count("NAT gateway") == 3
    assert {"control plane", "m6i.large on demand", "m6i.large Spot", "g4dn.xlarge on demand"} <= set(whats)
    assert estimate.by_component()[Component.CONTROL_PLANE] == Spread.same(73)
