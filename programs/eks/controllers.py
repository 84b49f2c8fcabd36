"""The controllers a cluster runs, as far as the request needs them."""

import pulumi

from programs.components.network import NetworkPlacement
from programs.eks.load_balancer_controller import LoadBalancerController, make_auto_mode_ingress_class
from programs.eks.platform import Platform
from programs.eks.roles import Role
from programs.request import EksEnvironment


class Controllers(pulumi.ComponentResource):
    """Everything that runs for all workloads alike."""

    ready: tuple[pulumi.Resource, ...]

    def __init__(
        self,
        name: str,
        request: EksEnvironment,
        platform: Platform,
        placement: NetworkPlacement,
        node_role: Role,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Install what the request needs."""
        super().__init__("berth:eks:Controllers", name, None, opts)
        self._request, self._platform, self._placement = request, platform, placement
        self._node_role = node_role
        self._child = pulumi.ResourceOptions(parent=self)
        self.ready = tuple(self._balancing())
        self.register_outputs({})

    def _balancing(self) -> list[pulumi.Resource]:
        cluster = self._request.cluster
        if cluster.auto_mode:
            is_internal = self._request.load_balancer.internal
            return [make_auto_mode_ingress_class(self._platform, is_internal=is_internal, parent=self)]
        if not cluster.load_balancer_controller:
            return []
        controller = LoadBalancerController(
            "load-balancer-controller", self._platform, self._placement.vpc_id, self._child
        )
        return [controller.release]


def make_controllers(
    request: EksEnvironment,
    platform: Platform,
    placement: NetworkPlacement,
    node_role: Role,
    opts: pulumi.ResourceOptions,
) -> tuple[pulumi.Resource, ...]:
    """Install the controllers and return what workloads wait for."""
    return Controllers("controllers", request, platform, placement, node_role, opts).ready
