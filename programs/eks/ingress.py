"""How public workloads stand on the environment's one load balancer: ingresses of one group.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    HTTPIngressPathArgs,
    HTTPIngressRuleValueArgs,
    Ingress,
    IngressBackendArgs,
    IngressRuleArgs,
    IngressServiceBackendArgs,
    IngressSpecArgs,
    ServiceBackendPortArgs,
)

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.eks.naming import balancer_name, namespace_of, object_labels
from programs.planning.group_order import group_order
from programs.request.containers import Protocol
from programs.request.exposure import Exposure, LoadBalancer
from programs.request.shape import SharedShape
from programs.request.workload import Workload

INGRESS_CLASS = "alb"
_PREFIX = "alb.ingress.kubernetes.io"
_GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck"
# TLS 1.3, with 1.2 for older clients:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
_PROTOCOL_VERSIONS = {Protocol.GRPC: "GRPC", Protocol.HTTP2: "HTTP2"}


@dataclass(frozen=True, slots=True)
class Entrance:
    """The load balancer that all ingresses of an environment share, as their annotations describe it."""

    scope: Scope
    settings: LoadBalancer
    certificate_arns: tuple[str, ...]
    subnet_ids: tuple[pulumi.Input[str], ...]
    log_bucket_name: pulumi.Input[str] | None
    priorities: Mapping[str, int]

    @property
    def is_secure(self) -> bool:
        """Whether it serves HTTPS and redirects HTTP."""
        return bool(self.certificate_arns)


@dataclass(frozen=True, slots=True)
class Backend:
    """What an ingress sends requests to; `weights` are shares of services, for versions side by side."""

    service_name: str
    port: int
    weights: tuple[tuple[str, int], ...] = ()
    is_shifted: bool = False


def make_entrance(
    request: SharedShape,
    scope: Scope,
    placement: NetworkPlacement,
    priorities: Mapping[str, int],
    log_bucket_name: pulumi.Input[str] | None,
) -> Entrance:
    """Return the entrance of an environment; certificates are those of all public workloads, in order."""
    exposures = [workload.public for workload in request.public_workloads if workload.public is not None]
    certificates = dict.fromkeys(one.certificate_arn for one in exposures if one.certificate_arn is not None)
    settings = request.load_balancer
    subnet_ids = placement.balancer_subnet_ids(is_internal=settings.internal)
    return Entrance(scope, settings, tuple(certificates), subnet_ids, log_bucket_name, priorities)


def make_ingress(
    name: str, workload: Workload, backend: Backend, entrance: Entrance, opts: pulumi.ResourceOptions
) -> Ingress:
    """Make the ingress of a public workload.

    Raises:
        ValueError: when the workload is private.
    """
    if workload.public is None:
        raise ValueError(f"{workload.name} is not public")
    return Ingress(
        f"{name}-ingress",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(entrance.scope, workload),
            annotations={
                **_balancer_annotations(entrance),
                **_target_annotations(workload, workload.public),
                **_weight_annotations(backend),
                f"{_PREFIX}/group.order": str(group_order(entrance.priorities[workload.name])),
            },
        ),
        spec=IngressSpecArgs(
            ingress_class_name=INGRESS_CLASS,
            rules=[
                IngressRuleArgs(
                    host=workload.public.host,
                    http=HTTPIngressRuleValueArgs(paths=[_path(workload.public.path, backend)]),
                )
            ],
        ),
        opts=opts,
    )


def _path(path: str, backend: Backend) -> HTTPIngressPathArgs:
    by_annotation = backend.weights or backend.is_shifted
    port = (
        ServiceBackendPortArgs(name="use-annotation")
        if by_annotation
        else ServiceBackendPortArgs(number=backend.port)
    )
    return HTTPIngressPathArgs(
        path=path,
        path_type="Prefix" if path == "/" else "ImplementationSpecific",
        backend=IngressBackendArgs(service=IngressServiceBackendArgs(name=backend.service_name, port=port)),
    )


def _balancer_annotations(entrance: Entrance) -> dict[str, pulumi.Input[str]]:
    """Return what must be the same on every ingress of the group."""
    scope, settings = entrance.scope, entrance.settings
    annotations: dict[str, pulumi.Input[str]] = {
        f"{_PREFIX}/group.name": scope.prefix,
        f"{_PREFIX}/load-balancer-name": balancer_name(scope),
        f"{_PREFIX}/scheme": "internal" if settings.internal else "internet-facing",
        f"{_PREFIX}/subnets": pulumi.Output.all(*entrance.subnet_ids).apply(",".join),
        f"{_PREFIX}/inbound-cidrs": ",".join(settings.allowed_cidrs),
        f"{_PREFIX}/listen-ports": json.dumps(_listeners(entrance)),
        f"{_PREFIX}/load-balancer-attributes": _attributes(entrance),
        f"{_PREFIX}/tags": ",".join(f"{key}={value}" for key, value in sorted(scope.tags.items())),
    }
    if entrance.is_secure:
        annotations[f"{_PREFIX}/certificate-arn"] = ",".join(entrance.certificate_arns)
        annotations[f"{_PREFIX}/ssl-redirect"] = "443"
        annotations[f"{_PREFIX}/ssl-policy"] = _TLS_POLICY
    if settings.web_acl_arn is not None:
        annotations[f"{_PREFIX}/wafv2-acl-arn"] = settings.web_acl_arn
    return annotations


def _listeners(entrance: Entrance) -> list[dict[str, int]]:
    return [{"HTTP": 80}, {"HTTPS": 443}] if entrance.is_secure else [{"HTTP": 80}]


def _attributes(entrance: Entrance) -> pulumi.Output[str]:
    settings = entrance.settings
    is_protected = settings.deletion_protection and entrance.scope.is_protected
    fixed = [
        f"idle_timeout.timeout_seconds={settings.idle_timeout_seconds}",
        f"deletion_protection.enabled={str(is_protected).lower()}",
        "routing.http.drop_invalid_header_fields.enabled=true",
    ]
    bucket = entrance.log_bucket_name
    if bucket is None:
        return pulumi.Output.from_input(",".join(fixed))
    logs = pulumi.Output.concat("access_logs.s3.enabled=true,access_logs.s3.bucket=", bucket)
    return pulumi.Output.concat(",".join(fixed), ",", logs)


def _target_annotations(workload: Workload, exposure: Exposure) -> dict[str, str]:
    protocol = workload.ports[0].protocol
    is_grpc = protocol is Protocol.GRPC
    path = _GRPC_HEALTH_PATH if is_grpc and exposure.health_path == "/" else exposure.health_path
    attributes = [f"deregistration_delay.timeout_seconds={exposure.deregistration_delay_seconds}"]
    if exposure.stickiness_seconds is not None:
        attributes += [
            "stickiness.enabled=true",
            "stickiness.type=lb_cookie",
            f"stickiness.lb_cookie.duration_seconds={exposure.stickiness_seconds}",
        ]
    if exposure.slow_start_seconds is not None:
        attributes.append(f"slow_start.duration_seconds={exposure.slow_start_seconds}")
    annotations = {
        f"{_PREFIX}/target-type": "ip",
        f"{_PREFIX}/healthcheck-path": path,
        f"{_PREFIX}/healthcheck-interval-seconds": "15",
        f"{_PREFIX}/success-codes": "0-99" if is_grpc else "200-399",
        f"{_PREFIX}/target-group-attributes": ",".join(attributes),
    }
    if protocol in _PROTOCOL_VERSIONS:
        annotations[f"{_PREFIX}/backend-protocol-version"] = _PROTOCOL_VERSIONS[protocol]
    return annotations


def _weight_annotations(backend: Backend) -> dict[str, str]:
    if not backend.weights:
        return {}
    groups = [
        {"serviceName": service, "servicePort": backend.port, "weight": weight}
        for service, weight in backend.weights
    ]
    action = {"type": "forward", "forwardConfig": {"targetGroups": groups}}
    return {f"{_PREFIX}/actions.{backend.service_name}": json.dumps(action, sort_keys=True)}
