"""The mesh's gateway: an Envoy of its own behind the load balancer, for traffic from outside."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.envoy_rights import envoy_statements
from programs.components.load_balancer import LoadBalancer
from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.secret_grants import SecretGrants
from programs.components.security_group import (
    PeerRule,
    SecurityGroup,
    SecurityGroupArgs,
    admit_peer,
    let_out_to_peer,
)
from programs.ecs.app_mesh.envoy import ENVOY_NAME, envoy_container
from programs.ecs.app_mesh.mesh import AppMesh, meshed_ports
from programs.ecs.app_mesh.naming import GATEWAY, virtual_gateway_arn
from programs.ecs.exposure import PublicRoute, PublicRouteArgs
from programs.ecs.log_configuration import awslogs
from programs.ecs.platform import Platform
from programs.ecs.rollout import Patience
from programs.ecs.service import Service, ServiceArgs
from programs.ecs.task_definition import TaskDefinition, TaskDefinitionArgs, TaskSize
from programs.ecs.task_roles import TaskRoles, TaskRolesArgs
from programs.planning.priorities import MAX_PRIORITY
from programs.request.containers import Port, Protocol
from programs.request.exposure import Exposure
from programs.request.rollout import Rollout
from programs.request.workload import Architecture, Workload

_PORT = Port(port=8080)
_EXPOSURE = Exposure()
_TASKS = 2  # one for each of two zones


@dataclass(frozen=True, slots=True)
class MeshGatewayArgs:
    """What the gateway leads to: every workload that speaks HTTP in the mesh."""

    platform: Platform
    mesh: AppMesh
    balancer: LoadBalancer
    workloads: Sequence[Workload]


class MeshGateway(pulumi.ComponentResource):
    """A virtual gateway and the service that runs it, for requests that no public workload claims."""

    def __init__(self, name: str, args: MeshGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the gateway, its routes and its service."""
        super().__init__("berth:ecs:MeshGateway", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self._called = [one for one in args.workloads if _http_port(one) is not None]
        gateway = self._make_gateway()
        for workload in self._called:
            self._make_route(gateway, workload)
        self._make_service(self._make_security_group(), gateway)
        self.register_outputs({})

    def _make_gateway(self) -> aws.appmesh.VirtualGateway:
        scope, mtls = self._args.platform.scope, self._args.mesh.settings.mtls
        listener = aws.appmesh.VirtualGatewaySpecListenerArgs(
            port_mapping=aws.appmesh.VirtualGatewaySpecListenerPortMappingArgs(
                port=_PORT.port, protocol="http"
            )
        )
        authority_arn = mtls.certificate_authority_arn if mtls is not None else None
        return aws.appmesh.VirtualGateway(
            f"{self._name}-gateway",
            name=GATEWAY,
            mesh_name=self._args.mesh.name,
            spec=aws.appmesh.VirtualGatewaySpecArgs(
                listeners=[listener], backend_defaults=_backend_defaults(authority_arn)
            ),
            tags=scope.tagged(scope.name(GATEWAY)),
            opts=self._child,
        )

    def _make_route(self, gateway: aws.appmesh.VirtualGateway, workload: Workload) -> None:
        """Lead `/NAME/` to a workload; where there is but one, everything."""
        platform = self._args.platform
        prefix = "/" if len(self._called) == 1 else f"/{workload.name}/"
        service = aws.appmesh.GatewayRouteSpecHttpRouteActionTargetVirtualServiceArgs(
            virtual_service_name=platform.hosts[workload.name]
        )
        action = aws.appmesh.GatewayRouteSpecHttpRouteActionArgs(
            target=aws.appmesh.GatewayRouteSpecHttpRouteActionTargetArgs(virtual_service=service)
        )
        aws.appmesh.GatewayRoute(
            f"{self._name}-to-{workload.name}",
            name=workload.name,
            mesh_name=self._args.mesh.name,
            virtual_gateway_name=gateway.name,
            spec=aws.appmesh.GatewayRouteSpecArgs(
                http_route=aws.appmesh.GatewayRouteSpecHttpRouteArgs(
                    action=action, match=aws.appmesh.GatewayRouteSpecHttpRouteMatchArgs(prefix=prefix)
                )
            ),
            tags=platform.scope.tagged(platform.scope.name(workload.name)),
            opts=self._child,
        )

    def _make_security_group(self) -> SecurityGroup:
        platform = self._args.platform
        args = SecurityGroupArgs(
            scope=platform.scope,
            part=GATEWAY,
            vpc_id=platform.placement.vpc_id,
            description="Mesh gateway: the load balancer in",
            allow_egress=True,
        )
        group = SecurityGroup(self._name, args, self._child)
        balancer_group = self._args.balancer.security_group
        inward = PeerRule(group, balancer_group, _PORT.port, "Requests from the load balancer")
        admit_peer(f"{self._name}-balancer", inward, self)
        outward = PeerRule(balancer_group, group, _PORT.port, "Requests to the mesh gateway")
        let_out_to_peer(f"{self._name}-balancer", outward, self)
        for workload in self._called:
            port = workload.ports[0].port
            rule = PeerRule(platform.security_groups[workload.name], group, port, "Requests from the gateway")
            admit_peer(f"{self._name}-{workload.name}", rule, self)
        return group

    def _make_service(self, group: SecurityGroup, gateway: aws.appmesh.VirtualGateway) -> None:
        platform = self._args.platform
        route_args = PublicRouteArgs(
            scope=platform.scope,
            workload=GATEWAY,
            balancer=self._args.balancer,
            vpc_id=platform.placement.vpc_id,
            exposure=_EXPOSURE,
            port=_PORT,
            priority=MAX_PRIORITY,
            rollout=Rollout(),
        )
        args = ServiceArgs(
            scope=platform.scope,
            service_name=GATEWAY,
            container_name=ENVOY_NAME,
            cluster_arn=platform.cluster.arn,
            task_definition_arn=self._make_task().arn,
            strategy=platform.capacity.plan.main.strategy,
            placement=platform.placement,
            security_group=group,
            desired_count=_TASKS if any(one.replicas.desired for one in self._args.workloads) else 0,
            is_autoscaled=False,
            rollout=Rollout(),
            allows_exec=False,
            waits_until_steady=True,
            depends_on=(platform.capacity.association, gateway),
            container_port=_PORT.port,
            route=PublicRoute(self._name, route_args, self._child),
            patience=Patience(
                _EXPOSURE.health_check_grace_period_seconds, _EXPOSURE.deregistration_delay_seconds
            ),
        )
        Service(self._name, args, self._child)

    def _make_task(self) -> TaskDefinition:
        platform, mtls = self._args.platform, self._args.mesh.settings.mtls
        scope = platform.scope
        logs = LogGroup(self._name, LogGroupArgs(scope, part=GATEWAY, key_arn=platform.key_arn), self._child)
        gateway_arn = virtual_gateway_arn(scope)
        authority_arn = mtls.certificate_authority_arn if mtls is not None else None
        roles = TaskRoles(
            self._name,
            TaskRolesArgs(
                scope=scope,
                workload=GATEWAY,
                log_group_arn=logs.arn,
                repository_arns=(),
                secrets=SecretGrants(),
                extra_statements=envoy_statements((gateway_arn,), (), authority_arn),
            ),
            self._child,
        )
        driver = awslogs(logs.name, scope.region, ENVOY_NAME)
        envoy = envoy_container(gateway_arn, driver, scope.region, has_tracing=False, ports=(_PORT.port,))
        args = TaskDefinitionArgs(
            scope=scope,
            workload=GATEWAY,
            containers=(envoy,),
            size=TaskSize(256, 512, None),
            architecture=Architecture.X86_64,
            compatibilities=(platform.capacity.plan.main.family.value,),
            roles=roles,
        )
        return TaskDefinition(self._name, args, self._child)


def _http_port(workload: Workload) -> Port | None:
    ports = meshed_ports(workload)
    return ports[0] if ports and ports[0].protocol is Protocol.HTTP else None


def _backend_defaults(
    authority_arn: str | None,
) -> aws.appmesh.VirtualGatewaySpecBackendDefaultsArgs | None:
    if authority_arn is None:
        return None
    trust = aws.appmesh.VirtualGatewaySpecBackendDefaultsClientPolicyTlsValidationTrustArgs(
        acm=aws.appmesh.VirtualGatewaySpecBackendDefaultsClientPolicyTlsValidationTrustAcmArgs(
            certificate_authority_arns=[authority_arn]
        )
    )
    tls = aws.appmesh.VirtualGatewaySpecBackendDefaultsClientPolicyTlsArgs(
        enforce=True,
        validation=aws.appmesh.VirtualGatewaySpecBackendDefaultsClientPolicyTlsValidationArgs(trust=trust),
    )
    return aws.appmesh.VirtualGatewaySpecBackendDefaultsArgs(
        client_policy=aws.appmesh.VirtualGatewaySpecBackendDefaultsClientPolicyArgs(tls=tls)
    )
