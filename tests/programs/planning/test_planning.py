"""The pure functions that programs plan with."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.facts import Cloud, Facts
from programs.planning.cidr import plan_subnets
from programs.planning.codedeploy import nearest_configuration, predefined_configuration
from programs.planning.cron import kubernetes_cron
from programs.planning.group_order import MAX_PRIORITY, group_order
from programs.planning.instances import has_gpu, is_arm64
from programs.planning.names import bounded, environment_prefix, joined
from programs.planning.peers import callers_of, with_hosts
from programs.planning.priorities import assign_priorities
from programs.planning.sizes import FARGATE_SIZES, is_fargate_size, millicores, nearest_fargate_sizes
from programs.planning.tags import environment_tags
from programs.request import parse_request

FACTS = Facts(
    environment_id="env_1",
    cloud=Cloud.SANDBOX,
    account_id="123456789012",
    region="us-east-1",
    availability_zone_names=("us-east-1a", "us-east-1b"),
)


def request_with(*workloads: dict[str, object], **parts: object):  # noqa: ANN201 -- either environment
    """An ECS request with these workloads; each gets an image and a port."""
    defaults = {"image": "nginx:1.27", "ports": [{"port": 80}]}
    made = [{**defaults, **workload} for workload in workloads]
    return parse_request(
        {"name": "shop", "team": "storefront", "orchestrator": "ecs", "workloads": made, **parts}
    )


@given(
    prefix=st.integers(16, 24), zones=st.integers(1, 4), third=st.integers(0, 255), second=st.integers(0, 255)
)
def test_subnets_fit_and_never_overlap(prefix: int, zones: int, third: int, second: int) -> None:
    """Every subnet lies in the VPC, none overlaps another, and AWS's least size of /28 is kept."""
    vpc = IPv4Network((f"10.{second}.{third}.0", prefix), strict=False)
    planned = plan_subnets(str(vpc), [f"zone-{number}" for number in range(zones)])
    blocks = [IPv4Network(block) for zone in planned for block in (zone.public_cidr, zone.private_cidr)]
    assert len(blocks) == 2 * zones
    assert all(block.subnet_of(vpc) and block.prefixlen <= 28 for block in blocks)
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))


def test_adding_a_zone_moves_no_subnet() -> None:
    """The subnets of the first zones stay where they are when zones are added."""
    assert plan_subnets("10.0.0.0/16", ["a", "b", "c", "d"])[:2] == plan_subnets("10.0.0.0/16", ["a", "b"])


def test_too_many_zones_are_refused() -> None:
    """There is room for four zones."""
    with pytest.raises(ValueError, match="at most 4"):
        plan_subnets("10.0.0.0/16", list("abcde"))


@given(name=st.text("abc-", min_size=1, max_size=80), other=st.text("abc-", min_size=1, max_size=80))
def test_bounded_names_fit_and_stay_different(name: str, other: str) -> None:
    """A bounded name is within its limit, the same each time, and differs where the names differ."""
    assert len(bounded(name, 32)) <= 32
    assert bounded(name, 32) == bounded(name, 32)
    assert (bounded(name, 32) == bounded(other, 32)) == (name == other)


def test_names_that_fit_are_left_alone() -> None:
    """Only what is too long is cut and given a hash."""
    assert joined("storefront", "shop", "web", limit=32) == "storefront-shop-web"
    assert joined("storefront", "", "web", limit=32) == "storefront-web"
    assert environment_prefix("storefront", "shop") == "storefront-shop"
    assert environment_prefix("a-b", "c") != environment_prefix("a", "b-c")
    with pytest.raises(ValueError, match="no room"):
        bounded("anything", 7)


def test_tags_name_the_owner() -> None:
    """Every resource bears the request's tags and the environment's id, name, team and class."""
    request = request_with({"name": "web"}, tags={"cost-center": "1234"})
    assert environment_tags(request, FACTS) == {
        "cost-center": "1234",
        "berth:environment-id": "env_1",
        "berth:environment": "shop",
        "berth:team": "storefront",
        "berth:class": "standard",
    }


def test_expiry_is_a_tag() -> None:
    """An environment that expires says when on every resource."""
    request = request_with({"name": "web"}, ttl="P3D")
    facts = Facts(
        environment_id="env_1",
        cloud=Cloud.SANDBOX,
        account_id="123456789012",
        region="us-east-1",
        availability_zone_names=(),
        expires_on="2026-11-26",
    )
    assert environment_tags(request, facts)["berth:expires-on"] == "2026-11-26"


@pytest.mark.parametrize(
    ("cpu_units", "millicore_count"), [(256, 250), (1024, 1000), (100, 98), (1, 1), (0, 1)]
)
def test_units_become_millicores(cpu_units: int, millicore_count: int) -> None:
    """1024 units are 1000 millicores, rounded up, and never nothing."""
    assert millicores(cpu_units) == millicore_count


def test_the_nearest_fargate_sizes_hold_what_was_asked() -> None:
    """The sizes named for a wrong pair are those that hold it with the least to spare."""
    assert [str(size) for size in nearest_fargate_sizes(256, 600)] == ["256/1024", "512/1024", "256/2048"]


@given(st.integers(1, 20000), st.integers(1, 150_000))
def test_the_nearest_sizes_are_fargate_sizes(cpu_units: int, memory_mib: int) -> None:
    """Whatever was asked, what is offered exists; what exists is offered first."""
    nearest = nearest_fargate_sizes(cpu_units, memory_mib)
    assert len(nearest) == 3
    assert all(is_fargate_size(size.cpu_units, size.memory_mib) for size in nearest)


