"""The controllers a cluster runs, as far as the request needs them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from programs.components.key import EncryptionKey
from programs.components.network import NetworkPlacement
from programs.eks.addons import make_default_storage_class
from programs.eks.app_mesh import AppMesh
from programs.eks.gpus import make_device_plugin
from programs.eks.karpenter import Karpenter, KarpenterArgs
from programs.eks.lattice import Lattice, LatticeArgs
from programs.eks.load_balancer_controller import LoadBalancerController, make_auto_mode_ingress_class
from programs.eks.observers import (
    make_cloudwatch_agent,
    make_collector,
    make_log_forwarder,
    make_metric_log_group,
)
from programs.eks.platform import Platform
from programs.eks.roles import Role
from programs.eks.scaling import follows_requests
from programs.eks.secrets import named_secrets
from programs.eks.small_controllers import (
    make_argo_rollouts,
    make_cluster_autoscaler,
    make_external_dns,
    make_external_secrets,
    make_flagger,
    make_keda,
)
from programs.request import EksEnvironment
from programs.request.eks import Autoscaler, Delivery, Telemetry
from programs.request.eks_addons import AddonName
from programs.request.mesh import MeshKind
from programs.request.sidecars import KnownSidecar


@dataclass(frozen=True, slots=True)
class ControllersArgs:
    """What the request asks for, and what controllers are made with."""

    request: EksEnvironment
    platform: Platform
    placement: NetworkPlacement
    key: EncryptionKey
    node_role: Role
    security_group_id: pulumi.Input[str]


class Controllers(pulumi.ComponentResource):
    """Everything that runs for all workloads alike; `ready` is what workloads wait for."""

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: ControllersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Install what the request needs."""
        super().__init__("berth:eks:Controllers", name, None, opts)
        self._args, self._cluster = args, args.request.cluster
        self._child = pulumi.ResourceOptions(parent=self)
        balancing = list(self._balancing())
        self.ready = (
            *balancing,
            *self._compute(),
            *self._gpus(),
            *self._mesh(),
            *self._delivery(balancing),
            *self._secrets_and_metrics(),
            *self._observe(),
        )
        self._make_storage_class()
        self.register_outputs({})

    def _balancing(self) -> Iterator[pulumi.Resource]:
        args, platform = self._args, self._args.platform
        if self._cluster.auto_mode:
            is_internal = args.request.load_balancer.internal
            subnet_ids = args.placement.balancer_subnet_ids(is_internal=is_internal)
            yield make_auto_mode_ingress_class(platform, subnet_ids, is_internal=is_internal, parent=self)
            return
        if self._cluster.load_balancer_controller:
            vpc_id = args.placement.vpc_id
            yield LoadBalancerController("load-balancer-controller", platform, vpc_id, self._child).release

    def _compute(self) -> Iterator[pulumi.Resource]:
        args, platform = self._args, self._args.platform
        match self._cluster.autoscaler:
            case Autoscaler.KARPENTER:
                karpenter = KarpenterArgs(
                    platform=platform,
                    settings=self._cluster.karpenter,
                    node_role=args.node_role,
                    security_group_id=args.security_group_id,
                    subnet_ids=args.placement.private_subnet_ids,
                    has_node_groups=bool(self._cluster.node_groups),
                )
                yield from Karpenter("karpenter", karpenter, self._child).ready
            case Autoscaler.CLUSTER_AUTOSCALER:
                yield make_cluster_autoscaler(platform, self._child)
            case Autoscaler.NONE:
                return

    def _gpus(self) -> Iterator[pulumi.Resource]:
        plugin = make_device_plugin(self._args.platform, self._cluster, self)
        if plugin is not None:
            yield plugin

    def _mesh(self) -> Iterator[pulumi.Resource]:
        args, platform, mesh = self._args, self._args.platform, self._args.request.mesh
        if mesh.kind is MeshKind.VPC_LATTICE:
            lattice = LatticeArgs(
                platform, mesh, args.placement.vpc_id, args.security_group_id, args.request.workloads
            )
            yield from Lattice("lattice", lattice, self._child).ready
        if mesh.kind is MeshKind.APP_MESH:
            yield from AppMesh("app-mesh", platform, mesh, self._child).ready

    def _delivery(self, balancing: list[pulumi.Resource]) -> Iterator[pulumi.Resource]:
        platform, mesh = self._args.platform, self._args.request.mesh.kind
        match self._cluster.delivery:
            case Delivery.ARGO_ROLLOUTS:
                yield make_argo_rollouts(platform, self._child)
            case Delivery.FLAGGER:
                yield make_flagger(platform, mesh, self._child, balancing)
            case Delivery.NONE:
                return

    def _secrets_and_metrics(self) -> Iterator[pulumi.Resource]:
        request, platform = self._args.request, self._args.platform
        if any(named_secrets(workload) for workload in request.workloads):
            yield make_external_secrets(platform, self._child)
        if any(follows_requests(workload) for workload in request.workloads):
            yield make_keda(platform, self._child)

    def _observe(self) -> Iterator[pulumi.Resource]:
        """Make what observes; what workloads wait for is only what their own collectors write to."""
        platform, key = self._args.platform, self._args.key
        if self._cluster.log_forwarding:
            make_log_forwarder(platform, key, self._child)
        if self._cluster.telemetry is Telemetry.CLOUDWATCH_AGENT:
            make_cloudwatch_agent(platform, self._child)
        has_collector = self._cluster.telemetry is Telemetry.ADOT
        if has_collector or self._has_collector_sidecars():
            metric_logs = make_metric_log_group(platform.scope, key, self._child)
            yield metric_logs
            if has_collector:
                make_collector(platform, metric_logs, self._child)
        if self._cluster.external_dns_zones:
            make_external_dns(platform, self._cluster.external_dns_zones, self._child, [])

    def _has_collector_sidecars(self) -> bool:
        return any(KnownSidecar.OTEL in workload.sidecars for workload in self._args.request.workloads)

    def _make_storage_class(self) -> None:
        has_driver = AddonName.EBS_CSI_DRIVER in self._cluster.addons or self._cluster.auto_mode
        if has_driver:
            has_auto_mode = self._cluster.auto_mode
            make_default_storage_class(self._args.platform, self, has_auto_mode=has_auto_mode)
