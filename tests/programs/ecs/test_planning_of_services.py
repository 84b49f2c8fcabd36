"""The pure parts: capacity, shares, routes, rollouts, images."""

import json
from dataclasses import replace

import pytest

from programs.components.image_repository import ImageRepositoryArgs, lifecycle_policy
from programs.components.images import image_reference, private_repository_arn
from programs.components.load_balancer import balancer_name
from programs.components.scope import Scope
from programs.ecs.capacity_plan import CapacityFamily, ProviderShare, plan_capacity
from programs.ecs.codedeploy import configuration_name
from programs.ecs.exposure import path_patterns
from programs.ecs.instances import capacity_provider_name, image_parameter
from programs.ecs.peers import callees_of
from programs.ecs.rollout import Patience, longest_end_minutes, longest_minutes
from programs.ecs.service_share import Bounds, service_shares
from programs.planning.peers import callees_first
from programs.planning.shares import split_count
from programs.request.ecs import Capacity
from programs.request.images import RepositoryImage
from programs.request.mesh import MeshKind
from programs.request.rollout import Rollout
from programs.request.workload import Architecture, Workload

_SCOPE = Scope(
    team="ops",
    environment="shop",
    account_id="123456789012",
    region="eu-central-1",
    partition="aws",
    tags={},
    is_ephemeral=False,
    is_protected=False,
    log_retention_days=30,
)


def _capacity(**shares: object) -> Capacity:
    return Capacity.model_validate(shares)


def _workload(**parts: object) -> Workload:
    return Workload.model_validate({"name": "web", "image": "nginx:1", **parts})


def test_the_larger_family_is_the_main_one_and_fargate_wins_a_tie() -> None:
    """Families are ordered by the sum of their weights."""
    mixed = plan_capacity(_capacity(fargate={"weight": 30}, ec2={"weight": 70}), "own")
    assert mixed.main.family is CapacityFamily.EC2
    assert mixed.main.strategy == (ProviderShare("own", 0, 70),)
    tie = plan_capacity(
        _capacity(fargate={"base": 1, "weight": 25}, fargate_spot={"weight": 25}, ec2={"weight": 50}), "own"
    )
    assert tie.main.family is CapacityFamily.FARGATE
    assert tie.main.strategy == (ProviderShare("FARGATE", 1, 25), ProviderShare("FARGATE_SPOT", 0, 25))


def test_a_cluster_knows_what_its_services_may_have_been_on() -> None:
    """Fargate's providers are always there, the instances' while the request has them, at weight 0 too."""
    fargate = _capacity(fargate={"weight": 1})
    assert plan_capacity(fargate, "own").provider_names == ("FARGATE", "FARGATE_SPOT")
    leaving = plan_capacity(_capacity(fargate={"weight": 1}, ec2={"weight": 0}), "own")
    assert leaving.provider_names == ("FARGATE", "FARGATE_SPOT", "own")
    assert leaving.second is None


@pytest.mark.parametrize(
    ("count", "split"), [(0, (0, 0)), (1, (1, 0)), (2, (1, 1)), (10, (9, 1)), (20, (18, 2)), (25, (23, 2))]
)
def test_counts_are_split_whole_and_the_second_family_is_never_forgotten(
    count: int, split: tuple[int, int]
) -> None:
    """Shares add up to the count, and two tasks or more put one on each family."""
    assert split_count(count, 90, 10) == split


def test_a_rolling_workload_is_split_and_a_shifting_one_is_not() -> None:
    """Two services share a target group; a traffic shift belongs to one service."""
    plan = plan_capacity(_capacity(fargate={"weight": 50}, ec2={"weight": 50}), "own")
    replicas = {"min": 2, "desired": 4, "max": 8}
    rolling = service_shares(_workload(replicas=replicas), plan, MeshKind.NONE)
    assert [(one.suffix, one.minimum, one.desired, one.maximum) for one in rolling] == [
        ("", 1, 2, 4),
        ("-ec2", 1, 2, 4),
    ]
    shifting = _workload(replicas=replicas, ports=[{"port": 80}], rollout={"strategy": "canary"})
    assert [one.suffix for one in service_shares(shifting, plan, MeshKind.NONE)] == [""]


def test_what_the_clock_sets_is_split_as_the_rest() -> None:
    """Both services together keep to the bounds of a scheduled change, down to none at all."""
    plan = plan_capacity(_capacity(fargate={"weight": 70}, ec2={"weight": 30}), "own")
    schedule = [
        {"cron": "0 6 * * ? *", "min": 4, "max": 10},
        {"cron": "0 20 * * ? *", "min": 0, "max": 0},
    ]
    main, second = service_shares(_workload(scaling={"schedule": schedule}), plan, MeshKind.NONE)
    assert main.scheduled == (Bounds(3, 7), Bounds(0, 0))
    assert second.scheduled == (Bounds(1, 3), Bounds(0, 0))


def test_a_canary_of_the_mesh_goes_first_and_is_small() -> None:
    """The canary's service stands before the workload's own, with its share rounded up."""
    plan = plan_capacity(_capacity(fargate={"weight": 1}), "own")
    rollout = {"strategy": "canary", "canary_percent": 10}
    workload = _workload(replicas={"desired": 12, "max": 20}, ports=[{"port": 80}], rollout=rollout)
    shares = service_shares(workload, plan, MeshKind.APP_MESH)
    assert [(one.suffix, one.desired, one.is_canary) for one in shares] == [
        ("-canary", 2, True),
        ("", 12, False),
    ]


