"""Requests refused on ECS: each refusal says where, and what to write instead."""

from tests.programs.request.refusals import (
    API,
    ECS,
    EKS,
    WEB,
    Refusal,
    assert_refused,
    eks_web,
    private,
    refusals,
    web,
)
from tests.programs.strategies.arns import AUTHORITY, FUNCTION

CAPACITY: list[Refusal] = [
    ("fargate pair", web(memory_mib=600), ("workloads", 0, "memory_mib"), "256/1024"),
    ("fargate cpu", web(cpu_units=300, memory_mib=512), ("workloads", 0, "memory_mib"), "512/1024"),
    (
        "fargate ulimit",
        web(ulimits=[{"name": "nproc", "soft": 1, "hard": 2}]),
        ("workloads", 0, "ulimits", 0, "name"),
        "`nofile`",
    ),
    (
        "soft above hard",
        web(ulimits=[{"name": "nofile", "soft": 3, "hard": 2}]),
        ("workloads", 0, "ulimits", 0),
        "raise `hard`",
    ),
    ("weights zero", {**ECS, "capacity": {"fargate": {"weight": 0}}}, ("capacity",), "no weight is above 0"),
    ("capacity empty", {**ECS, "capacity": {}}, ("capacity",), "no weight is above 0"),
    (
        "spot beside ec2 alone",
        {**ECS, "capacity": {"fargate_spot": {"weight": 1}, "ec2": {"weight": 1}}},
        ("capacity", "fargate_spot"),
        "give `fargate` a weight",
    ),
    (
        "base on Fargate without a weight",
        {**ECS, "capacity": {"fargate": {"base": 1, "weight": 0}, "ec2": {"weight": 1}}},
        ("capacity", "fargate", "base"),
        "give `fargate` a weight",
    ),
    (
        "gpu family",
        {**ECS, "capacity": {"ec2": {"gpu": True, "instance_types": ["m5.large"]}}},
        ("capacity", "ec2", "instance_types", 0),
        "g5.xlarge",
    ),
    (
        "gpu beside a Graviton processor",
        {**ECS, "capacity": {"ec2": {"gpu": True, "instance_types": ["g5g.xlarge"]}}},
        ("capacity", "ec2", "instance_types", 0),
        "g5.xlarge",
    ),
    (
        "mixed processors",
        {**ECS, "capacity": {"ec2": {"instance_types": ["m5.large", "m6g.large"]}}},
        ("capacity", "ec2", "instance_types", 1),
        "another processor",
    ),
    (
        "processor of ec2",
        {**web(architecture="arm64"), "capacity": {"ec2": {"instance_types": ["m5.large"]}}},
        ("workloads", 0, "architecture"),
        "x86_64",
    ),
    (
        "scratch space on instances",
        {**web(ephemeral_storage_gib=50), "capacity": {"ec2": {"weight": 1}, "fargate": {"weight": 1}}},
        ("workloads", 0, "ephemeral_storage_gib"),
        "disk_gib",
    ),
    (
        "alias of a sidecar's port",
        web(sidecars=[{"name": "db", "image": "db:1", "ports": [{"port": 81, "alias": "db"}]}]),
        ("workloads", 0, "sidecars", 0, "ports", 0, "alias"),
        "leave it out",
    ),
    ("gpu on fargate", web(gpus=1), ("workloads", 0, "gpus"), "only EC2"),
    (
        "greedy sidecars",
        web(sidecars=[{"name": "db", "image": "db:1", "memory_mib": 512, "cpu_units": 10}]),
        ("workloads", 0, "memory_mib"),
        "write more",
    ),
    (
        "exec on a read-only root",
        web(exec=True, read_only_root_filesystem=True),
        ("workloads", 0, "read_only_root_filesystem"),
        "write false",
    ),
]

