"""Requests that turn each knob of EKS, one or a few at a time."""

from typing import Any

from tests.programs.existing import EXISTING
from tests.programs.strategies.arns import AUTHORITY, CERTIFICATE, WEB_ACL

Document = dict[str, Any]

IMAGE = "public.ecr.aws/nginx/nginx:1.27"
SECRETS = [
    {"name": "DB_PASSWORD", "secrets_manager": "shop/db", "key": "password"},
    {"name": "FLAGS", "parameter": "/shop/flags"},
]
EFS = {"file_system_id": "fs-0123456789abcdef0", "access_point_id": "fsap-0123456789abcdef0"}
CANARY = {"strategy": "canary", "canary_percent": 20, "canary_bake_minutes": 3}


def web(**changes: object) -> Document:
    """A public workload with these changes."""
    return {"name": "web", "image": IMAGE, "ports": [{"port": 8080}], "public": {}, **changes}


def api(**changes: object) -> Document:
    """A private workload with these changes."""
    return {"name": "api", "image": IMAGE, "ports": [{"port": 8080}], **changes}


def request(*workloads: Document, **parts: object) -> Document:
    """A request with these workloads, or one public one, and these parts."""
    return {
        "name": "shop",
        "team": "storefront",
        "orchestrator": "eks",
        "workloads": list(workloads) or [web()],
        **parts,
    }


