"""Requests refused on either orchestrator: each refusal says where, and what to write instead."""

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

SHAPES: list[Refusal] = [
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
]

CONTENTS: list[Refusal] = [
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
]

CLAIMS: list[Refusal] = [
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
        "no memory beside known sidecars",
        web(sidecars=["xray", "otel", {"name": "db", "image": "db:1", "memory_mib": 384}]),
        ("workloads", 0, "memory_mib"),
        "take 512 MiB of 512 (64 MiB each for xray, otel)",
    ),
    (
        "no memory beside the daemon of tracing",
        {**eks_web(memory_mib=64), "observability": {"tracing": "xray"}},
        ("workloads", 0, "memory_mib"),
        "take 64 MiB of 64 (64 MiB each for xray)",
    ),
    (
        "no CPU beside known sidecars",
        eks_web(cpu_units=64, sidecars=["xray", "otel"]),
        ("workloads", 0, "cpu_units"),
        "take 64 units of 64 (32 units each for xray, otel)",
    ),
    (
        "port of a sidecar",
        web(sidecars=[{"name": "db", "image": "db:1", "ports": [{"port": 80}]}]),
        ("workloads", 0, "sidecars", 0, "ports", 0, "port"),
        "is taken",
    ),
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
]

NO_NAT = {"nat_gateways": "none"}
ENDPOINTS = ["ecr.api", "ecr.dkr", "s3", "logs"]

NETWORKS: list[Refusal] = [
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
]


@refusals(SHAPES)
def test_a_value_that_cannot_be(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """A missing, unknown or impossible value is refused at its place, saying what to write."""
    assert_refused(document, place, fragment)


@refusals(CONTENTS)
def test_contents_that_cannot_be(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """Images, settings and references that lead nowhere are refused, saying what to write."""
    assert_refused(document, place, fragment)


@refusals(CLAIMS)
def test_what_two_cannot_have(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """What is claimed twice, or cannot be exposed or scaled, is refused, saying what to write."""
    assert_refused(document, place, fragment)


@refusals(NETWORKS)
def test_a_network_without_a_way_out(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """A network that lacks an endpoint it needs is refused, naming the endpoint."""
    assert_refused(document, place, fragment)
