"""How a workload stands on the shared load balancer, and that load balancer itself."""

from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.identifiers import BucketName, CertificateArn, WebAclArn
from programs.request.strict import Boolean, Integer, StrictModel

PathPattern = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^/[A-Za-z0-9_.$/~\"'@:+&*?-]*$")
]
"""A path pattern as an Application Load Balancer takes it (ELB guide, 'Path conditions')."""

HostPattern = Annotated[
    str,
    StringConstraints(
        min_length=3, max_length=128, pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$"
    ),
]

CidrBlock = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$")]


class Exposure(StrictModel):
    """Puts a workload's first port on the environment's load balancer."""

    path: PathPattern = Field(
        default="/",
        title="Path",
        description="Requests whose path matches go to the workload; `*` and `?` are wildcards, "
        "`/` alone takes whatever no other workload claims.",
        examples=["/", "/api/*"],
    )
    host: HostPattern | None = Field(
        default=None,
        title="Host",
        description="Only requests for this host name. Absent: any host.",
        examples=["shop.example.com", "*.example.com"],
    )
    certificate_arn: CertificateArn | None = Field(
        default=None,
        title="Certificate",
        description="ACM certificate for HTTPS; with one, plain HTTP is redirected to HTTPS.",
        examples=["arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"],
    )
    health_path: PathPattern = Field(
        default="/",
        title="Health path",
        description="Path the load balancer asks to see whether the workload is healthy.",
        examples=["/health"],
    )
    priority: Integer | None = Field(
        default=None,
        title="Rule priority",
        description="Position of the rule, 1 to 50000, lowest first. Absent: assigned, the more "
        "specific first.",
        ge=1,
        le=50000,
        examples=[100],
    )
    stickiness_seconds: Integer | None = Field(
        default=None,
        title="Stickiness",
        description="Seconds for which a client stays with the same copy, by cookie. Absent: it does not.",
        ge=1,
        le=604800,
        examples=[3600],
    )
    health_check_grace_period_seconds: Integer = Field(
        default=60,
        title="Health check grace period",
        description="Seconds after start in which the load balancer's verdict is not acted on.",
        ge=0,
        le=3600,
        examples=[60],
    )
    deregistration_delay_seconds: Integer = Field(
        default=30,
        title="Deregistration delay",
        description="Seconds a copy that is going may finish its requests.",
        ge=0,
        le=3600,
        examples=[30],
    )
    slow_start_seconds: Integer | None = Field(
        default=None,
        title="Slow start",
        description="Seconds over which a new copy's share of requests grows. Absent: full share at once.",
        ge=30,
        le=900,
        examples=[60],
    )
    test_port: Integer | None = Field(
        default=None,
        title="Test port",
        description="Port of a test listener that shows the new version before it takes over "
        "(blue_green, canary and linear). Absent: none.",
        ge=1,
        le=65535,
        examples=[8443],
    )


class LoadBalancer(StrictModel):
    """The one load balancer that an environment's public workloads share."""

    internal: Boolean = Field(
        default=False,
        title="Internal",
        description="Reachable from inside the network only.",
        examples=[False],
    )
    allowed_cidrs: tuple[CidrBlock, ...] = Field(
        default=("0.0.0.0/0",),
        title="Allowed clients",
        description="IPv4 blocks that may reach it.",
        min_length=1,
        max_length=30,
        examples=[["0.0.0.0/0"], ["203.0.113.0/24"]],
    )
    idle_timeout_seconds: Integer = Field(
        default=60,
        title="Idle timeout",
        description="Seconds after which a silent connection is closed.",
        ge=1,
        le=4000,
        examples=[60],
    )
    web_acl_arn: WebAclArn | None = Field(
        default=None,
        title="Web ACL",
        description="AWS WAF web ACL to put in front.",
        examples=[
            "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555"
        ],
    )
    access_logs: Boolean = Field(
        default_factory=lambda: False,
        title="Access logs",
        description="Write one line a request to S3. Absent: on for class production.",
        examples=[True],
    )
    access_logs_bucket: BucketName | None = Field(
        default=None,
        title="Access log bucket",
        description="Bucket for the access logs. Absent: the environment makes its own.",
        examples=["shop-access-logs"],
    )
    deletion_protection: Boolean = Field(
        default=False,
        title="Deletion protection",
        description="While the environment is `protected`, have AWS refuse deletion too, even past Berth. "
        "The deployment that lifts `protected` lifts it.",
        examples=[True],
    )
