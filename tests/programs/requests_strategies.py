"""Hypothesis strategies for requests that validation accepts: every part on and off, both orchestrators."""

from dataclasses import dataclass

from hypothesis import strategies as st

from programs.planning.sizes import FARGATE_SIZES
from programs.request import EcsEnvironment, EksEnvironment, parse_request

Document = dict[str, object]

NAMES = ("api", "billing", "cart", "frontend", "jobs", "mailer", "orders", "search")
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
AUTHORITY = (
    "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555"
)
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:smoke-test"
CRONS = ("0 20 * * ? *", "0 6 ? * MON-FRI *", "30 7 1 * ? *")


def maybe(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[Document]:
    """A mapping in which each key may be left out."""
    return st.fixed_dictionaries({}, optional=parts)


def always(**parts: object) -> st.SearchStrategy[Document]:
    """A mapping in which each key is there; plain values stand for themselves."""
    made = {key: v if isinstance(v, st.SearchStrategy) else st.just(v) for key, v in parts.items()}
    return st.fixed_dictionaries(made)


network = st.one_of(
    maybe(
        cidr=st.sampled_from(["10.0.0.0/16", "10.20.0.0/20", "192.168.4.0/22"]),
        availability_zones=st.integers(2, 4),
        nat_gateways=st.sampled_from(["single", "one_per_az"]),
        flow_logs=st.booleans(),
        endpoints=st.lists(st.sampled_from(["s3", "ecr.api", "ecr.dkr", "logs", "sts"]), unique=True),
    ),
    always(
        existing=always(
            vpc_id="vpc-0123456789abcdef0",
            public_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            private_subnet_ids=["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        )
    ),
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
secrets = st.sampled_from(
    [
        [],
        [{"name": "DB_PASSWORD", "secrets_manager": "shop/db-password"}],
        [{"name": "DB_PASSWORD", "secrets_manager": "shop/db", "key": "password"}],
        [
            {"name": "FLAGS", "parameter": "/shop/flags"},
            {
                "name": "TOKEN",
                "secrets_manager": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf",
            },
        ],
    ]
)
health_check = always(
    command="curl -f http://localhost:8080/health || exit 1",
    interval_seconds=st.integers(5, 300),
    timeout_seconds=st.integers(2, 60),
    retries=st.integers(1, 10),
    start_period_seconds=st.integers(0, 300),
)
own_sidecar = always(
    name="helper",
    image="public.ecr.aws/docker/library/busybox:1.37",
    command=st.sampled_from([[], ["sleep", "3600"]]),
    memory_mib=st.integers(16, 128),
    essential=st.booleans(),
    read_only_root_filesystem=st.booleans(),
)
sidecars = st.builds(
    lambda known, own: [*known, *own],
    st.lists(st.sampled_from(["xray", "otel", "fluent_bit", "cloudwatch_agent"]), unique=True, max_size=2),
    st.lists(own_sidecar, max_size=1),
)
permissions = st.lists(
    always(
        effect=st.sampled_from(["allow", "deny"]),
        actions=["s3:GetObject"],
        resources=["arn:aws:s3:::shop-uploads/*"],
        conditions=st.sampled_from(
            [[], [{"test": "StringEquals", "variable": "aws:RequestedRegion", "values": ["us-east-1"]}]]
        ),
    ),
    max_size=1,
)
volumes = st.lists(
    always(
        name="uploads",
        mount_path="/var/uploads",
        read_only=st.booleans(),
        efs=st.sampled_from(
            [
                {"file_system_id": "fs-0123456789abcdef0"},
                {
                    "file_system_id": "fs-0123456789abcdef0",
                    "access_point_id": "fsap-0123456789abcdef0",
                },
            ]
        ),
    ),
    max_size=1,
)


@dataclass(frozen=True)
class Setting:
    """What the parts of one document must agree on."""

    orchestrator: str
    mesh_kind: str
    has_alarms_watched: bool = True
    delivery: str = "argo_rollouts"


@st.composite
def replicas(draw: st.DrawFn) -> Document:
    """Ordered bounds."""
    low, middle, high = sorted((draw(st.integers(0, 20)), draw(st.integers(1, 20)), draw(st.integers(1, 20))))
    return {"min": low, "desired": middle, "max": high}


@st.composite
def scaling(draw: st.DrawFn, is_public: bool) -> Document:
    """At least one thing to follow."""
    optional: dict[str, st.SearchStrategy[object]] = {
        "memory_percent": st.integers(1, 100),
        "scale_in_cooldown_seconds": st.integers(0, 3600),
        "schedule": st.lists(
            always(cron=st.sampled_from(CRONS), min=0, max=st.integers(0, 5), timezone="Europe/Berlin"),
            max_size=2,
        ),
    }
    if is_public:
        optional["requests_per_target"] = st.integers(1, 5000)
    return {"cpu_percent": draw(st.integers(1, 100)), **draw(maybe(**optional))}


def strategies_of(setting: Setting) -> list[str]:
    """The strategies that shift traffic under a mesh and a way of delivery."""
    if setting.orchestrator == "ecs" and setting.mesh_kind == "app_mesh":
        return ["canary"]
    if setting.delivery == "none":
        return ["blue_green", "canary"]
    if setting.delivery == "flagger" and setting.mesh_kind == "none":
        return ["blue_green"]
    return ["blue_green", "canary", "linear"]


@st.composite
def rollout(draw: st.DrawFn, setting: Setting, is_shifting: bool) -> Document:
    """A strategy with settings of its own."""
    document: Document = {"circuit_breaker": draw(maybe(enabled=st.booleans(), rollback=st.booleans()))}
    if setting.has_alarms_watched:
        alarms = ["http_5xx", "latency_p95", "cpu", "memory", "unhealthy_hosts"]
        document["rollback_alarms"] = draw(st.lists(st.sampled_from(alarms), unique=True, max_size=2))
    if not is_shifting:
        return document
    strategy = draw(st.sampled_from(strategies_of(setting)))
    document["strategy"] = strategy
    document["bake_minutes"] = draw(st.integers(0, 60))
    if strategy == "canary":
        document["canary_percent"] = draw(st.integers(1, 99))
        document["canary_bake_minutes"] = draw(st.integers(0, 60))
    if strategy == "linear":
        document["linear_percent"] = draw(st.integers(3, 99))
        document["linear_bake_minutes"] = draw(st.integers(0, 60))
    if setting.orchestrator == "ecs" and setting.mesh_kind != "app_mesh":
        hook = always(function_arn=FUNCTION, stages=["POST_TEST_TRAFFIC_SHIFT"])
        document["hooks"] = draw(st.lists(hook, max_size=1))
    return document


@st.composite
def workload(draw: st.DrawFn, setting: Setting, name: str, is_callable: bool, others: list[str]) -> Document:
    """One workload; `others` have ports and roll by themselves, so that they can be called."""
    is_public = is_callable and draw(st.booleans())
    size = draw(st.sampled_from([size for size in FARGATE_SIZES if size.cpu_units <= 4096]))
    document: Document = {
        "name": name,
        "image": draw(
            st.sampled_from(["public.ecr.aws/nginx/nginx:1.27", {"repository": "app", "tag": "v1.0.0"}])
        ),
        "cpu_units": size.cpu_units,
        "memory_mib": size.memory_mib,
        "secrets": draw(secrets),
        "sidecars": draw(sidecars),
        "permissions": draw(permissions),
        "replicas": draw(replicas()),
        "volumes": draw(volumes),
        "exec": draw(st.booleans()),
        **draw(
            maybe(
                command=st.just(["serve", "--verbose"]),
                entry_point=st.just(["/usr/bin/tini", "--"]),
                health_check=health_check,
                scaling=scaling(is_public=is_public),
                ephemeral_storage_gib=st.integers(20, 200),
                stop_timeout_seconds=st.integers(2, 120),
                user=st.sampled_from(["1000", "1000:2000"]),
                writable_paths=st.sampled_from([[], ["/var/tmp/app"]]),  # noqa: S108 -- a mount point
            )
        ),
    }
    if is_callable:
        document["ports"] = [{"name": "http", "port": draw(st.sampled_from([80, 8080, 3000]))}]
        document["allow_from"] = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    if is_public:
        document["public"] = {"path": f"/{name}/*", **draw(exposure)}
    if others and draw(st.booleans()):
        document["env"] = {"PEER_URL": f"http://${{workloads.{draw(st.sampled_from(others))}.host}}:8080"}
    shifts = is_public and name not in others and draw(st.booleans())
    document["rollout"] = draw(rollout(setting, is_shifting=shifts))
    return document


exposure = maybe(
    host=st.sampled_from(["shop.example.com", "*.example.com"]),
    certificate_arn=st.just(CERTIFICATE),
    health_path=st.just("/health"),
    stickiness_seconds=st.integers(1, 604800),
    health_check_grace_period_seconds=st.integers(0, 3600),
    deregistration_delay_seconds=st.integers(0, 3600),
    slow_start_seconds=st.integers(30, 900),
)


@st.composite
def workloads(draw: st.DrawFn, setting: Setting) -> list[Document]:
    """One to four workloads that may call each other."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=4))
    callable_count = draw(st.integers(0, len(names)))
    called = names[: draw(st.integers(0, callable_count))]
    return [
        draw(workload(setting, name, position < callable_count, called))
        for position, name in enumerate(names)
    ]


@st.composite
def shared(draw: st.DrawFn, setting: Setting) -> Document:
    """What both orchestrators have."""
    environment_class = draw(st.sampled_from(["ephemeral", "standard", "production"]))
    return {
        "name": draw(st.sampled_from(["shop", "a-very-long-environment-name"])),
        "team": draw(st.sampled_from(["storefront", "payments"])),
        "class": environment_class,
        "orchestrator": setting.orchestrator,
        "registry": {"repositories": ["app"], "pull_accounts": draw(st.sampled_from([[], ["222222222222"]]))},
        "workloads": draw(workloads(setting)),
        **draw(
            maybe(
                network=network,
                load_balancer=load_balancer,
                observability=observability[setting.orchestrator],
                protected=st.booleans(),
                ttl=st.sampled_from(["P3D", "PT12H"]),
                tags=st.just({"cost-center": "1234"}),
            )
        ),
    }


app_mesh = maybe(
    mtls=always(certificate_authority_arn=AUTHORITY),
    gateway=st.booleans(),
    timeout_seconds=st.integers(1, 60),
    retries=always(max=st.integers(0, 5)),
    outlier_detection=always(max_server_errors=st.integers(1, 10)),
    connection_pool=always(max_connections=st.integers(1, 1000)),
)
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
    setting = Setting("ecs", draw(st.sampled_from(["none", "service_connect", "app_mesh"])))
    knobs = {"none": st.just({}), "service_connect": service_connect, "app_mesh": app_mesh}[setting.mesh_kind]
    return {
        **draw(shared(setting)),
        "mesh": {"kind": setting.mesh_kind, **draw(knobs)},
        **draw(
            maybe(
                capacity=capacity,
                cluster=maybe(
                    container_insights=st.sampled_from(["enabled", "enhanced", "disabled"]),
                    exec=maybe(encrypt=st.booleans(), log_retention_days=st.sampled_from([1, 30])),
                ),
            )
        ),
    }


node_group = always(
    instance_types=st.sampled_from([["m6i.large"], ["m6i.large", "m5.large"]]),
    capacity_type=st.sampled_from(["on_demand", "spot"]),
    min=st.integers(0, 2),
    desired=2,
    max=st.integers(2, 9),
    disk_gib=st.integers(20, 100),
    labels=st.sampled_from([{}, {"workload": "general"}]),
    node_repair=st.booleans(),
)
tainted_group = always(
    instance_types=["g4dn.xlarge"],
    ami_type=st.sampled_from(["AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA"]),
    min=0,
    desired=0,
    max=2,
    taints=[{"key": "nvidia.com/gpu", "value": "true"}],
)
access = st.sampled_from(
    [
        [],
        [{"principal_arn": "arn:aws:iam::123456789012:role/Admin", "policy": "cluster_admin"}],
        [
            {"principal_arn": "arn:aws:iam::123456789012:role/Dev", "policy": "edit", "namespaces": ["api"]},
            {"principal_arn": "arn:aws:iam::123456789012:user/ci", "username": "ci", "groups": ["deployers"]},
        ],
    ]
)
addons = st.sampled_from(
    [
        {"coredns": {}, "kube-proxy": {}, "vpc-cni": {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}},
        {"vpc-cni": {"before_compute": True}, "aws-ebs-csi-driver": {}, "snapshot-controller": {}},
        {"metrics-server": {}, "coredns": {"version": "v1.12.3-eksbuild.1", "values": {"replicaCount": 2}}},
    ]
)


@st.composite
def compute(draw: st.DrawFn) -> Document:
    """Nodes of some kind, for every workload."""
    if draw(st.booleans()) and draw(st.booleans()):
        return {"auto_mode": True, "node_groups": {}}
    document: Document = {"node_groups": {"general": draw(node_group)}}
    if draw(st.booleans()):
        document["node_groups"] = {"general": draw(node_group), "gpu": draw(tainted_group)}
    document["autoscaler"] = draw(st.sampled_from(["none", "cluster_autoscaler", "karpenter"]))
    document["fargate_profiles"] = draw(
        st.sampled_from([{}, {"batch": {"selectors": [{"namespace": "jobs"}, {"namespace": "batch"}]}}])
    )
    return document


@st.composite
def eks_documents(draw: st.DrawFn) -> Document:
    """Documents of environments on EKS."""
    delivery = draw(st.sampled_from(["none", "argo_rollouts", "flagger"]))
    kind = draw(st.sampled_from(["none", "vpc_lattice", "app_mesh"]))
    setting = Setting("eks", kind, has_alarms_watched=delivery != "none", delivery=delivery)
    knobs = {"none": st.just({}), "vpc_lattice": maybe(tls=st.booleans()), "app_mesh": app_mesh}[kind]
    cluster = {
        "delivery": delivery,
        "endpoint": {"public_cidrs": ["203.0.113.0/24"], "private": draw(st.booleans())},
        **draw(compute()),
        **draw(
            maybe(
                version=st.sampled_from(["1.33", "1.34"]),
                upgrade_policy=st.sampled_from(["standard", "extended"]),
                encrypt_secrets=st.booleans(),
                log_types=st.sampled_from([[], ["api"], ["api", "audit", "scheduler"]]),
                addons=addons,
                access=access,
                telemetry=st.sampled_from(["none", "cloudwatch_agent", "adot"]),
                log_forwarding=st.booleans(),
                external_dns_zones=st.just(["example.com"]),
                quota=always(cpu_units=65536, memory_mib=131072, pods=100),
            )
        ),
    }
    return {**draw(shared(setting)), "cluster": cluster, "mesh": {"kind": kind, **draw(knobs)}}


def _parse_ecs(document: Document) -> EcsEnvironment:
    request = parse_request(document)
    assert isinstance(request, EcsEnvironment)
    return request


def _parse_eks(document: Document) -> EksEnvironment:
    request = parse_request(document)
    assert isinstance(request, EksEnvironment)
    return request


def ecs_requests() -> st.SearchStrategy[EcsEnvironment]:
    """Valid requests for ECS."""
    return ecs_documents().map(_parse_ecs)


def eks_requests() -> st.SearchStrategy[EksEnvironment]:
    """Valid requests for EKS."""
    return eks_documents().map(_parse_eks)