@pytest.mark.parametrize(
    ("path", "patterns"),
    [("/", ["/*"]), ("/api", ["/api", "/api/*"]), ("/api/", ["/api", "/api/*"]), ("/v?/*", ["/v?/*"])],
)
def test_a_plain_path_takes_everything_below_it(path: str, patterns: list[str]) -> None:
    """The load balancer compares whole paths: prefixes are written as wildcards, wildcards kept."""
    assert path_patterns(path) == patterns


def test_a_rollouts_time_limit_covers_its_bake_times() -> None:
    """Steps, bakes, what the load balancer takes, and thirty minutes for starting and stopping tasks."""
    assert longest_minutes(Rollout(), Patience()) == 30
    slow = Patience(grace=90, drain=3600)
    assert longest_minutes(Rollout(), slow) == 30 + 62
    assert longest_end_minutes(slow) == 30 + 60
    linear = {"strategy": "linear", "linear_percent": 30, "linear_bake_minutes": 5, "bake_minutes": 10}
    assert longest_minutes(Rollout.model_validate(linear), Patience()) == 30 + 4 * 5 + 10


def test_codedeploy_uses_the_predefined_configurations() -> None:
    """Percent and minutes choose one of those that CodeDeploy brings; others are an error."""
    canary = {"strategy": "canary", "canary_percent": 10, "canary_bake_minutes": 5}
    named = configuration_name(Rollout.model_validate(canary))
    assert named == "CodeDeployDefault.ECSCanary10Percent5Minutes"
    with pytest.raises(ValueError, match="CodeDeploy has no canary of 11 percent"):
        configuration_name(Rollout.model_validate({**canary, "canary_percent": 11}))


def test_images_are_pulled_by_tag_or_digest_and_private_ones_are_known() -> None:
    """References of the own registry are complete, and foreign private repositories are recognized."""
    tagged = RepositoryImage(repository="app", tag="v1")
    registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/ops/shop/app"
    assert image_reference(_SCOPE, tagged) == f"{registry}:v1"
    digest = f"sha256:{'0' * 64}"
    assert image_reference(_SCOPE, RepositoryImage(repository="app", digest=digest)) == f"{registry}@{digest}"
    foreign = "111122223333.dkr.ecr.us-east-1.amazonaws.com/tools/migrate:v1"
    arn = private_repository_arn(_SCOPE, foreign)
    assert arn == "arn:aws:ecr:us-east-1:111122223333:repository/tools/migrate"
    assert private_repository_arn(_SCOPE, "public.ecr.aws/nginx/nginx:1.27") is None


def test_repositories_keep_the_last_images_of_each_prefix() -> None:
    """Untagged images go by age first, then tagged ones by count, one rule for each prefix."""
    args = ImageRepositoryArgs(_SCOPE, "app", "key", ("v", "release-"), 5, 2)
    rules = json.loads(lifecycle_policy(args))["rules"]
    assert [rule["rulePriority"] for rule in rules] == [1, 2, 3]
    assert rules[0]["selection"]["countNumber"] == 2
    assert [rule["selection"]["tagPrefixList"] for rule in rules[1:]] == [["v"], ["release-"]]


def test_instances_take_the_image_of_their_processor() -> None:
    """AMI parameters differ by processor and GPU; provider names avoid AWS's own prefixes."""
    assert image_parameter(Architecture.X86_64, has_gpu=False).endswith(
        "amazon-linux-2023/recommended/image_id"
    )
    assert "/arm64/" in image_parameter(Architecture.ARM64, has_gpu=False)
    assert "/gpu/" in image_parameter(Architecture.X86_64, has_gpu=True)
    assert capacity_provider_name(_SCOPE) == "ops-shop-instances"


def test_callees_come_first_and_a_circle_is_opened_at_one_call() -> None:
    """Every call is waited for, but the one that leads back to a workload that waits already."""
    assert list(callees_first({"web": ("api",), "api": ("db",)}).items()) == [
        ("db", ()),
        ("api", ("db",)),
        ("web", ("api",)),
    ]
    circle = callees_first({"api": ("bus",), "bus": ("cron",), "cron": ("api", "cron")})
    assert circle == {"cron": (), "bus": ("cron",), "api": ("bus",)}


def test_a_load_balancers_name_begins_with_nothing_that_aws_refuses() -> None:
    """AWS keeps `internal-` at the beginning to itself."""
    assert balancer_name(_SCOPE) == "ops-shop"
    assert balancer_name(replace(_SCOPE, team="internal")) == "berth-internal-shop"
    assert len(balancer_name(replace(_SCOPE, team="internal", environment="a" * 40))) <= 32


def test_callees_are_callers_the_other_way_round() -> None:
    """Who is called follows from who calls."""
    assert callees_of({"api": ("jobs", "web"), "db": ("api",)}) == {
        "jobs": ("api",),
        "web": ("api",),
        "api": ("db",),
    }
