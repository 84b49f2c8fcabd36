"""Environments on ECS that validation accepts: every part on and off."""

from hypothesis import strategies as st

from tests.programs.strategies.documents import Document, always, maybe
from tests.programs.strategies.rollouts import Setting
from tests.programs.strategies.shared import app_mesh, shared

service_connect = maybe(
    tls=st.booleans(), request_timeout_seconds=st.integers(0, 60), idle_timeout_seconds=st.integers(0, 600)
)
fargate = always(base=st.integers(0, 2), weight=st.integers(1, 100))
fargate_spot = always(weight=st.integers(1, 100))
ec2 = always(
    weight=st.integers(1, 100),
    instance_types=st.sampled_from([["m5.xlarge"], ["m6i.large", "m5.large"]]),
    max=st.integers(1, 10),
    spot=st.booleans(),
    target_utilization_percent=st.integers(1, 100),
)
capacity = st.one_of(
    always(fargate=fargate),
    always(fargate=fargate, fargate_spot=fargate_spot),
    always(fargate=fargate, fargate_spot=fargate_spot, ec2=ec2),
    always(ec2=ec2),
    always(fargate_spot=fargate_spot),
)


@st.composite
def ecs_documents(draw: st.DrawFn) -> Document:
    """Documents of environments on ECS."""
    shares = draw(maybe(capacity=capacity))
    kind = draw(st.sampled_from(["none", "service_connect", "app_mesh"]))
    setting = Setting("ecs", kind, has_instances="'ec2'" in str(shares))
    knobs = {"none": st.just({}), "service_connect": service_connect, "app_mesh": app_mesh}[setting.mesh_kind]
    gateway = draw(maybe(gateway=st.booleans())) if kind == "app_mesh" else {}
    return {
        **draw(shared(setting)),
        **shares,
        "mesh": {"kind": setting.mesh_kind, **draw(knobs), **gateway},
        **draw(
            maybe(
                cluster=maybe(
                    container_insights=st.sampled_from(["enabled", "enhanced", "disabled"]),
                    exec=maybe(encrypt=st.booleans(), log_retention_days=st.sampled_from([1, 30])),
                ),
            )
        ),
    }
