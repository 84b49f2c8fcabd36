"""Everything that one workload needs: its log, roles, tasks, route, services, alarms and scaling."""

import pulumi
import pulumi_aws as aws

from programs.components.images import uses_own_repository
from programs.components.security_group import PeerRule, admit_peer, let_out_to_peer
from programs.ecs.alarms import WorkloadAlarms, WorkloadAlarmsArgs
from programs.ecs.app_mesh.membership import join_mesh, mesh_node_arn
from programs.ecs.autoscaling import Autoscaling, AutoscalingArgs, RequestMetric
from programs.ecs.cluster import cluster_name
from programs.ecs.codedeploy import CodeDeployArgs, CodeDeployGroup
from programs.ecs.exposure import PublicRoute, PublicRouteArgs
from programs.ecs.metrics import RouteMetrics, ServiceMetrics
from programs.ecs.platform import Platform
from programs.ecs.rollout import Patience, is_native, service_rollout
from programs.ecs.service import Service, ServiceArgs
from programs.ecs.service_connect import connect_configuration
from programs.ecs.service_share import ServiceShare, service_shares
from programs.ecs.task_containers import (
    TaskContext,
    ephemeral_storage_gib,
    scratch_volume_names,
    task_containers,
)
from programs.ecs.task_definition import EnvoyProxy, TaskDefinition, TaskDefinitionArgs, TaskSize
from programs.ecs.task_foundation import lay_foundation
from programs.request.workload import Workload


