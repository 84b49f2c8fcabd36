"""What the parts of a document must agree on, and rollouts that fit it."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.programs.strategies.arns import FUNCTION
from tests.programs.strategies.documents import Document, always, maybe


@dataclass(frozen=True)
class Setting:
    """What the parts of one document must agree on."""

    orchestrator: str
    mesh_kind: str
    delivery: str = "argo_rollouts"
    measures_pods: bool = True
    has_instances: bool = False


def strategies_of(setting: Setting) -> list[str]:
    """The strategies that shift traffic under a mesh and a way of delivery."""
    if setting.orchestrator == "ecs" and setting.mesh_kind == "app_mesh":
        return ["canary"]
    if setting.delivery == "none":
        return ["blue_green", "canary"]
    if setting.delivery == "flagger" and setting.mesh_kind == "none":
        return ["blue_green"]
    return ["blue_green", "canary", "linear"]


def alarms_of(setting: Setting, *, is_public: bool, is_shifting: bool) -> list[str]:
    """The alarms that somebody measures and somebody watches."""
    if setting.orchestrator == "eks" and (setting.delivery == "none" or not is_shifting):
        return []
    of_copies = ["cpu", "memory"] if setting.orchestrator == "ecs" or setting.measures_pods else []
    return [*of_copies, *(["http_5xx", "latency_p95", "unhealthy_hosts"] if is_public else [])]


def is_baked(setting: Setting, strategy: str) -> bool:
    """Whether both versions stay for a time: Flagger ends with the last step, a team whenever it likes."""
    return setting.delivery == "argo_rollouts" or (setting.delivery == "flagger" and strategy == "blue_green")


@st.composite
def rollout(draw: st.DrawFn, setting: Setting, is_public: bool, is_shifting: bool) -> Document:
    """A strategy with settings of its own."""
    document: Document = {"circuit_breaker": draw(maybe(enabled=st.booleans(), rollback=st.booleans()))}
    alarms = alarms_of(setting, is_public=is_public, is_shifting=is_shifting)
    if alarms:
        document["rollback_alarms"] = draw(st.lists(st.sampled_from(alarms), unique=True, max_size=2))
    if not is_shifting:
        return document
    strategy = draw(st.sampled_from(strategies_of(setting)))
    document["strategy"] = strategy
    if is_baked(setting, strategy):
        document["bake_minutes"] = draw(st.integers(0, 60))
    if strategy == "canary":
        document["canary_percent"] = draw(st.integers(1, 99))
    if strategy == "canary" and setting.delivery != "none":
        document["canary_bake_minutes"] = draw(st.integers(0, 60))
    if strategy == "linear":
        document["linear_percent"] = draw(st.integers(3, 99))
        document["linear_bake_minutes"] = draw(st.integers(0, 60))
    if setting.orchestrator == "ecs" and setting.mesh_kind != "app_mesh":
        hook = always(function_arn=FUNCTION, stages=["POST_TEST_TRAFFIC_SHIFT"])
        document["hooks"] = draw(st.lists(hook, max_size=1))
    return document
