"""A workload inside the cluster, from its namespace to its place on the load balancer."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.networking.v1 import Ingress

from programs.components.key import EncryptionKey
from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.policy import Statement
from programs.eks.containers import PodContext
from programs.eks.delivery import DeliveryKind, delivery_of, flagger_delivered
from programs.eks.deployments import make_disruption_budget
from programs.eks.exec_access import ExecAccess
from programs.eks.file_systems import make_file_systems
from programs.eks.identity import Identity, IdentityArgs
from programs.eks.ingress import Entrance, make_ingress
from programs.eks.known_sidecars import known_sidecars_of
from programs.eks.lattice import LATTICE_BLOCK, is_routed, make_route
from programs.eks.meshed_workload import MeshedWorkload, MeshedWorkloadArgs
from programs.eks.namespace import Namespace, NamespaceArgs
from programs.eks.network_policies import make_network_policy
from programs.eks.platform import Platform
from programs.eks.scaling import make_autoscaler
from programs.eks.schedules import Schedule, ScheduleArgs
from programs.eks.secrets import WorkloadSecrets, named_secrets
from programs.eks.versions import Versions, VersionsArgs
from programs.request import EksEnvironment
from programs.request.mesh import MeshKind
from programs.request.rules.nodes import runs_on_fargate
from programs.request.sidecars import KnownSidecar
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all workloads of an environment share.

    `controllers` must run before a workload can: what makes load balancers, secrets, rollouts.
    `balancer_blocks` are the address ranges of the load balancer.
    """

    request: EksEnvironment
    platform: Platform
    key: EncryptionKey
    entrance: Entrance
    hosts: Mapping[str, str]
    callers: Mapping[str, tuple[str, ...]]
    balancer_blocks: tuple[str, ...]
    controllers: tuple[pulumi.Resource, ...]
    namespace_labels: tuple[tuple[str, str], ...] = ()


class WorkloadDeployment(pulumi.ComponentResource):
    """Everything one workload consists of; nothing here touches another workload's."""

    ingress: Ingress | None

    def __init__(
        self,
        name: str,
        workload: Workload,
        around: Surroundings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workload."""
        super().__init__("berth:eks:Workload", name, None, opts)
        self._name, self._workload, self._around = name, workload, around
        self._child = pulumi.ResourceOptions(parent=self)
        request, platform = around.request, around.platform
        self._sidecars = known_sidecars_of(workload, request)
        self._kind = delivery_of(workload, request.cluster.delivery)
        self._namespace = Namespace(
            f"{name}-home",
            NamespaceArgs(platform, workload, request.cluster.quota, around.namespace_labels),
            self._child,
        )
        meshed = self._join_app_mesh()
        statements, parts = (meshed.statements, meshed.made) if meshed is not None else ((), [])
        before = [self._namespace.resource, *parts, *self._make_belongings(statements)]
        inside = platform.inside(self, [*around.controllers, *before])
        context = PodContext(platform.scope, around.hosts, self._sidecars)
        versions = Versions(
            name,
            VersionsArgs(workload, self._kind, context, request, platform, around.controllers),
            inside,
            pulumi.ResourceOptions(parent=self),
        )
        self._make_rules(inside)
        self._make_scaling(versions, inside)
        self.ingress = self._make_entrance(versions)
        self._join_lattice(versions)
        self.register_outputs({})

    def _join_app_mesh(self) -> MeshedWorkload | None:
        around, workload = self._around, self._workload
        if around.request.mesh.kind is not MeshKind.APP_MESH:
            return None
        callees = sorted(called for called, callers in around.callers.items() if workload.name in callers)
        args = MeshedWorkloadArgs(
            around.platform,
            workload,
            around.request.mesh,
            [callee for callee in callees if callee in around.hosts],
            [*around.controllers, self._namespace.resource],
        )
        return MeshedWorkload(self._name, args, self._child)

    def _make_belongings(self, proxy_statements: tuple[Statement, ...]) -> list[pulumi.Resource]:
        """Make what pods refer to: accounts (with a mesh's proxy's rights), secrets, file systems, logs."""
        name, workload, around = self._name, self._workload, self._around
        identity = Identity(
            f"{name}-identity",
            IdentityArgs(
                around.platform,
                workload,
                self._sidecars,
                runs_on_fargate(workload, around.request),
                proxy_statements,
            ),
            self._namespace.resource,
            self._child,
        )
        made: list[pulumi.Resource] = [identity.account]
        if identity.secret_reader is not None and named_secrets(workload):
            ready = [identity.secret_reader, *around.controllers]
            made.append(
                WorkloadSecrets(f"{name}-secrets", workload, around.platform, ready, self._child).external
            )
        made += make_file_systems(name, workload, around.platform, self, self._namespace.resource)
        if KnownSidecar.FLUENT_BIT in self._sidecars:
            LogGroup(name, LogGroupArgs(around.platform.scope, workload.name, around.key.arn), self._child)
        if workload.exec:
            ExecAccess(f"{name}-exec", workload, around.platform, self._namespace.resource, self._child)
        return made

    def _make_rules(self, inside: pulumi.ResourceOptions) -> None:
        scope = self._around.platform.scope
        make_disruption_budget(self._name, self._workload, scope, inside)
        make_network_policy(
            self._name,
            self._workload,
            self._around.callers[self._workload.name],
            self._outer_blocks(),
            flagger_delivered(self._around.request),
            scope,
            inside,
        )

    def _outer_blocks(self) -> tuple[str, ...]:
        """Return the addresses that requests of the load balancer and of VPC Lattice come from."""
        workload, around = self._workload, self._around
        has_lattice = around.request.mesh.kind is MeshKind.VPC_LATTICE and is_routed(workload)
        balancer_blocks = around.balancer_blocks if workload.public is not None else ()
        return (*balancer_blocks, LATTICE_BLOCK) if has_lattice else balancer_blocks

    def _make_scaling(self, versions: Versions, inside: pulumi.ResourceOptions) -> None:
        workload, platform = self._workload, self._around.platform
        target = versions.scale_target
        autoscaler = make_autoscaler(self._name, workload, target, platform.scope, inside)
        if workload.scaling is not None and workload.scaling.schedule:
            Schedule(
                f"{self._name}-schedule",
                ScheduleArgs(
                    platform=platform,
                    workload=workload,
                    namespace=self._namespace.resource,
                    target=target,
                    schedule=workload.scaling.schedule,
                    has_autoscaler=autoscaler is not None,
                ),
                self._child,
            )

    def _make_entrance(self, versions: Versions) -> Ingress | None:
        if self._workload.public is None or versions.backend is None:
            return None
        platform = self._around.platform
        depends_on = [*self._around.controllers, self._namespace.resource, *versions.made]
        opts = platform.reaching_out(self, depends_on)
        return make_ingress(self._name, self._workload, versions.backend, self._around.entrance, opts)

    def _join_lattice(self, versions: Versions) -> None:
        around = self._around
        # Flagger makes a route of its own, whose weights are its to set.
        if around.request.mesh.kind is not MeshKind.VPC_LATTICE or self._kind is DeliveryKind.FLAGGER:
            return
        depends_on = [*around.controllers, self._namespace.resource, *versions.made]
        opts = around.platform.reaching_out(self, depends_on)
        make_route(self._name, self._workload, around.platform.scope, around.request.mesh, opts)