class WorkloadDeployment(pulumi.ComponentResource):
    """A workload on ECS; its resources hang on it alone, but that its services come after `awaited` ones."""

    log_group_name: str
    discovery_name: str | None
    services: dict[str, Service]
    task_definition: TaskDefinition
    route: PublicRoute | None
    code_deploy: CodeDeployGroup | None

    def __init__(
        self,
        name: str,
        workload: Workload,
        platform: Platform,
        awaited: tuple[Service, ...] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workload's resources."""
        super().__init__("berth:ecs:Workload", name, None, opts)
        self._name = name
        self._workload = workload
        self._platform = platform
        self._awaited = awaited
        self._child = pulumi.ResourceOptions(parent=self)
        self._rollout = service_rollout(workload, platform.mesh)
        self._shares = service_shares(workload, platform.capacity.plan, platform.mesh)
        self._membership = join_mesh(name, workload, platform, self)
        self._foundation = lay_foundation(name, workload, platform, self, self._membership.statements)
        self.log_group_name = self._foundation.logs.name
        self.discovery_name = platform.hosts.get(workload.name)
        self._admit_balancer()
        self.route = self._make_route()
        self._alarms = {share.suffix: self._make_alarms(share.suffix) for share in self._shares}
        self._definitions = self._make_task_definitions()
        self.task_definition = self._definitions[""]
        self.services = self._make_services()
        self.code_deploy = self._make_code_deploy()
        self._scale()
        self.register_outputs({"service_arn": self.service.arn})

    @property
    def service(self) -> Service:
        """The workload's main service."""
        return self.services[""]

    def route_metrics(self) -> RouteMetrics | None:
        """Return what the load balancer counts for the workload; None where it is private."""
        balancer = self._platform.balancer
        if self.route is None or balancer is None:
            return None
        return RouteMetrics(balancer.arn_suffix, self.route.target_groups())

    def service_metrics(self, suffix: str = "") -> ServiceMetrics:
        """Return what ECS counts for one of the workload's services, the main one where none is named."""
        return ServiceMetrics(cluster_name(self._platform.scope), f"{self._workload.name}{suffix}")

    def _admit_balancer(self) -> None:
        workload, balancer = self._workload, self._platform.balancer
        if workload.public is None or balancer is None:
            return
        own_group, port = self._platform.security_groups[workload.name], workload.ports[0].port
        inward = PeerRule(own_group, balancer.security_group, port, "Requests from the load balancer")
        admit_peer(f"{self._name}-balancer", inward, self)
        outward = PeerRule(balancer.security_group, own_group, port, f"Requests to {workload.name}")
        let_out_to_peer(f"{self._name}-balancer", outward, self)

    def _make_route(self) -> PublicRoute | None:
        workload, platform = self._workload, self._platform
        if workload.public is None or platform.balancer is None:
            return None
        args = PublicRouteArgs(
            scope=platform.scope,
            workload=workload.name,
            balancer=platform.balancer,
            vpc_id=platform.placement.vpc_id,
            exposure=workload.public,
            port=workload.ports[0],
            priority=platform.priorities[workload.name],
            rollout=self._rollout,
        )
        return PublicRoute(self._name, args, self._child)

    def _make_alarms(self, suffix: str) -> WorkloadAlarms:
        """Make the alarms of one service; those over the workload's traffic are the main one's."""
        policy = self._platform.alarms
        args = WorkloadAlarmsArgs(
            scope=self._platform.scope,
            service_label=f"{self._workload.name}{suffix}",
            service=self.service_metrics(suffix),
            route=None if suffix else self.route_metrics(),
            thresholds=policy.thresholds,
            rollback_alarms=self._workload.rollout.rollback_alarms,
            topic_arn=policy.topic_arn,
            counts_tasks=policy.counts_tasks,
        )
        return WorkloadAlarms(f"{self._name}{suffix}", args, self._child)

    def _all_alarms(self) -> list[aws.cloudwatch.MetricAlarm]:
        return [alarm for alarms in self._alarms.values() for alarm in alarms.alarms]

    def _rollback_names(self, suffix: str) -> tuple[str, ...]:
        """Return the alarms that end a service's rollout: its own, and those over the workload's traffic."""
        own = self._alarms[suffix].rollback_names
        return tuple(dict.fromkeys((*self._alarms[""].route_rollback_names, *own)))

    def _make_task_definitions(self) -> dict[str, TaskDefinition]:
        """Make one task definition for all services; a canary's Envoy needs one of its own."""
        definitions = {"": self._make_task_definition("")}
        for share in self._shares:
            if share.is_canary:
                definitions[share.suffix] = self._make_task_definition(share.suffix)
        return definitions

    def _make_task_definition(self, suffix: str) -> TaskDefinition:
        workload, platform = self._workload, self._platform
        node_arn = mesh_node_arn(workload, platform, suffix)
        context = TaskContext(
            scope=platform.scope,
            log_group_name=self.log_group_name,
            hosts=platform.hosts,
            has_tracing=platform.has_tracing,
            are_ports_named=platform.connect is not None,
            mesh_node_arn=node_arn,
        )
        families = dict.fromkeys(share.family.family.value for share in self._shares)
        args = TaskDefinitionArgs(
            scope=platform.scope,
            workload=f"{workload.name}{suffix}",
            containers=task_containers(workload, context),
            size=TaskSize(workload.cpu_units, workload.memory_mib, ephemeral_storage_gib(workload)),
            architecture=workload.architecture,
            compatibilities=tuple(families),
            roles=self._foundation.roles,
            file_systems=workload.volumes,
            scratch_volumes=scratch_volume_names(workload),
            proxy=EnvoyProxy.before(workload) if node_arn is not None else None,
        )
        return TaskDefinition(f"{self._name}{suffix}", args, self._child)

    def _make_services(self) -> dict[str, Service]:
        """Make the services in their order: what a canary proves comes after it."""
        services: dict[str, Service] = {}
        proven: list[pulumi.Resource] = []
        for share in self._shares:
            service = self._make_service(share, tuple(proven))
            services[share.suffix] = service
            if share.is_canary:
                proven.append(service)
        return services

    def _make_service(self, share: ServiceShare, proven: tuple[pulumi.Resource, ...]) -> Service:
        workload, platform = self._workload, self._platform
        args = ServiceArgs(
            scope=platform.scope,
            service_name=f"{workload.name}{share.suffix}",
            container_name=workload.name,
            cluster_arn=platform.cluster.arn,
            task_definition_arn=self._definitions.get(share.suffix, self.task_definition).arn,
            strategy=share.family.strategy,
            placement=platform.placement,
            security_group=platform.security_groups[workload.name],
            desired_count=share.desired,
            is_autoscaled=workload.scaling is not None and not share.is_canary,
            rollout=self._rollout,
            allows_exec=workload.exec,
            waits_until_steady=not uses_own_repository(workload),
            depends_on=(platform.capacity.association, *self._all_alarms(), *self._awaited, *proven),
            container_port=workload.ports[0].port if workload.ports else None,
            route=self.route,
            patience=self._patience(),
            registry_arn=self._registry_arn(share),
            connect=self._connect_configuration(),
            alarm_names=self._rollback_names(share.suffix),
        )
        return Service(f"{self._name}{share.suffix}", args, self._child)

    def _patience(self) -> Patience | None:
        exposure = self._workload.public
        if exposure is None or self.route is None:
            return None
        return Patience(exposure.health_check_grace_period_seconds, exposure.deregistration_delay_seconds)

    def _registry_arn(self, share: ServiceShare) -> pulumi.Output[str] | None:
        node = self._membership.registries.get(share.suffix if share.is_canary else "")
        return node.arn if node is not None else None

    def _connect_configuration(self) -> aws.ecs.ServiceServiceConnectConfigurationArgs | None:
        connect = self._platform.connect
        if connect is None:
            return None
        return connect_configuration(self._workload, connect, self.log_group_name)

    def _make_code_deploy(self) -> CodeDeployGroup | None:
        workload, balancer = self._workload, self._platform.balancer
        if is_native(self._rollout) or self.route is None or balancer is None or workload.public is None:
            return None
        test_port = workload.public.test_port
        args = CodeDeployArgs(
            scope=self._platform.scope,
            workload=workload.name,
            cluster_name=cluster_name(self._platform.scope),
            service_name=self.service.name,
            route=self.route,
            listener_arn=balancer.listener_arn,
            test_listener_arn=balancer.test_listener_arns[test_port] if test_port is not None else None,
            container_port=workload.ports[0].port,
            placement=self._platform.placement,
            security_group=self._platform.security_groups[workload.name],
            strategy=self._shares[0].family.strategy,
            rollout=self._rollout,
            roles=self._foundation.roles,
            alarm_names=self._rollback_names(""),
        )
        return CodeDeployGroup(self._name, args, self._child)

    def _scale(self) -> None:
        workload, platform = self._workload, self._platform
        if workload.scaling is None:
            return
        requests = None
        if self.route is not None and platform.balancer is not None:
            requests = RequestMetric(platform.balancer.arn_suffix, self.route.target_groups())
        for share in self._shares:
            if share.is_canary:
                continue
            args = AutoscalingArgs(
                scope=platform.scope,
                service_name=self.services[share.suffix].name,
                service_label=f"{workload.name}{share.suffix}",
                cluster_name=platform.cluster.name,
                minimum=share.minimum,
                maximum=share.maximum,
                scaling=workload.scaling,
                scheduled=share.scheduled,
                requests=requests,
            )
            Autoscaling(f"{self._name}{share.suffix}", args, self._child)
