"""The mesh, and each workload's place in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.ecs.app_mesh.naming import CANARY_SUFFIX, mesh_name
from programs.ecs.app_mesh.node_spec import NodeCertificate, NodeDiscovery, node_spec
from programs.ecs.app_mesh.route_spec import WeightedNode, route_spec
from programs.request.containers import Port, Protocol
from programs.request.mesh import Mesh, MeshKind
from programs.request.workload import Workload

_ALL = 100


class AppMesh(pulumi.ComponentResource):
    """A mesh whose tasks may also call addresses outside it."""

    name: pulumi.Output[str]
    settings: Mesh

    def __init__(
        self, name: str, scope: Scope, settings: Mesh, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the mesh."""
        super().__init__("berth:ecs:AppMesh", name, None, opts)
        physical_name = mesh_name(scope)
        mesh = aws.appmesh.Mesh(
            f"{name}-mesh",
            name=physical_name,
            spec=aws.appmesh.MeshSpecArgs(
                egress_filter=aws.appmesh.MeshSpecEgressFilterArgs(type="ALLOW_ALL")
            ),
            tags=scope.tagged(physical_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = mesh.name
        self.settings = settings
        self.register_outputs({"name": self.name})


def make_app_mesh(settings: Mesh, scope: Scope, opts: pulumi.ResourceOptions) -> AppMesh | None:
    """Make the mesh where the request asks for App Mesh."""
    return AppMesh("mesh", scope, settings, opts) if settings.kind is MeshKind.APP_MESH else None


@dataclass(frozen=True, slots=True)
class MeshedWorkloadArgs:
    """A workload in the mesh.

    `discovery` has a Cloud Map service for each node, the stable one first, where the workload listens;
    `backends` are the hosts it calls.
    """

    scope: Scope
    mesh: AppMesh
    workload: Workload
    host: str | None
    discovery: Sequence[NodeDiscovery]
    backends: Sequence[str]
    canary_percent: int | None


class MeshedWorkload(pulumi.ComponentResource):
    """A virtual node, a second one for a canary, and the router and service that callers see."""

    certificate_arn: pulumi.Output[str] | None
    nodes: tuple[aws.appmesh.VirtualNode, ...]

    def __init__(
        self, name: str, args: MeshedWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the workload's part of the mesh."""
        super().__init__("berth:ecs:MeshedWorkload", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        certificate = self._make_certificate()
        self.certificate_arn = (
            pulumi.Output.from_input(certificate.certificate_arn) if certificate is not None else None
        )
        stable = self._make_node(args.workload.name, 0, certificate)
        self.nodes = (stable,)
        if args.canary_percent is not None:
            canary = self._make_node(f"{args.workload.name}{CANARY_SUFFIX}", 1, certificate)
            self.nodes = (stable, canary)
        ports = meshed_ports(args.workload)
        if ports and args.host is not None:
            self._make_service(self._make_router(ports), args.host)
        self.register_outputs({})

    def _make_certificate(self) -> NodeCertificate | None:
        mtls, host = self._args.mesh.settings.mtls, self._args.host
        if mtls is None or host is None:
            return None
        authority_arn = mtls.certificate_authority_arn
        certificate = aws.acm.Certificate(
            f"{self._name}-certificate",
            domain_name=host,
            certificate_authority_arn=authority_arn,
            tags=self._args.scope.tagged(host),
            opts=self._child,
        )
        return NodeCertificate(certificate.arn, authority_arn)

    def _make_node(
        self, node: str, number: int, certificate: NodeCertificate | None
    ) -> aws.appmesh.VirtualNode:
        args = self._args
        discovery = args.discovery[number] if number < len(args.discovery) else None
        ports = meshed_ports(args.workload) if discovery is not None else ()
        return aws.appmesh.VirtualNode(
            f"{self._name}-node" if number == 0 else f"{self._name}-canary-node",
            name=node,
            mesh_name=args.mesh.name,
            spec=node_spec(ports, args.backends, discovery, certificate, args.mesh.settings),
            tags=args.scope.tagged(args.scope.name(node)),
            opts=self._child,
        )

    def _make_router(self, ports: Sequence[Port]) -> aws.appmesh.VirtualRouter:
        args = self._args
        listeners = [
            aws.appmesh.VirtualRouterSpecListenerArgs(
                port_mapping=aws.appmesh.VirtualRouterSpecListenerPortMappingArgs(
                    port=port.port, protocol=port.protocol.value
                )
            )
            for port in ports
        ]
        router = aws.appmesh.VirtualRouter(
            f"{self._name}-router",
            name=args.workload.name,
            mesh_name=args.mesh.name,
            spec=aws.appmesh.VirtualRouterSpecArgs(listeners=listeners),
            tags=args.scope.tagged(args.scope.name(args.workload.name)),
            opts=self._child,
        )
        shares = self._shares()
        for protocol in dict.fromkeys(port.protocol for port in ports):
            aws.appmesh.Route(
                f"{self._name}-route-{protocol}",
                name=f"{args.workload.name}-{protocol}",
                mesh_name=args.mesh.name,
                virtual_router_name=router.name,
                spec=route_spec(protocol, shares, args.mesh.settings),
                tags=args.scope.tagged(args.scope.name(args.workload.name)),
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(self.nodes)),
            )
        return router

    def _shares(self) -> list[WeightedNode]:
        name, percent = self._args.workload.name, self._args.canary_percent
        if percent is None:
            return [WeightedNode(name, _ALL)]
        return [WeightedNode(name, _ALL - percent), WeightedNode(f"{name}{CANARY_SUFFIX}", percent)]

    def _make_service(self, router: aws.appmesh.VirtualRouter, host: str) -> None:
        provider = aws.appmesh.VirtualServiceSpecProviderArgs(
            virtual_router=aws.appmesh.VirtualServiceSpecProviderVirtualRouterArgs(
                virtual_router_name=router.name
            )
        )
        aws.appmesh.VirtualService(
            f"{self._name}-virtual",
            name=host,
            mesh_name=self._args.mesh.name,
            spec=aws.appmesh.VirtualServiceSpecArgs(provider=provider),
            tags=self._args.scope.tagged(host),
            opts=self._child,
        )


def meshed_ports(workload: Workload) -> tuple[Port, ...]:
    """Return the ports whose traffic the mesh carries: all but UDP."""
    return tuple(port for port in workload.ports if port.protocol is not Protocol.UDP)