ROLLOUTS: list[Refusal] = [
    (
        "blue/green in private",
        private(rollout={"strategy": "blue_green"}),
        ("workloads", 0, "rollout", "strategy"),
        "`strategy: rolling`",
    ),
    (
        "canary setting under rolling",
        web(rollout={"canary_percent": 20}),
        ("workloads", 0, "rollout", "canary_percent"),
        "strategy: canary",
    ),
    (
        "steps on ECS",
        web(rollout={"strategy": "canary", "steps": [{"weight": 10}]}),
        ("workloads", 0, "rollout", "steps"),
        "belongs to EKS",
    ),
    (
        "falling steps",
        eks_web(rollout={"strategy": "canary", "steps": [{"weight": 10}, {"weight": 10}]}),
        ("workloads", 0, "rollout", "steps", 1, "weight"),
        "rising",
    ),
    *(
        (
            f"steps and {name}",
            eks_web(rollout={"strategy": "canary", "steps": [{"weight": 10}], name: 20}),
            ("workloads", 0, "rollout", name),
            "`steps` take its place",
        )
        for name in ("canary_percent", "canary_bake_minutes")
    ),
    (
        "one copy that can neither stop nor have another beside it",
        web(rollout={"maximum_percent": 150}),
        ("workloads", 0, "rollout", "maximum_percent"),
        "maximum_percent: 200",
    ),
    (
        "one copy of two, on instances",
        {
            **private(
                replicas={"desired": 2, "max": 2},
                rollout={"minimum_healthy_percent": 50, "maximum_percent": 100},
            ),
            "capacity": {"fargate": {"weight": 1}, "ec2": {"weight": 1}},
        },
        ("workloads", 0, "rollout", "maximum_percent"),
        "with a service of 1,",
    ),
    (
        "CodeDeploy rolling",
        web(rollout={"controller": "codedeploy"}),
        ("workloads", 0, "rollout", "controller"),
        "no rolling",
    ),
    (
        "CodeDeploy percent",
        web(rollout={"controller": "codedeploy", "strategy": "canary", "canary_percent": 30}),
        ("workloads", 0, "rollout", "canary_percent"),
        "ECSCanary10Percent5Minutes",
    ),
    (
        "CodeDeploy with Service Connect",
        {
            **web(rollout={"controller": "codedeploy", "strategy": "blue_green"}),
            "mesh": {"kind": "service_connect"},
        },
        ("workloads", 0, "rollout", "controller"),
        "`controller: ecs`",
    ),
    (
        "hooks under rolling",
        web(rollout={"hooks": [{"function_arn": FUNCTION, "stages": ["PRE_SCALE_UP"]}]}),
        ("workloads", 0, "rollout", "hooks"),
        "means nothing",
    ),
    (
        "alarm of a load balancer that is not there",
        private(rollout={"rollback_alarms": ["cpu", "latency_p95"]}),
        ("workloads", 0, "rollout", "rollback_alarms", 1),
        "`public: {}`",
    ),
    (
        "test port under rolling",
        web(public={"test_port": 8443}),
        ("workloads", 0, "public", "test_port"),
        "blue_green",
    ),
    (
        "host of a shifting workload",
        {
            **ECS,
            "workloads": [
                {**WEB, "rollout": {"strategy": "canary"}},
                {**API, "env": {"U": "${workloads.web.host}"}},
            ],
        },
        ("workloads", 1, "env", "U"),
        "service_connect",
    ),
    (
        "host of a shifting workload in a sidecar's settings",
        {
            **ECS,
            "workloads": [
                {**WEB, "rollout": {"strategy": "canary"}},
                {
                    **API,
                    "sidecars": [{"name": "poll", "image": "poll:1", "env": {"U": "${workloads.web.host}"}}],
                },
            ],
        },
        ("workloads", 1, "sidecars", 0, "env", "U"),
        "service_connect",
    ),
]

MESHES: list[Refusal] = [
    ("lattice on ECS", {**ECS, "mesh": {"kind": "vpc_lattice"}}, ("mesh", "kind"), "service_connect"),
    ("service connect on EKS", {**EKS, "mesh": {"kind": "service_connect"}}, ("mesh", "kind"), "vpc_lattice"),
    (
        "App Mesh settings with Service Connect",
        {**ECS, "mesh": {"kind": "service_connect", "mtls": {"certificate_authority_arn": AUTHORITY}}},
        ("mesh", "mtls"),
        "kind: app_mesh",
    ),
    (
        "a gateway of Lattice",
        {**EKS, "mesh": {"kind": "vpc_lattice", "gateway": True}},
        ("mesh", "gateway"),
        "`public`",
    ),
    (
        "a gateway of App Mesh on EKS",
        {**EKS, "mesh": {"kind": "app_mesh", "gateway": True}},
        ("mesh", "gateway"),
        "`public`",
    ),
    ("settings without mesh", {**ECS, "mesh": {"tls": True}}, ("mesh", "tls"), "kind: service_connect"),
    (
        "blue/green with App Mesh",
        {**web(rollout={"strategy": "blue_green"}), "mesh": {"kind": "app_mesh"}},
        ("workloads", 0, "rollout", "strategy"),
        "canary",
    ),
]


@refusals(CAPACITY)
def test_capacity_that_cannot_run_it(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """What neither Fargate nor the instances can run is refused, saying what they can."""
    assert_refused(document, place, fragment)


@refusals(ROLLOUTS)
def test_rollouts_that_ecs_has_not(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """What ECS or CodeDeploy does not roll out is refused, saying what they do."""
    assert_refused(document, place, fragment)


@refusals(MESHES)
def test_meshes_that_are_not_there(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """Settings of another mesh are refused, naming the mesh to write."""
    assert_refused(document, place, fragment)
