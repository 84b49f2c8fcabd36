"""Requests refused on EKS: each refusal says where, and what to write instead."""

from tests.programs.request.refusals import (
    API,
    EKS,
    Refusal,
    assert_refused,
    cluster,
    eks_web,
    group,
    refusals,
    web,
)

ON_EKS: list[Refusal] = [
    (
        "AL2",
        group(ami_type="AL2_x86_64"),
        ("cluster", "node_groups", "general", "ami_type"),
        "AL2023_x86_64_STANDARD",
    ),
    (
        "AL2 GPU",
        group(ami_type="AL2_x86_64_GPU"),
        ("cluster", "node_groups", "general", "ami_type"),
        "NVIDIA",
    ),
    (
        "AL2 arm",
        group(ami_type="AL2_ARM_64"),
        ("cluster", "node_groups", "general", "ami_type"),
        "AL2023_ARM_64",
    ),
    (
        "unknown AMI",
        group(ami_type="UBUNTU"),
        ("cluster", "node_groups", "general", "ami_type"),
        "write one of",
    ),
    (
        "AMI of another processor",
        group(ami_type="BOTTLEROCKET_ARM_64"),
        ("cluster", "node_groups", "general", "ami_type"),
        "x86_64",
    ),
    ("no nodes", cluster(node_groups={}), ("cluster", "node_groups"), "auto_mode"),
    ("nodes out of order", group(min=5, desired=1), ("cluster", "node_groups", "general"), "min <= "),
    ("only tainted nodes", group(taints=[{"key": "spot"}]), ("workloads", 0, "architecture"), "untainted"),
    ("arm pods, x86 nodes", eks_web(architecture="arm64"), ("workloads", 0, "architecture"), "arm64"),
    ("pods with GPUs", eks_web(gpus=1), ("workloads", 0, "gpus"), "g5.xlarge"),
    (
        "GPUs without their driver",
        {
            **eks_web(gpus=1),
            "cluster": {
                "node_groups": {"gpu": {"instance_types": ["g5.xlarge"], "ami_type": "BOTTLEROCKET_x86_64"}}
            },
        },
        ("workloads", 0, "gpus"),
        "without `ami_type`",
    ),
    (
        "autoscaler in Auto Mode",
        cluster(auto_mode=True, autoscaler="karpenter"),
        ("cluster", "autoscaler"),
        "none",
    ),
    (
        "no controller",
        cluster(load_balancer_controller=False),
        ("workloads", 0, "public"),
        "load_balancer_controller",
    ),
    (
        "open API in production",
        {**EKS, "class": "production"},
        ("cluster", "endpoint", "public_cidrs"),
        "public: false",
    ),
    (
        "unreachable API",
        cluster(endpoint={"public": False, "private": False}),
        ("cluster", "endpoint"),
        "nobody",
    ),
    (
        "access without a right",
        cluster(access=[{"principal_arn": "arn:aws:iam::123456789012:role/A"}]),
        ("cluster", "access", 0),
        "either `policy`",
    ),
    ("version as number", cluster(version=1.34), ("cluster", "version"), "valid string"),
    (
        "unmeasured CPU",
        {**eks_web(scaling={"cpu_percent": 50}), "cluster": {"metrics_server": False}},
        ("workloads", 0, "scaling"),
        "metrics_server",
    ),
    (
        "requests without adapter",
        {**eks_web(scaling={"requests_per_target": 50}), "cluster": {"metrics_adapter": "none"}},
        ("workloads", 0, "scaling", "requests_per_target"),
        "keda",
    ),
    (
        "unwatched alarms",
        eks_web(rollout={"rollback_alarms": ["http_5xx"]}),
        ("workloads", 0, "rollout", "rollback_alarms"),
        "argo_rollouts",
    ),
    (
        "alarms of a rolling Deployment",
        {**eks_web(rollout={"rollback_alarms": ["http_5xx"]}), "cluster": {"delivery": "argo_rollouts"}},
        ("workloads", 0, "rollout", "rollback_alarms"),
        "strategy: blue_green",
    ),
    (
        "unmeasured rollback alarm",
        {
            **eks_web(rollout={"strategy": "canary", "rollback_alarms": ["http_5xx", "cpu"]}),
            "cluster": {"delivery": "argo_rollouts", "telemetry": "adot"},
        },
        ("workloads", 0, "rollout", "rollback_alarms", 1),
        "`cluster: {telemetry: cloudwatch_agent}`",
    ),
    (
        "alarms on EKS",
        {**EKS, "observability": {"alarms": True}},
        ("observability", "alarms"),
        "dashboard: true",
    ),
    (
        "recipients of no alarms",
        {**EKS, "observability": {"alarm_emails": ["oncall@example.com"]}},
        ("observability", "alarm_emails"),
        "leave it out",
    ),
    (
        "a dashboard of nothing",
        {**EKS, "workloads": [API], "observability": {"dashboard": True}},
        ("observability", "dashboard"),
        "cloudwatch_agent",
    ),
    (
        "CodeDeploy on EKS",
        eks_web(rollout={"strategy": "blue_green", "controller": "codedeploy"}),
        ("workloads", 0, "rollout", "controller"),
        "cluster.delivery",
    ),
    (
        "Flagger without a mesh",
        {**eks_web(rollout={"strategy": "canary"}), "cluster": {"delivery": "flagger"}},
        ("workloads", 0, "rollout", "strategy"),
        "argo_rollouts",
    ),
    (
        "Flagger on App Mesh",
        {**EKS, "cluster": {"delivery": "flagger"}, "mesh": {"kind": "app_mesh"}},
        ("cluster", "delivery"),
        "vpc_lattice",
    ),
    (
        "steps that nobody moves",
        eks_web(rollout={"strategy": "linear"}),
        ("workloads", 0, "rollout", "strategy"),
        "argo_rollouts",
    ),
    (
        "no room for the Deployments of two versions",
        eks_web(rollout={"strategy": "canary", "stable_image": "nginx:1.26", "maximum_percent": 100}),
        ("workloads", 0, "rollout", "maximum_percent"),
        "leaves no room",
    ),
    (
        "no room for Argo's canary",
        {
            **eks_web(rollout={"strategy": "linear", "maximum_percent": 100}),
            "cluster": {"delivery": "argo_rollouts"},
        },
        ("workloads", 0, "rollout", "maximum_percent"),
        "leaves no room",
    ),
    (
        "a bake time after Flagger's last step",
        {
            **eks_web(rollout={"strategy": "linear", "bake_minutes": 15}),
            "cluster": {"delivery": "flagger"},
            "mesh": {"kind": "vpc_lattice"},
        },
        ("workloads", 0, "rollout", "bake_minutes"),
        "`linear_bake_minutes`",
    ),
    (
        "a schedule that Flagger's copies do not hear of",
        {
            **eks_web(
                rollout={"strategy": "blue_green"},
                scaling={"cpu_percent": 50, "schedule": [{"cron": "0 6 * * ? *", "min": 1, "max": 1}]},
            ),
            "cluster": {"delivery": "flagger"},
        },
        ("workloads", 0, "scaling", "schedule"),
        "delivery: argo_rollouts",
    ),
    (
        "stable image beside a controller",
        {
            **eks_web(rollout={"strategy": "canary", "stable_image": "nginx:1.26"}),
            "cluster": {"delivery": "argo_rollouts"},
        },
        ("workloads", 0, "rollout", "stable_image"),
        "leave it out",
    ),
    (
        "stable image on ECS",
        web(rollout={"strategy": "canary", "stable_image": "nginx:1.26"}),
        ("workloads", 0, "rollout", "stable_image"),
        "belongs to EKS",
    ),
    (
        "a schedule Kubernetes has no words for",
        eks_web(scaling={"schedule": [{"cron": "0 6 L * ? *", "min": 1, "max": 1}]}),
        ("workloads", 0, "scaling", "schedule", 0, "cron"),
        "plain days",
    ),
    (
        "a cooldown longer than Kubernetes remembers",
        eks_web(scaling={"cpu_percent": 50, "scale_out_cooldown_seconds": 1801}),
        ("workloads", 0, "scaling", "scale_out_cooldown_seconds"),
        "1800 seconds at most",
    ),
    (
        "priorities that the controller cannot tell apart",
        {
            **EKS,
            "workloads": [
                {**API, "public": {"path": "/a", "priority": 10}},
                {**API, "name": "shop", "public": {"path": "/b", "priority": 20}},
            ],
        },
        ("workloads", 1, "public", "priority"),
        "20 and 10 of workload `api`",
    ),
    ("root", eks_web(user="0"), ("workloads", 0, "user"), "10001"),
    (
        "ulimits on EKS",
        eks_web(ulimits=[{"name": "nofile", "soft": 1, "hard": 1}]),
        ("workloads", 0, "ulimits"),
        "no such",
    ),
    (
        "an alias on EKS",
        eks_web(ports=[{"port": 80, "alias": "shop"}]),
        ("workloads", 0, "ports", 0, "alias"),
        "${workloads.web.host}",
    ),
    (
        "a grace period on EKS",
        eks_web(public={"health_check_grace_period_seconds": 90}),
        ("workloads", 0, "public", "health_check_grace_period_seconds"),
        "start_period_seconds",
    ),
    (
        "an essential sidecar on EKS",
        eks_web(sidecars=[{"name": "db", "image": "db:1", "essential": True}]),
        ("workloads", 0, "sidecars", 0, "essential"),
        "starts a sidecar",
    ),
    (
        "a sidecar that starts after its workload",
        eks_web(sidecars=[{"name": "warm", "image": "warm:1", "depends_on": {"container": "web"}}]),
        ("workloads", 0, "sidecars", 0, "depends_on", 0, "container"),
        "before `web`",
    ),
    ("reserved namespace", eks_web(name="kube-system"), ("workloads", 0, "name"), "taken"),
    ("a controller's namespace", eks_web(name="appmesh-system"), ("workloads", 0, "name"), "taken"),
]


@refusals(ON_EKS)
def test_what_eks_cannot_do(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """What cluster, nodes and controllers cannot do is refused at its place, saying what to write."""
    assert_refused(document, place, fragment)
