"""What pausing leaves of an environment, on either orchestrator."""

import json
from dataclasses import replace
from functools import cache

import pytest

from programs.facts import Activity
from programs.request import parse_request
from tests.programs.ecs.plans import DOCUMENTS as ECS_DOCUMENTS
from tests.programs.eks.plans import DOCUMENTS as EKS_DOCUMENTS
from tests.programs.recording import FACTS, Recording
from tests.programs.recording import plan as plan_with

SERVICE = "aws:ecs/service:Service"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
AUTOSCALERS = (
    "aws:appautoscaling/target:Target",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "kubernetes:keda.sh/v1alpha1:ScaledObject",
)
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def plan(document: dict[str, object], activity: Activity) -> Recording:
    return _plan(json.dumps(document), activity)


@cache
def _plan(document: str, activity: Activity) -> Recording:
    return plan_with(json.loads(document), replace(FACTS, activity=activity))


def copies(recording: Recording) -> dict[str, object]:
    """How many copies each service or deployment is to have."""
    services = {one.name: one.inputs["desiredCount"] for one in recording.of_type(SERVICE)}
    pods = {one.name: one.inputs["spec"]["replicas"] for one in recording.of_type(DEPLOYMENT)}
    return services | pods


PAUSABLE = [
    *(pytest.param(ECS_DOCUMENTS[name], id=f"ecs-{name}") for name in ("minimal", "shop", "production")),
    *(pytest.param(EKS_DOCUMENTS[name], id=f"eks-{name}") for name in ("minimal", "shop")),
]


@pytest.mark.parametrize("document", PAUSABLE)
def test_a_paused_environment_runs_no_copy(document: dict[str, object]) -> None:
    """Every service and deployment of a paused environment is at 0, and nothing is there to raise it."""
    resting = plan(document, Activity.PAUSED)
    assert copies(resting)
    assert set(copies(resting).values()) == {0}
    assert [one for kind in AUTOSCALERS for one in resting.of_type(kind)] == []


@pytest.mark.parametrize("document", PAUSABLE)
def test_pausing_replaces_and_renames_nothing(document: dict[str, object]) -> None:
    """All that a paused environment has, the running one has under the same name: nothing is made anew."""
    resting = {(one.type, one.name) for one in plan(document, Activity.PAUSED).resources}
    running = {(one.type, one.name) for one in plan(document, Activity.RUNNING).resources}
    assert resting <= running


@pytest.mark.parametrize("document", PAUSABLE)
def test_resuming_sets_the_counts_that_autoscalers_own(document: dict[str, object]) -> None:
    """A resumed environment has its copies at once: an autoscaler leaves alone what stands at 0."""
    resumed = plan(document, Activity.RESUMING)
    assert copies(resumed) == copies(plan(document, Activity.RUNNING))
    assert all(copies(resumed).values())
    scaled = [*resumed.of_type(SERVICE), *resumed.of_type(DEPLOYMENT)]
    ignored = {name for one in scaled for name in one.ignored_changes}
    assert not ignored & {"desiredCount", "spec.replicas"}


def test_one_node_stays_for_the_controllers() -> None:
    """Node groups of a paused cluster go to 0, but for one node: controllers take down what they made."""
    groups = {"general": {}, "batch": {}, "gpu": {"taints": [{"key": "gpu", "value": "true"}]}}
    document = {**EKS_DOCUMENTS["minimal"], "cluster": {"node_groups": groups}}
    found = plan(document, Activity.PAUSED).of_type(NODE_GROUP)
    sizes = {one.name: one.inputs["scalingConfig"] for one in found}
    least = {name: (size["minSize"], size["desiredSize"]) for name, size in sizes.items()}
    assert least == {"general-nodes": (1, 1), "batch-nodes": (0, 0), "gpu-nodes": (0, 0)}


def test_an_autoscalers_nodes_are_left_to_it() -> None:
    """Where an autoscaler owns the number of nodes, pausing changes no group: empty nodes go anyway."""
    document = {**EKS_DOCUMENTS["minimal"], "cluster": {"autoscaler": "cluster_autoscaler"}}
    sizes = [
        [one.inputs["scalingConfig"] for one in plan(document, activity).of_type(NODE_GROUP)]
        for activity in (Activity.PAUSED, Activity.RUNNING)
    ]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({**ECS_DOCUMENTS["minimal"], "cluster": {"express": True}}, id="express"),
        pytest.param({**EKS_DOCUMENTS["minimal"], "cluster": {"delivery": "flagger"}}, id="flagger"),
    ],
)
def test_what_cannot_be_paused_has_no_working_hours(document: dict[str, object]) -> None:
    """Express Mode and Flagger keep copies whatever is asked: working hours are refused there."""
    with pytest.raises(ValueError, match="cannot be paused"):
        parse_request({**document, "working_hours": {"start": "08:00", "end": "18:00"}})


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"start": "18:00", "end": "08:00"}, "not before"),
        ({"start": "8:00", "end": "18:00"}, "form"),
        ({"start": "08:00", "end": "24:00"}, "form"),
        ({"start": "08:00", "end": "18:00", "timezone": "Mars/Olympus"}, "time zone"),
        ({"start": "08:00", "end": "18:00", "days": ["mon", "mon"]}, "twice"),
        ({"start": "08:00", "end": "18:00", "days": []}, "at least 1"),
    ],
)
def test_odd_working_hours_are_refused(hours: dict[str, object], said: str) -> None:
    """Hours are of one day, in a time zone that there is, each day named once."""
    with pytest.raises(ValueError, match=said):
        parse_request({**ECS_DOCUMENTS["minimal"], "working_hours": hours})
