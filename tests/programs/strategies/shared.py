"""What both orchestrators have."""

from hypothesis import strategies as st

from tests.programs.existing import EXISTING
from tests.programs.strategies.arns import AUTHORITY, WEB_ACL
from tests.programs.strategies.documents import Document, always, maybe
from tests.programs.strategies.rollouts import Setting
from tests.programs.strategies.workloads import workloads

network = st.one_of(
    maybe(
        cidr=st.sampled_from(["10.0.0.0/16", "10.20.0.0/20", "192.168.4.0/22"]),
        availability_zones=st.integers(2, 4),
        nat_gateways=st.sampled_from(["single", "one_per_az"]),
        flow_logs=st.booleans(),
        endpoints=st.lists(st.sampled_from(["s3", "ecr.api", "ecr.dkr", "logs", "sts"]), unique=True),
    ),
    always(existing=EXISTING),
)
load_balancer = maybe(
    internal=st.booleans(),
    allowed_cidrs=st.sampled_from([["0.0.0.0/0"], ["203.0.113.0/24", "198.51.100.0/24"]]),
    idle_timeout_seconds=st.integers(1, 4000),
    web_acl_arn=st.just(WEB_ACL),
    access_logs=st.booleans(),
)
kept = {
    "log_retention_days": st.sampled_from([1, 7, 30, 365]),
    "tracing": st.sampled_from(["none", "xray"]),
}
observability = {
    "ecs": maybe(
        alarms=st.booleans(),
        alarm_emails=st.just(["oncall@example.com"]),
        dashboard=st.booleans(),
        **kept,
    ),
    "eks": maybe(**kept),
}
app_mesh = maybe(
    mtls=always(certificate_authority_arn=AUTHORITY),
    timeout_seconds=st.integers(1, 60),
    retries=always(max=st.integers(0, 5)),
    outlier_detection=always(max_server_errors=st.integers(1, 10)),
    connection_pool=always(max_connections=st.integers(1, 1000)),
)


@st.composite
def shared(draw: st.DrawFn, setting: Setting) -> Document:
    """What both orchestrators have; on ECS a file system is mounted in its own VPC alone."""
    environment_class = draw(st.sampled_from(["ephemeral", "standard", "production"]))
    parts = draw(
        maybe(
            network=network,
            load_balancer=load_balancer,
            observability=observability[setting.orchestrator],
            protected=st.booleans(),
            ttl=st.sampled_from(["P3D", "PT12H"]),
            tags=st.just({"cost-center": "1234"}),
        )
    )
    described = draw(workloads(setting))
    if setting.orchestrator == "ecs" and "existing" not in parts.get("network", {}):
        described = [{**workload, "volumes": []} for workload in described]
    return {
        "name": draw(st.sampled_from(["shop", "a-very-long-environment-name"])),
        "team": draw(st.sampled_from(["storefront", "payments"])),
        "class": environment_class,
        "orchestrator": setting.orchestrator,
        "registry": {"repositories": ["app"], "pull_accounts": draw(st.sampled_from([[], ["222222222222"]]))},
        "workloads": described,
        **parts,
    }
