"""Requests that are refused: each says where and what to write instead."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from programs.facts import Cloud
from programs.request import parse_request
from programs.request.rules.meshes import cloud_problems
from tests.programs.requests_strategies import AUTHORITY, CERTIFICATE, FUNCTION

WEB = {"name": "web", "image": "public.ecr.aws/nginx/nginx:1.27", "ports": [{"port": 80}], "public": {}}
API = {"name": "api", "image": "public.ecr.aws/nginx/nginx:1.27", "ports": [{"port": 80}]}
ECS = {"name": "hello", "team": "storefront", "orchestrator": "ecs", "workloads": [WEB]}
EKS = {**ECS, "orchestrator": "eks"}


def web(**changes: object) -> dict[str, object]:
    """An ECS request whose one workload has these changes."""
    return {**ECS, "workloads": [{**WEB, **changes}]}


def eks_web(**changes: object) -> dict[str, object]:
    """An EKS request whose one workload has these changes."""
    return {**EKS, "workloads": [{**WEB, **changes}]}


def private(**changes: object) -> dict[str, object]:
    """An ECS request whose one workload is private and has these changes."""
    return {**ECS, "workloads": [{**API, **changes}]}


def cluster(**settings: object) -> dict[str, object]:
    """An EKS request with this cluster."""
    return {**EKS, "cluster": settings}


def group(**settings: object) -> dict[str, object]:
    """An EKS request with one node group."""
    return cluster(node_groups={"general": settings})


NO_NAT = {"nat_gateways": "none"}
ENDPOINTS = ["ecr.api", "ecr.dkr", "s3", "logs"]

REFUSED: list[tuple[str, object, tuple[int | str, ...], str]] = [
    ("not a mapping", [1], (), "expected a mapping"),
    ("nothing", {}, ("orchestrator",), "write ecs or eks"),
    ("no team", {k: v for k, v in ECS.items() if k != "team"}, ("team",), "`team` is required"),
    ("unknown orchestrator", {**ECS, "orchestrator": "nomad"}, ("orchestrator",), "write ecs or eks"),
    ("unknown key", {**ECS, "clas": "standard"}, ("clas",), "did you mean `class`?"),
    ("unknown nested key", web(imag="x"), ("workloads", 0, "imag"), "did you mean `image`?"),
    ("number as text", web(cpu_units="256"), ("workloads", 0, "cpu_units"), "valid integer"),
    ("boolean as text", web(exec="yes"), ("workloads", 0, "exec"), "valid boolean"),
    ("no workloads", {**ECS, "workloads": []}, ("workloads",), "at least 1"),
    ("wrong class", {**ECS, "class": "prod"}, ("class",), "'ephemeral', 'standard' or 'production'"),
    ("name too short", {**ECS, "name": "x"}, ("name",), "at least 2"),
    ("name not a label", {**ECS, "name": "Hello_World"}, ("name",), "write for instance"),
    ("seconds as ttl", {**ECS, "ttl": 3600}, ("ttl",), "ISO 8601"),
    (
        "cidr too large",
        {**ECS, "network": {"cidr": "10.0.0.0/8"}},
        ("network", "cidr"),
        "between /16 and /24",
    ),
    ("cidr public", {**ECS, "network": {"cidr": "8.8.0.0/16"}}, ("network", "cidr"), "private"),
    ("five zones", {**ECS, "network": {"availability_zones": 5}}, ("network", "availability_zones"), "4"),
    ("reserved tag", {**ECS, "tags": {"aws:x": "1"}}, ("tags", "aws:x"), "reserved"),
    # images, settings, secrets
    ("image malformed", web(image="a b"), ("workloads", 0, "image"), "write for instance"),
    (
        "latest in production",
        {**web(image="nginx:latest"), "class": "production"},
        ("workloads", 0, "image"),
        "write a tag",
    ),
    (
        "no tag in production",
        {**web(image="registry.example.com:5000/nginx"), "class": "production"},
        ("workloads", 0, "image"),
        "write a tag",
    ),
    (
        "unknown repository",
        web(image={"repository": "web", "tag": "v1"}),
        ("workloads", 0, "image", "repository"),
        "registry.repositories",
    ),
    (
        "tag and digest",
        web(image={"repository": "web", "tag": "v1", "digest": "sha256:" + "0" * 64}),
        ("workloads", 0, "image"),
        "either `tag` or `digest`",
    ),
    ("credential", web(env={"DB_PASSWORD": "x"}), ("workloads", 0, "env", "DB_PASSWORD"), "`secrets`"),
    ("token", web(env={"github_token": "x"}), ("workloads", 0, "env", "github_token"), "`secrets`"),
    ("secret without source", web(secrets=[{"name": "A"}]), ("workloads", 0, "secrets", 0), "either"),
    (
        "key of a parameter",
        web(secrets=[{"name": "A", "parameter": "/a", "key": "b"}]),
        ("workloads", 0, "secrets", 0),
        "taken whole",
    ),
    (
        "setting and secret",
        web(env={"A": "1"}, secrets=[{"name": "A", "parameter": "/a"}]),
        ("workloads", 0, "secrets", 0, "name"),
        "in `env` as well",
    ),
    # references
    (
        "unknown host",
        web(env={"U": "http://${workloads.api.host}"}),
        ("workloads", 0, "env", "U"),
        "no workload `api`",
    ),
    (
        "misspelt reference",
        web(env={"U": "http://${workload.web.host}"}),
        ("workloads", 0, "env", "U"),
        "${workloads.NAME.host}",
    ),
    (
        "host without port",
        {**ECS, "workloads": [{**WEB, "env": {"U": "${workloads.api.host}"}}, {**API, "ports": []}]},
        ("workloads", 0, "env", "U"),
        "has no `ports`",
    ),
    ("unknown caller", web(allow_from=["jobs"]), ("workloads", 0, "allow_from", 0), "no workload `jobs`"),
    (
        "unknown container",
        web(depends_on={"container": "db", "condition": "START"}),
        ("workloads", 0, "depends_on", 0, "container"),
        "no container `db`",
    ),
    (
        "no health check to wait for",
        web(
            sidecars=[{"name": "db", "image": "db:1"}],
            depends_on={"container": "db", "condition": "HEALTHY"},
        ),
        ("workloads", 0, "depends_on", 0, "condition"),
        "has no `health_check`",
    ),
    (
        "circle",
        web(
            sidecars=[{"name": "db", "image": "db:1", "depends_on": {"container": "web"}}],
            depends_on={"container": "db"},
        ),
        ("workloads", 0, "depends_on"),
        "circle",
    ),
    # names and rules claimed twice
    ("same name", {**ECS, "workloads": [API, API]}, ("workloads", 1, "name"), "already at position 0"),
    (
        "same rule",
        {**ECS, "workloads": [WEB, {**API, "public": {}}]},
        ("workloads", 1, "public", "path"),
        "claimed by workload `web`",
    ),
    (
        "same priority",
        {
            **ECS,
            "workloads": [
                {**WEB, "public": {"priority": 5}},
                {**API, "public": {"path": "/a", "priority": 5}},
            ],
        },
        ("workloads", 1, "public", "priority"),
        "taken by workload `web`",
    ),
    (
        "same repository",
        {**ECS, "registry": {"repositories": ["a1", "a1"]}},
        ("registry", "repositories", 1),
        "already at position 0",
    ),
    ("same sidecar", web(sidecars=["xray", "xray"]), ("workloads", 0, "sidecars", 1), "is there already"),
    (
        "port name twice",
        web(ports=[{"port": 80}, {"port": 81}]),
        ("workloads", 0, "ports", 1, "name"),
        "already at position 0",
    ),
    (
        "port of a sidecar",
        web(sidecars=[{"name": "db", "image": "db:1", "ports": [{"port": 80}]}]),
        ("workloads", 0, "sidecars", 0, "ports", 0, "port"),
        "is taken",
    ),
    # exposure
    ("public without port", web(ports=[]), ("workloads", 0, "public"), "needs a port"),
    (
        "public tcp",
        web(ports=[{"port": 80, "protocol": "tcp"}]),
        ("workloads", 0, "ports", 0, "protocol"),
        "cannot carry tcp",
    ),
    (
        "grpc without certificate",
        web(ports=[{"port": 80, "protocol": "grpc"}]),
        ("workloads", 0, "public", "certificate_arn"),
        "HTTPS",
    ),
    (
        "requests in private",
        private(scaling={"requests_per_target": 10}),
        ("workloads", 0, "scaling", "requests_per_target"),
        "only the load balancer counts",
    ),
    # replicas and scaling
    (
        "out of order",
        web(replicas={"min": 5, "max": 2, "desired": 5}),
        ("workloads", 0, "replicas"),
        "min <= ",
    ),
    ("follows nothing", web(scaling={}), ("workloads", 0, "scaling"), "follows nothing"),
    (
        "cron of five fields",
        web(scaling={"schedule": [{"cron": "0 20 * * *", "min": 0, "max": 0}]}),
        ("workloads", 0, "scaling", "schedule", 0, "cron"),
        "six fields",
    ),
    (
        "cron without question mark",
        web(scaling={"schedule": [{"cron": "0 20 * * * *", "min": 0, "max": 0}]}),
        ("workloads", 0, "scaling", "schedule", 0, "cron"),
        "`?`",
    ),
    # network without a way out
    ("no nat", {**ECS, "network": NO_NAT}, ("network", "endpoints"), "ecr.api, ecr.dkr, s3, logs"),
    (
        "no nat, public image",
        {**ECS, "network": {**NO_NAT, "endpoints": ENDPOINTS}},
        ("workloads", 0, "image"),
        "needs a NAT gateway",
    ),
    (
        "no nat, exec",
        {**web(exec=True), "network": {**NO_NAT, "endpoints": ENDPOINTS}},
        ("network", "endpoints"),
        "ssmmessages",
    ),
    (
        "no nat, secrets",
        {**web(secrets=[{"name": "A", "parameter": "/a"}]), "network": {**NO_NAT, "endpoints": ENDPOINTS}},
        ("network", "endpoints"),
        "ssm",
    ),
    (
        "no nat on EKS",
        {**EKS, "network": {**NO_NAT, "endpoints": ENDPOINTS}},
        ("network", "endpoints"),
        "eks",
    ),
    # Fargate and capacity
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
        "gpu family",
        {**ECS, "capacity": {"ec2": {"gpu": True, "instance_types": ["m5.large"]}}},
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
    # rollouts on ECS
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
    # meshes
    ("lattice on ECS", {**ECS, "mesh": {"kind": "vpc_lattice"}}, ("mesh", "kind"), "service_connect"),
    ("service connect on EKS", {**EKS, "mesh": {"kind": "service_connect"}}, ("mesh", "kind"), "vpc_lattice"),
    (
        "App Mesh settings with Service Connect",
        {**ECS, "mesh": {"kind": "service_connect", "mtls": {"certificate_authority_arn": AUTHORITY}}},
        ("mesh", "mtls"),
        "kind: app_mesh",
    ),
    ("settings without mesh", {**ECS, "mesh": {"tls": True}}, ("mesh", "tls"), "kind: service_connect"),
    (
        "blue/green with App Mesh",
        {**web(rollout={"strategy": "blue_green"}), "mesh": {"kind": "app_mesh"}},
        ("workloads", 0, "rollout", "strategy"),
        "canary",
    ),
    # Express Mode
    (
        "express with a sidecar",
        {**web(sidecars=["xray"]), "cluster": {"express": True}},
        ("workloads", 0, "sidecars"),
        "Express Mode cannot carry",
    ),
    (
        "express with a certificate",
        {**web(public={"certificate_arn": CERTIFICATE}), "cluster": {"express": True}},
        ("workloads", 0, "public", "certificate_arn"),
        "brings its own",
    ),
    (
        "express with blue/green",
        {**web(rollout={"strategy": "blue_green"}), "cluster": {"express": True}},
        ("workloads", 0, "rollout", "strategy"),
        "Express Mode",
    ),
    # EKS
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
        "steps that nobody moves",
        eks_web(rollout={"strategy": "linear"}),
        ("workloads", 0, "rollout", "strategy"),
        "argo_rollouts",
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
    ("root", eks_web(user="0"), ("workloads", 0, "user"), "10001"),
    (
        "ulimits on EKS",
        eks_web(ulimits=[{"name": "nofile", "soft": 1, "hard": 1}]),
        ("workloads", 0, "ulimits"),
        "no such",
    ),
    ("reserved namespace", eks_web(name="kube-system"), ("workloads", 0, "name"), "taken"),
]


def errors_of(document: object) -> dict[tuple[int | str, ...], str]:
    """The messages of a refused document, by place."""
    with pytest.raises(ValidationError) as refused:
        parse_request(document)
    return {error["loc"]: error["msg"] for error in refused.value.errors()}


@pytest.mark.parametrize(
    ("document", "place", "fragment"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refusals_name_the_place_and_what_to_write(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """A combination that cannot be is refused at its place, with a message that says what to write."""
    errors = errors_of(document)
    assert place in errors, errors
    assert fragment in errors[place]


def test_all_problems_are_told_at_once() -> None:
    """A request with several faults gets all of them in one answer."""
    document: dict[str, Any] = deepcopy(web(memory_mib=600, env={"DB_PASSWORD": "x"}))
    document["capacity"] = {"fargate": {"weight": 10}, "ec2": {"min": 3, "max": 2}}
    assert {loc[-1] for loc in errors_of(document)} == {"memory_mib", "DB_PASSWORD", "max"}


def test_refusals_do_not_repeat_the_input() -> None:
    """What a person wrote may hold a secret, so the error's text does not contain it."""
    with pytest.raises(ValidationError) as refused:
        parse_request(web(env={"DB_PASSWORD": "hunter2-hunter2"}))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(("orchestrator", "successor"), [("ecs", "service_connect"), ("eks", "vpc_lattice")])
def test_app_mesh_is_for_the_sandbox_alone(orchestrator: str, successor: str) -> None:
    """AWS ended App Mesh: such a request is accepted for the sandbox and refused for AWS with the way out."""
    request = parse_request({**ECS, "orchestrator": orchestrator, "mesh": {"kind": "app_mesh"}})
    assert cloud_problems(request, Cloud.SANDBOX) == ()
    (problem,) = cloud_problems(request, Cloud.AWS)
    assert problem.loc == ("mesh", "kind")
    assert successor in problem.message