def test_a_fargate_size_is_nearest_to_itself() -> None:
    """A pair that exists is the first that is offered."""
    for size in FARGATE_SIZES:
        assert nearest_fargate_sizes(size.cpu_units, size.memory_mib, count=1) == (size,)


@pytest.mark.parametrize(
    ("instance_type", "arm", "gpu"),
    [
        ("m5.xlarge", False, False),
        ("m6g.large", True, False),
        ("c7gn.large", True, False),
        ("a1.large", True, False),
        ("t4g.nano", True, False),
        ("im4gn.large", True, False),
        ("g4dn.xlarge", False, True),
        ("g4ad.xlarge", False, False),
        ("g5g.xlarge", True, True),
        ("p4d.24xlarge", False, True),
        ("m7i-flex.large", False, False),
        ("u-6tb1.metal", False, False),
    ],
)
def test_instance_types_tell_processor_and_gpu(instance_type: str, arm: bool, gpu: bool) -> None:
    """The processor and the presence of NVIDIA GPUs follow from the type's name."""
    assert is_arm64(instance_type) is arm
    assert has_gpu(instance_type) is gpu


def test_priorities_put_the_specific_first() -> None:
    """A longer path comes before a shorter one, a host before none, `/` last."""
    request = request_with(
        {"name": "rest", "public": {}},
        {"name": "api", "public": {"path": "/api/*"}},
        {"name": "orders", "public": {"path": "/api/orders/*"}},
        {"name": "hosted", "public": {"path": "/", "host": "shop.example.com"}},
        {"name": "fixed", "public": {"path": "/fixed", "priority": 7}},
    )
    priorities = assign_priorities(request.workloads)
    assert priorities["fixed"] == 7
    assert priorities["hosted"] < priorities["orders"] < priorities["api"] < priorities["rest"]


paths = st.text("abcdefgh/", min_size=0, max_size=60).map(lambda text: f"/{text}")


@given(st.lists(paths, min_size=2, max_size=12, unique=True))
def test_priorities_are_distinct_and_valid(routes: list[str]) -> None:
    """Every public workload has a priority of its own between 1 and 50000."""
    request = request_with(
        *({"name": f"web{number}", "public": {"path": path}} for number, path in enumerate(routes))
    )
    priorities = assign_priorities(request.workloads)
    assert len(set(priorities.values())) == len(routes)
    assert all(1 <= priority <= MAX_PRIORITY for priority in priorities.values())


def test_a_new_workload_moves_no_rule() -> None:
    """The priority of a workload follows from its own rule, whoever else is there."""
    one, two = {"name": "web", "public": {}}, {"name": "api", "public": {"path": "/api/*"}}
    alone = assign_priorities(request_with(one).workloads)
    together = assign_priorities(request_with(one, two).workloads)
    assert together["web"] == alone["web"]


def test_callers_are_those_named_and_those_that_name() -> None:
    """Who may call a workload follows from `allow_from` and from the hosts that settings name."""
    sidecar = {"name": "helper", "image": "busybox:1.37", "env": {"U": "${workloads.cart.host}"}}
    request = request_with(
        {"name": "web", "env": {"API": "http://${workloads.api.host}:80"}, "sidecars": [sidecar]},
        {"name": "api", "allow_from": ["cart"]},
        {"name": "cart"},
    )
    assert callers_of(request) == {"web": (), "api": ("cart", "web"), "cart": ("web",)}


def test_hosts_are_filled_in() -> None:
    """A reference in a setting becomes the other workload's address."""
    hosts = {"api": "api.shop.internal"}
    assert (
        with_hosts("http://${workloads.api.host}:80/${HOME}", hosts) == "http://api.shop.internal:80/${HOME}"
    )


def test_codedeploy_configurations_are_found_by_what_they_do() -> None:
    """A shift is matched to CodeDeploy's own configuration, or to the nearest."""
    assert predefined_configuration("canary", 10, 5) == "CodeDeployDefault.ECSCanary10Percent5Minutes"
    assert predefined_configuration("canary", 20, 5) is None
    assert nearest_configuration("linear", 50, 10).configuration_name.endswith(
        "ECSLinear10PercentEvery3Minutes"
    )


@pytest.mark.parametrize(
    ("aws", "kubernetes"),
    [
        ("0 20 * * ? *", "0 20 * * *"),
        ("0 6 ? * MON-FRI *", "0 6 * * MON-FRI"),
        ("30 7 ? * 2-6 *", "30 7 * * 1-5"),
        ("*/15 8-18 ? * WED *", "*/15 8-18 * * WED"),
        ("0 0 1 1/3 ? *", "0 0 1 1/3 *"),
    ],
)
def test_schedules_mean_the_same_to_kubernetes(aws: str, kubernetes: str) -> None:
    """A cron expression of AWS becomes one of Kubernetes: five fields, and Sunday is 0."""
    assert kubernetes_cron(aws) == kubernetes


@pytest.mark.parametrize("expression", ["0 6 L * ? *", "0 6 ? * 6#3 *", "0 6 * * ? 2027"])
def test_schedules_that_kubernetes_lacks_are_refused(expression: str) -> None:
    """Kubernetes has no last days, no third Fridays and no years."""
    with pytest.raises(ValueError, match="no schedule"):
        kubernetes_cron(expression)


@given(st.integers(1, MAX_PRIORITY - 51))
def test_priorities_far_enough_apart_keep_their_order_in_a_group(priority: int) -> None:
    """51 apart, two rules have different places among the controller's; none is beyond the last."""
    assert 1 <= group_order(priority) < group_order(priority + 51) <= 1000
