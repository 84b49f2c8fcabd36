"""Requests that turn each knob of an ECS environment, on and off: documents by name."""

from tests.programs.existing import EXISTING
from tests.programs.strategies.arns import AUTHORITY, CERTIFICATE, FUNCTION, WEB_ACL
from tests.programs.strategies.documents import Document

_IMAGE = "public.ecr.aws/nginx/nginx:1.27"


def environment(*workloads: Document, **parts: object) -> Document:
    """Return a document of team `ops` with these workloads and parts."""
    return {"name": "knobs", "team": "ops", "orchestrator": "ecs", "workloads": list(workloads), **parts}


def worker(name: str = "worker", **parts: object) -> Document:
    """Return a workload that nobody calls."""
    return {"name": name, "image": _IMAGE, **parts}


def private(name: str = "api", **parts: object) -> Document:
    """Return a workload that others may call."""
    return {"name": name, "image": _IMAGE, "ports": [{"name": "http", "port": 8080}], **parts}


def public(name: str = "web", **parts: object) -> Document:
    """Return a workload on the load balancer."""
    return private(name, **{"public": {}, **parts})


_SCALING = {"cpu_percent": 60, "memory_percent": 70, "requests_per_target": 500}
_EC2 = {"weight": 100, "instance_types": ["m6i.large", "m5.large"], "max": 8}
_ENDPOINTS = ["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "ssm", "kms", "sts", "ssmmessages"]

VARIANTS: dict[str, Document] = {
    "worker_alone": environment(worker()),
    "ephemeral": environment(public(), **{"class": "ephemeral"}, registry={"repositories": ["app"]}),
    "production_defaults": environment(public(), **{"class": "production"}),
    "no_nat_with_endpoints": environment(
        worker(image={"repository": "app", "tag": "v1"}, secrets=[{"name": "KEY", "parameter": "/ops/key"}]),
        registry={"repositories": ["app"]},
        network={"nat_gateways": "none", "endpoints": _ENDPOINTS},
    ),
    "no_nat_with_instances": environment(
        worker(image={"repository": "app", "tag": "v1"}),
        registry={"repositories": ["app"]},
        capacity={"ec2": _EC2},
        network={"nat_gateways": "none", "endpoints": [*_ENDPOINTS, "ecs", "ecs-agent", "ecs-telemetry"]},
    ),
    "nat_per_zone_and_flow_logs": environment(
        public(), network={"nat_gateways": "one_per_az", "availability_zones": 4, "flow_logs": True}
    ),
    "existing_network": environment(
        public(),
        network={"existing": EXISTING},
    ),
    "registry_shared_with_accounts": environment(
        public(image={"repository": "app", "tag": "v1"}),
        registry={
            "repositories": ["app", "tools"],
            "keep_tagged": {"prefixes": ["v", "release-"], "count": 3},
            "expire_untagged_days": 14,
            "pull_accounts": ["222222222222", "333333333333"],
        },
    ),
    "spot_alone": environment(worker(), capacity={"fargate_spot": {"weight": 1}}),
    "instances_alone": environment(public(), capacity={"ec2": {**_EC2, "spot": True, "min": 1}}),
    "instances_with_gpu": environment(
        worker(gpus=1, cpu_units=1024, memory_mib=2048),
        capacity={"ec2": {"instance_types": ["g5.xlarge"], "gpu": True}},
    ),
    "instances_on_arm": environment(
        worker(architecture="arm64"), capacity={"ec2": {"instance_types": ["m7g.large"]}}
    ),
    "fargate_and_instances": environment(
        public(replicas={"min": 4, "desired": 4, "max": 10}, scaling={"cpu_percent": 60}),
        worker(),
        capacity={"fargate": {"base": 1, "weight": 70}, "ec2": {**_EC2, "weight": 30}},
    ),
    "insights_off_and_plain_exec": environment(
        private(exec=True),
        cluster={"container_insights": "disabled", "exec": {"encrypt": False, "log_retention_days": 1}},
    ),
    "exec_encrypted": environment(private(exec=True), cluster={"container_insights": "enhanced"}),
    "certificate_and_hosts": environment(
        public("web", public={"host": "shop.example.com", "certificate_arn": CERTIFICATE}),
        public("api", public={"host": "*.example.com", "path": "/v1", "priority": 7}),
    ),
    "grpc_and_http2": environment(
        public(
            "grpc",
            ports=[{"name": "grpc", "port": 9000, "protocol": "grpc"}],
            public={"path": "/shop.Cart/*", "certificate_arn": CERTIFICATE},
        ),
        public("h2", ports=[{"name": "http", "port": 8080, "protocol": "http2"}], public={"path": "/h2"}),
    ),
    "load_balancer_knobs": environment(
        public(
            public={"stickiness_seconds": 600, "slow_start_seconds": 60, "deregistration_delay_seconds": 5}
        ),
        load_balancer={
            "internal": True,
            "allowed_cidrs": ["10.0.0.0/8", "192.168.0.0/16"],
            "idle_timeout_seconds": 120,
            "web_acl_arn": WEB_ACL,
            "access_logs": True,
        },
    ),
    "access_log_elsewhere": environment(
        public(), load_balancer={"access_logs": True, "access_logs_bucket": "central-access-logs"}
    ),
    "scaling_by_everything": environment(
        public(
            replicas={"min": 2, "desired": 2, "max": 9},
            scaling={**_SCALING, "scale_in_cooldown_seconds": 600, "scale_out_cooldown_seconds": 30},
        )
    ),
    "scaling_by_the_clock": environment(
        worker(
            scaling={
                "schedule": [
                    {"cron": "0 20 * * ? *", "min": 0, "max": 0, "timezone": "Europe/Berlin"},
                    {"cron": "0 6 * * ? *", "min": 1, "max": 4},
                ]
            }
        )
    ),
    "blue_green_with_hooks": environment(
        public(
            public={"test_port": 8443},
            rollout={
                "strategy": "blue_green",
                "bake_minutes": 20,
                "hooks": [{"function_arn": FUNCTION, "stages": ["POST_TEST_TRAFFIC_SHIFT"]}],
                "rollback_alarms": ["http_5xx", "latency_p95", "cpu", "memory", "unhealthy_hosts"],
            },
            scaling={"requests_per_target": 100},
        )
    ),
    "linear": environment(
        public(rollout={"strategy": "linear", "linear_percent": 20, "linear_bake_minutes": 3})
    ),
    "codedeploy_canary": environment(
        public(
            public={"test_port": 9443},
            rollout={
                "strategy": "canary",
                "controller": "codedeploy",
                "canary_percent": 10,
                "canary_bake_minutes": 5,
                "rollback_alarms": ["http_5xx"],
            },
        )
    ),
    "codedeploy_linear": environment(
        public(
            rollout={
                "strategy": "linear",
                "controller": "codedeploy",
                "linear_percent": 10,
                "linear_bake_minutes": 1,
                "circuit_breaker": {"rollback": False},
            }
        )
    ),
    "codedeploy_at_once": environment(
        public(rollout={"strategy": "blue_green", "controller": "codedeploy", "bake_minutes": 60})
    ),
    "rolling_without_breaker": environment(
        worker(
            replicas={"desired": 2, "max": 2},
            rollout={
                "minimum_healthy_percent": 50,
                "maximum_percent": 100,
                "circuit_breaker": {"enabled": False},
                "rollback_alarms": ["cpu"],
            },
        )
    ),
    "express": environment(
        public(image={"repository": "app", "tag": "v1"}, scaling={"requests_per_target": 50}),
        worker(sidecars=["xray"]),
        cluster={"express": True},
        registry={"repositories": ["app"]},
    ),
    "express_internal": environment(
        public(secrets=[{"name": "KEY", "secrets_manager": "ops/key", "key": "token"}]),
        cluster={"express": True},
        load_balancer={"internal": True},
    ),
    "service_connect_with_tls": environment(
        public(env={"API_URL": "http://${workloads.api.host}:8080"}),
        private(
            "api",
            ports=[
                {"name": "http", "port": 8080, "alias": "orders"},
                {"name": "grpc", "port": 9000, "protocol": "grpc"},
                {"name": "raw", "port": 9001, "protocol": "tcp"},
                {"name": "stats", "port": 9002, "protocol": "udp"},
            ],
        ),
        worker(),
        mesh={
            "kind": "service_connect",
            "tls": True,
            "certificate_authority_arn": AUTHORITY,
            "request_timeout_seconds": 0,
            "idle_timeout_seconds": 300,
        },
    ),
    "service_connect_plain": environment(private(), mesh={"kind": "service_connect"}),
    "app_mesh_all_protocols": environment(
        private(
            "api",
            ports=[
                {"name": "http", "port": 8080},
                {"name": "h2", "port": 8081, "protocol": "http2"},
                {"name": "grpc", "port": 9000, "protocol": "grpc"},
                {"name": "raw", "port": 9001, "protocol": "tcp"},
            ],
        ),
        private("web", env={"API": "http://${workloads.api.host}:8080"}, sidecars=["xray"]),
        mesh={
            "kind": "app_mesh",
            "gateway": True,
            "retries": {"max": 2, "events": ["server-error", "connection-error"]},
            "timeout_seconds": 10,
            "idle_timeout_seconds": 60,
            "connection_pool": {"max_connections": 50, "max_pending_requests": 10},
            "outlier_detection": {},
        },
    ),
    "app_mesh_bare": environment(public(), worker(), mesh={"kind": "app_mesh"}),
    "everything_observed": environment(
        public(scaling={"cpu_percent": 50}),
        worker(),
        observability={
            "log_retention_days": 365,
            "alarms": True,
            "alarm_thresholds": {"http_5xx_count": 3, "latency_p95_milliseconds": 250, "cpu_percent": 75},
            "alarm_emails": ["oncall@example.com"],
            "dashboard": True,
            "tracing": "xray",
        },
    ),
    "containers_of_every_kind": environment(
        private(
            "api",
            entry_point=["/usr/bin/tini", "--"],
            command=["serve"],
            secrets=[
                {"name": "WHOLE", "secrets_manager": "ops/whole"},
                {"name": "KEY", "secrets_manager": "ops/json", "key": "token"},
                {"name": "PATH_ONE", "parameter": "/ops/parameter"},
            ],
            sidecars=[
                "xray",
                "otel",
                "fluent_bit",
                "cloudwatch_agent",
                {
                    "name": "migrate",
                    "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/tools/migrate:v1",
                    "command": ["migrate"],
                    "memory_mib": 64,
                },
            ],
            depends_on=[{"container": "migrate", "condition": "SUCCESS"}],
            health_check={"command": "true", "interval_seconds": 10},
            ulimits=[{"name": "nofile", "soft": 1024, "hard": 65535}],
            user="1000:1000",
            stop_timeout_seconds=120,
            ephemeral_storage_gib=50,
            read_only_root_filesystem=False,
            permissions=[
                {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::ops-bucket/*"]},
                {
                    "effect": "deny",
                    "actions": ["s3:DeleteObject"],
                    "resources": ["arn:aws:s3:::ops-bucket/*"],
                    "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}],
                },
            ],
            cpu_units=1024,
            memory_mib=2048,
        )
    ),
    "file_systems": environment(
        private(
            volumes=[
                {"name": "all", "mount_path": "/all", "efs": {"file_system_id": "fs-0123456789abcdef0"}},
                {
                    "name": "part",
                    "mount_path": "/part",
                    "read_only": True,
                    "efs": {
                        "file_system_id": "fs-0123456789abcdef0",
                        "access_point_id": "fsap-0123456789abcdef0",
                    },
                },
            ]
        ),
        network={"existing": EXISTING},
    ),
    "callers_by_name": environment(
        private("api", allow_from=["worker"], ports=[{"name": "dns", "port": 5353, "protocol": "udp"}]),
        worker(),
        private("billing", allow_from=["api", "worker"]),
    ),
    "fargate_on_arm": environment(worker(architecture="arm64")),
}