VARIANTS: dict[str, Document] = {
    "auto mode": request(cluster={"auto_mode": True}),
    "auto mode, internal": request(cluster={"auto_mode": True}, load_balancer={"internal": True}),
    "fargate alone": request(
        cluster={
            "node_groups": {},
            "fargate_profiles": {
                "all": {"selectors": [{"namespace": "web"}, {"namespace": "kube-system"}]},
            },
        }
    ),
    "fargate with permissions": request(
        web(permissions=[{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop/*"]}]),
        cluster={"fargate_profiles": {"web": {"selectors": [{"namespace": "web"}]}}},
    ),
    "karpenter without node groups": request(
        cluster={
            "node_groups": {},
            "autoscaler": "karpenter",
            "karpenter": {"spot": False, "max_vcpus": 16},
            "fargate_profiles": {"system": {"selectors": [{"namespace": "kube-system"}]}},
        }
    ),
    "cluster autoscaler": request(cluster={"autoscaler": "cluster_autoscaler"}),
    "arm nodes": request(
        web(architecture="arm64"), cluster={"node_groups": {"arm": {"instance_types": ["m7g.large"]}}}
    ),
    "bottlerocket spot nodes": request(
        cluster={
            "node_groups": {
                "general": {"ami_type": "BOTTLEROCKET_x86_64", "capacity_type": "spot", "node_repair": False}
            }
        }
    ),
    "gpu pods": request(
        web(),
        {"name": "train", "image": IMAGE, "gpus": 1},
        cluster={
            "node_groups": {
                "general": {},
                "gpu": {"instance_types": ["g5.xlarge"], "taints": [{"key": "nvidia.com/gpu"}]},
            }
        },
    ),
    "private endpoint, every log, extended support": request(
        cluster={
            "endpoint": {"public": False},
            "log_types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            "upgrade_policy": "extended",
            "deletion_protection": True,
        }
    ),
    "plain secrets, no logs": request(cluster={"encrypt_secrets": False, "log_types": []}),
    "pinned add-ons": request(
        cluster={
            "addons": {
                "vpc-cni": {"version": "v1.20.4-eksbuild.1", "env": {"WARM_PREFIX_TARGET": "2"}},
                "coredns": {"values": {"replicaCount": 3}},
                "snapshot-controller": {},
            }
        }
    ),
    "groups and policies": request(
        web(exec=True),
        cluster={
            "access": [
                {"principal_arn": "arn:aws:iam::123456789012:role/Dev", "groups": ["berth-exec"]},
                {
                    "principal_arn": "arn:aws:iam::123456789012:role/Ops",
                    "policy": "view",
                    "namespaces": ["web"],
                },
            ]
        },
    ),
    "no controllers": request(
        api(), cluster={"load_balancer_controller": False, "log_forwarding": False, "metrics_server": False}
    ),
    "telemetry by agent, dashboard": request(
        web(), api(), cluster={"telemetry": "cloudwatch_agent"}, observability={"dashboard": True}
    ),
    "telemetry by adot": request(cluster={"telemetry": "adot"}),
    "dns and quota": request(
        web(public={"host": "shop.example.com", "certificate_arn": CERTIFICATE}),
        cluster={
            "external_dns_zones": ["example.com"],
            "quota": {"cpu_units": 8192, "memory_mib": 16384, "pods": 20},
        },
    ),
    "https, firewall, logs, stickiness": request(
        web(
            public={
                "certificate_arn": CERTIFICATE,
                "stickiness_seconds": 600,
                "slow_start_seconds": 60,
                "priority": 7,
            }
        ),
        api(public={"path": "/api/*"}),
        load_balancer={
            "access_logs": True,
            "web_acl_arn": WEB_ACL,
            "allowed_cidrs": ["203.0.113.0/24"],
            "idle_timeout_seconds": 90,
        },
    ),
    "grpc": request(
        web(ports=[{"port": 50051, "protocol": "grpc"}], public={"certificate_arn": CERTIFICATE})
    ),
    "own sidecars": request(
        web(
            sidecars=[
                "xray",
                "otel",
                "fluent_bit",
                "cloudwatch_agent",
                {"name": "migrate", "image": IMAGE, "secrets": SECRETS[:1], "command": ["migrate"]},
                {
                    "name": "proxy",
                    "image": IMAGE,
                    "ports": [{"port": 9901}],
                    "health_check": {"command": "true", "start_period_seconds": 10},
                    "depends_on": {"container": "migrate", "condition": "SUCCESS"},
                    "user": "1000:2000",
                },
            ],
            memory_mib=2048,
            cpu_units=1024,
            depends_on=[{"container": "proxy", "condition": "HEALTHY"}],
        )
    ),
    "secrets and permissions": request(
        web(secrets=SECRETS, permissions=[{"actions": ["sqs:SendMessage"], "resources": ["arn:aws:sqs:::q"]}])
    ),
    "volumes and writable root": request(
        web(
            volumes=[{"name": "uploads", "mount_path": "/srv/uploads", "efs": EFS}],
            read_only_root_filesystem=False,
            ephemeral_storage_gib=50,
            user="1000",
        )
    ),
    "scaling by use and clock": request(
        web(
            replicas={"min": 2, "desired": 3, "max": 9},
            scaling={
                "cpu_percent": 60,
                "memory_percent": 70,
                "schedule": [
                    {"cron": "0 20 ? * 2-6 *", "min": 0, "max": 0},
                    {"cron": "0 6 ? * MON-FRI *", "min": 2, "max": 9, "timezone": "Europe/Berlin"},
                ],
            },
        )
    ),
    "scaling by requests": request(
        web(
            replicas={"max": 5},
            scaling={
                "requests_per_target": 500,
                "cpu_percent": 80,
                "schedule": [{"cron": "0 6 * * ? *", "min": 1, "max": 2}],
            },
        )
    ),
    "schedule alone": request(api(scaling={"schedule": [{"cron": "0 6 * * ? *", "min": 1, "max": 1}]})),
    "weighted canary": request(
        web(rollout={"strategy": "canary", "canary_percent": 25, "stable_image": "nginx:1.26"})
    ),
    "weighted canary promoted": request(web(rollout={"strategy": "canary"})),
    "weighted blue and green": request(web(rollout={"strategy": "blue_green", "stable_image": "nginx:1.26"})),
    "argo blue and green": request(
        web(rollout={"strategy": "blue_green", "rollback_alarms": ["cpu"]}),
        cluster={"delivery": "argo_rollouts", "telemetry": "cloudwatch_agent"},
    ),
    "argo canary": request(
        web(rollout={**CANARY, "bake_minutes": 4, "rollback_alarms": ["http_5xx", "latency_p95", "memory"]}),
        cluster={"delivery": "argo_rollouts", "telemetry": "cloudwatch_agent"},
    ),
    "argo linear": request(
        web(rollout={"strategy": "linear", "linear_percent": 30}), cluster={"delivery": "argo_rollouts"}
    ),
    "flagger blue and green": request(
        web(rollout={"strategy": "blue_green", "rollback_alarms": ["unhealthy_hosts"]}),
        cluster={"delivery": "flagger"},
    ),
    "flagger canary on lattice": request(
        web(rollout=CANARY, scaling={"cpu_percent": 50}),
        cluster={"delivery": "flagger"},
        mesh={"kind": "vpc_lattice"},
    ),
    "lattice with tls": request(
        web(),
        api(allow_from=["web"]),
        {"name": "jobs", "image": IMAGE},
        mesh={"kind": "vpc_lattice", "tls": True},
    ),
    "app mesh": request(
        web(env={"API": "http://${workloads.api.host}:8080"}),
        api(ports=[{"port": 8080, "protocol": "grpc"}]),
        mesh={
            "kind": "app_mesh",
            "mtls": {"certificate_authority_arn": AUTHORITY},
            "retries": {"events": ["server-error", "connection-error"]},
            "timeout_seconds": 5,
            "idle_timeout_seconds": 9,
            "outlier_detection": {},
            "connection_pool": {},
        },
    ),
    "existing network, auto mode": request(network={"existing": EXISTING}, cluster={"auto_mode": True}),
    "existing network, karpenter": request(
        network={"existing": EXISTING}, cluster={"autoscaler": "karpenter"}
    ),
    "existing network, internal": request(
        network={"existing": EXISTING},
        load_balancer={"internal": True},
    ),
    "no way to the internet": request(
        {**web(), "image": {"repository": "web", "tag": "v1"}},
        registry={"repositories": ["web"], "pull_accounts": ["222222222222"]},
        cluster={"auto_mode": True, "log_forwarding": False},
        network={
            "nat_gateways": "none",
            "endpoints": [
                "ecr.api",
                "ecr.dkr",
                "s3",
                "logs",
                "ec2",
                "eks",
                "eks-auth",
                "elasticloadbalancing",
                "sts",
            ],
        },
    ),
    "ephemeral worker": request(
        {"name": "worker", "image": IMAGE, "health_check": {"command": "true", "start_period_seconds": 30}},
        **{"class": "ephemeral", "observability": {"tracing": "xray"}, "tags": {"cost-center": "1"}},
    ),
}
