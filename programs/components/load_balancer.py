"""The one load balancer that an environment's public workloads share."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.log_bucket import LogBucket, LogBucketArgs
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.security_group import ANYWHERE, SecurityGroup, SecurityGroupArgs, admit_addresses
from programs.planning.names import bounded

_NAME_LENGTH = (
    32  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
)
_HTTP_PORT = 80
_HTTPS_PORT = 443
# TLS 1.3, with 1.2 for older clients:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True, slots=True)
class LoadBalancerArgs:
    """Where the load balancer stands and what it listens with.

    With a certificate, everything is served over HTTPS and HTTP redirects; the first certificate is the
    default one. The access log goes to `access_log_bucket`, or to a bucket made for it where none is named.
    `allowed_cidrs` may call the load balancer. `test_ports` are further listeners where a new version is
    tried before it takes traffic.
    """

    scope: Scope
    placement: NetworkPlacement
    certificate_arns: tuple[str, ...] = ()
    is_internal: bool = False
    idle_timeout_seconds: int = 60
    keeps_access_log: bool = False
    access_log_bucket: str | None = None
    has_deletion_protection: bool = False
    web_acl_arn: str | None = None
    allowed_cidrs: tuple[str, ...] = (ANYWHERE,)
    test_ports: tuple[int, ...] = ()


class LoadBalancer(pulumi.ComponentResource):
    """An application load balancer that answers 404 to what no rule claims."""

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    listener_arn: pulumi.Output[str]
    is_secure: bool
    security_group: SecurityGroup
    test_listener_arns: dict[int, pulumi.Output[str]]

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the load balancer and its listeners."""
        super().__init__("berth:network:LoadBalancer", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self.is_secure = bool(args.certificate_arns)
        self.security_group = self._make_security_group()
        balancer = self._make_balancer()
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.listener_arn = self._make_listeners(balancer)
        self.test_listener_arns = {port: self._make_test_listener(balancer, port) for port in args.test_ports}
        if args.web_acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"{name}-firewall",
                resource_arn=balancer.arn,
                web_acl_arn=args.web_acl_arn,
                opts=self._child,
            )
        self.register_outputs({"arn": self.arn, "dns_name": self.dns_name})

    def _make_security_group(self) -> SecurityGroup:
        args = self._args
        group = SecurityGroup(
            f"{self._name}-access",
            SecurityGroupArgs(
                scope=args.scope,
                part="load-balancer",
                vpc_id=args.placement.vpc_id,
                description="Shared load balancer: HTTP and HTTPS in, workloads out",
                allow_egress=False,
            ),
            self._child,
        )
        ports = (_HTTP_PORT, _HTTPS_PORT) if self.is_secure else (_HTTP_PORT,)
        for port in (*ports, *args.test_ports):
            for number, cidr in enumerate(args.allowed_cidrs, start=1):
                admit_addresses(f"{self._name}-{port}-{number}", group, port, cidr, "Callers")
        return group

    def _make_balancer(self) -> aws.lb.LoadBalancer:
        args = self._args
        physical_name = balancer_name(args.scope)
        subnets = args.placement.balancer_subnet_ids(is_internal=args.is_internal)
        access_logs, depends_on = self._access_log()
        return aws.lb.LoadBalancer(
            f"{self._name}-balancer",
            name=physical_name,
            load_balancer_type="application",
            internal=args.is_internal,
            subnets=list(subnets),
            security_groups=[self.security_group.id],
            idle_timeout=args.idle_timeout_seconds,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=args.has_deletion_protection,
            access_logs=access_logs,
            tags=args.scope.tagged(physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on),
        )

    def _access_log(self) -> tuple[aws.lb.LoadBalancerAccessLogsArgs | None, list[pulumi.Resource]]:
        if not self._args.keeps_access_log:
            return None, []
        if self._args.access_log_bucket is not None:
            named = aws.lb.LoadBalancerAccessLogsArgs(bucket=self._args.access_log_bucket, enabled=True)
            return named, []
        bucket_args = LogBucketArgs(scope=self._args.scope, part="access-log")
        bucket = LogBucket(f"{self._name}-log", bucket_args, self._child)
        return aws.lb.LoadBalancerAccessLogsArgs(bucket=bucket.bucket_name, enabled=True), [bucket.policy]

    def _make_listeners(self, balancer: aws.lb.LoadBalancer) -> pulumi.Output[str]:
        if not self.is_secure:
            return self._make_listener(balancer, "http", _HTTP_PORT).arn
        redirect = aws.lb.ListenerDefaultActionRedirectArgs(
            status_code="HTTP_301", port=str(_HTTPS_PORT), protocol="HTTPS"
        )
        action = aws.lb.ListenerDefaultActionArgs(type="redirect", redirect=redirect)
        self._make_listener(balancer, "http", _HTTP_PORT, action)
        listener = self._make_listener(balancer, "https", _HTTPS_PORT)
        for number, certificate_arn in enumerate(self._args.certificate_arns[1:], start=2):
            aws.lb.ListenerCertificate(
                f"{self._name}-certificate-{number}",
                listener_arn=listener.arn,
                certificate_arn=certificate_arn,
                opts=self._child,
            )
        return listener.arn

    def _make_test_listener(self, balancer: aws.lb.LoadBalancer, port: int) -> pulumi.Output[str]:
        return self._make_listener(balancer, f"test-{port}", port).arn

    def _make_listener(
        self,
        balancer: aws.lb.LoadBalancer,
        part: str,
        port: int,
        action: aws.lb.ListenerDefaultActionArgs | None = None,
    ) -> aws.lb.Listener:
        is_encrypted = self.is_secure and port != _HTTP_PORT
        return aws.lb.Listener(
            f"{self._name}-{part}",
            load_balancer_arn=balancer.arn,
            port=port,
            protocol="HTTPS" if is_encrypted else "HTTP",
            certificate_arn=self._args.certificate_arns[0] if is_encrypted else None,
            ssl_policy=_TLS_POLICY if is_encrypted else None,
            default_actions=[action or _not_found()],
            tags=self._args.scope.tagged(self._args.scope.name(part)),
            opts=self._child,
        )


def balancer_name(scope: Scope) -> str:
    """Return the load balancer's name; AWS refuses names that begin with internal-.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    """
    name = scope.name("", _NAME_LENGTH)
    return name if not name.startswith("internal-") else bounded(f"berth-{name}", _NAME_LENGTH)


def _not_found() -> aws.lb.ListenerDefaultActionArgs:
    response = aws.lb.ListenerDefaultActionFixedResponseArgs(
        content_type="text/plain", message_body="No workload serves this address.", status_code="404"
    )
    return aws.lb.ListenerDefaultActionArgs(type="fixed-response", fixed_response=response)
