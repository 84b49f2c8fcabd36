"""How workloads find each other: a namespace for the environment, a name for each workload."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.ecs.rollout import service_rollout, shifts_traffic
from programs.request import EcsEnvironment
from programs.request.mesh import MeshKind
from programs.request.workload import Workload

_RECORD_TTL_SECONDS = 10


def namespace_name(scope: Scope) -> str:
    """Return the private domain that the environment's names live in."""
    return f"{scope.environment}.{scope.team}.internal"


def host_label(workload: Workload) -> str:
    """Return the first part of the name that others reach the workload under."""
    first = workload.ports[0] if workload.ports else None
    return first.alias if first is not None and first.alias is not None else workload.name


def host_name(scope: Scope, workload: Workload) -> str:
    """Return the name that others reach the workload under."""
    return f"{host_label(workload)}.{namespace_name(scope)}"


def is_registered(workload: Workload, mesh: MeshKind) -> bool:
    """Return whether the workload's tasks register in DNS.

    Not where Service Connect names them, and not where two versions run side by side during a rollout:
    DNS would answer with both, past the share of traffic that the rollout means each to have.
    """
    is_connected = mesh is MeshKind.SERVICE_CONNECT
    return bool(workload.ports) and not is_connected and not shifts_traffic(service_rollout(workload, mesh))


def reachable_hosts(request: EcsEnvironment, scope: Scope) -> dict[str, str]:
    """Return the addresses of the workloads that others can reach by name.

    Express Mode registers its tasks with no name: what it runs is reached by its own address alone.
    """
    mesh = request.mesh.kind
    return {
        workload.name: host_name(scope, workload)
        for workload in _ordinary_workloads(request)
        if is_registered(workload, mesh) or (workload.ports and mesh is not MeshKind.NONE)
    }


def _ordinary_workloads(request: EcsEnvironment) -> tuple[Workload, ...]:
    in_express = {workload.name for workload in request.express_workloads}
    return tuple(workload for workload in request.workloads if workload.name not in in_express)


@dataclass(frozen=True, slots=True)
class NamespaceArgs:
    """Where the names resolve: in DNS of the VPC, or by the service mesh alone."""

    scope: Scope
    vpc_id: pulumi.Input[str]
    is_http_only: bool


class Namespace(pulumi.ComponentResource):
    """A Cloud Map namespace."""

    id: pulumi.Output[str]
    arn: pulumi.Output[str]
    name: str

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the namespace."""
        super().__init__("berth:ecs:Namespace", name, None, opts)
        self.name = namespace_name(args.scope)
        namespace = self._make(name, args)
        self.id = namespace.id
        self.arn = namespace.arn
        self.register_outputs({"arn": self.arn})

    def _make(
        self, name: str, args: NamespaceArgs
    ) -> aws.servicediscovery.HttpNamespace | aws.servicediscovery.PrivateDnsNamespace:
        child = pulumi.ResourceOptions(parent=self)
        description = f"Workloads of {args.scope.prefix}"
        tags = args.scope.tagged(self.name)
        if args.is_http_only:
            return aws.servicediscovery.HttpNamespace(
                f"{name}-http", name=self.name, description=description, tags=tags, opts=child
            )
        return aws.servicediscovery.PrivateDnsNamespace(
            f"{name}-dns", name=self.name, vpc=args.vpc_id, description=description, tags=tags, opts=child
        )


def make_namespace(
    request: EcsEnvironment, scope: Scope, placement: NetworkPlacement, opts: pulumi.ResourceOptions
) -> Namespace | None:
    """Make the environment's namespace; None where no workload has a name to register."""
    if not any(workload.ports for workload in _ordinary_workloads(request)):
        return None
    is_http_only = request.mesh.kind is MeshKind.SERVICE_CONNECT
    return Namespace("names", NamespaceArgs(scope, placement.vpc_id, is_http_only), opts)


def register_workload(
    name: str, scope: Scope, namespace: Namespace, label: str, owner: pulumi.Resource
) -> aws.servicediscovery.Service:
    """Make the Cloud Map service that a workload's tasks register with, by address."""
    return aws.servicediscovery.Service(
        f"{name}-discovery",
        name=label,
        description=f"Tasks of {label}",
        dns_config=aws.servicediscovery.ServiceDnsConfigArgs(
            namespace_id=namespace.id,
            routing_policy="MULTIVALUE",
            dns_records=[
                aws.servicediscovery.ServiceDnsConfigDnsRecordArgs(ttl=_RECORD_TTL_SECONDS, type="A")
            ],
        ),
        # ECS itself reports each task's health.
        health_check_custom_config={},
        force_destroy=True,
        tags=scope.tagged(f"{label}.{namespace.name}"),
        opts=pulumi.ResourceOptions(parent=owner),
    )
