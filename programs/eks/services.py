"""Services: the names under which pods are reached inside the cluster."""

import pulumi
from pulumi_kubernetes.core.v1 import Service, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.scope import Scope
from programs.eks.naming import namespace_of, object_labels, selector_labels
from programs.eks.waiting import waiting_annotations
from programs.request.containers import Protocol
from programs.request.workload import Workload


def make_service(
    resource_name: str,
    service_name: str,
    workload: Workload,
    scope: Scope,
    opts: pulumi.ResourceOptions,
    extra_selector: dict[str, str] | None = None,
) -> Service:
    """Make a service with the workload's ports; `extra_selector` picks one of its versions."""
    return Service(
        resource_name,
        metadata=ObjectMetaArgs(
            name=service_name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
            annotations=waiting_annotations(workload),
        ),
        spec=ServiceSpecArgs(
            type="ClusterIP",
            selector={**selector_labels(workload.name), **(extra_selector or {})},
            ports=[
                ServicePortArgs(
                    name=port.name,
                    port=port.port,
                    target_port=port.name,
                    protocol="UDP" if port.protocol is Protocol.UDP else "TCP",
                )
                for port in workload.ports
            ],
        ),
        opts=opts,
    )
