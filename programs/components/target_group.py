"""Target groups: the tasks or pods that a load balancer's rule sends requests to."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope

_NAME_LENGTH = (
    32  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
)
_GRPC_DEFAULT_PATH = "/AWS.ALB/healthcheck"
_GRPC_UNIMPLEMENTED = "12"  # what a server answers that knows no such method: it is up
_GRPC_OK = "0"


class ProtocolVersion(StrEnum):
    """How a load balancer speaks to its targets."""

    HTTP1 = "HTTP1"
    HTTP2 = "HTTP2"
    GRPC = "GRPC"


@dataclass(frozen=True, slots=True)
class TargetGroupArgs:
    """One group of targets, by address.

    `part` names it; `stickiness_seconds` keeps a caller on one target. `health_path` absent on gRPC means
    the load balancer's own probe.
    """

    scope: Scope
    part: str
    vpc_id: pulumi.Input[str]
    port: int
    protocol_version: ProtocolVersion
    health_path: str | None
    deregistration_delay_seconds: int
    stickiness_seconds: int | None = None
    slow_start_seconds: int | None = None


class TargetGroup(pulumi.ComponentResource):
    """A target group whose name says what it is bound to, so that a replacement never meets its own name."""

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: TargetGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group."""
        super().__init__("berth:network:TargetGroup", name, None, opts)
        physical_name = _physical_name(args)
        group = aws.lb.TargetGroup(
            f"{name}-targets",
            name=physical_name,
            vpc_id=args.vpc_id,
            target_type="ip",
            port=args.port,
            protocol="HTTP",
            protocol_version=args.protocol_version.value,
            deregistration_delay=args.deregistration_delay_seconds,
            slow_start=args.slow_start_seconds,
            health_check=_health_check(args),
            stickiness=_stickiness(args),
            tags=args.scope.tagged(physical_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = group.arn
        self.arn_suffix = group.arn_suffix
        self.name = group.name
        self.register_outputs({"arn": self.arn})


def _physical_name(args: TargetGroupArgs) -> str:
    """Port and protocol version force a replacement, which is made before the old group goes."""
    fixed = f"{args.part}/{args.port}/{args.protocol_version}"
    return args.scope.name(f"{args.part}-{sha256(fixed.encode()).hexdigest()[:4]}", _NAME_LENGTH)


def _health_check(args: TargetGroupArgs) -> aws.lb.TargetGroupHealthCheckArgs:
    if args.protocol_version is ProtocolVersion.GRPC:
        path = args.health_path or _GRPC_DEFAULT_PATH
        matcher = _GRPC_UNIMPLEMENTED if path == _GRPC_DEFAULT_PATH else _GRPC_OK
    else:
        path, matcher = args.health_path or "/", "200-399"
    return aws.lb.TargetGroupHealthCheckArgs(
        enabled=True,
        path=path,
        matcher=matcher,
        protocol="HTTP",
        interval=15,
        timeout=5,
        healthy_threshold=2,
        unhealthy_threshold=3,
    )


def _stickiness(args: TargetGroupArgs) -> aws.lb.TargetGroupStickinessArgs | None:
    if args.stickiness_seconds is None:
        return None
    return aws.lb.TargetGroupStickinessArgs(
        type="lb_cookie", enabled=True, cookie_duration=args.stickiness_seconds
    )
