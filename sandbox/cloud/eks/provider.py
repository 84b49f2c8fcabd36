"""The simulated EKS component provider: components whose children are the real components' children."""

from collections.abc import Awaitable, Callable, Mapping

from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.construct.monitor import Monitor, open_channel
from sandbox.cloud.eks.addons import separate_addon
from sandbox.cloud.eks.cluster import make_cluster
from sandbox.cloud.eks.node_group import core_of, managed_node_group
from sandbox.cloud.eks.parts import Making
from sandbox.cloud.provider.components import ComponentsOnly
from sandbox.cloud.provider.errors import UnknownTokenError
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.wire.structs import properties_from, struct_of
from sandbox.cloud.wire.values import Properties, Reference, revealed_properties

_CLUSTER = "eks:index:Cluster"
_ADDON = "eks:index:Addon"
_NODE_GROUP = "eks:index:ManagedNodeGroup"


class EksProvider(ComponentsOnly):
    """Serves the components of the installed pulumi_eks package; it has no resources of its own."""

    def __init__(self, package: SdkPackage) -> None:
        self._package = package

    @property
    def version(self) -> str:
        """The version of pulumi_eks."""
        return self._package.version

    async def construct(self, request: rpc.ConstructRequest) -> rpc.ConstructResponse:
        """Make a component and its children."""
        make = _COMPONENTS.get(request.type)
        if make is None:
            raise UnknownTokenError(f"unknown component type {request.type}")
        arguments = revealed_properties(properties_from(request.inputs))
        async with open_channel(request.monitorEndpoint) as channel:
            monitor = Monitor(request, channel)
            parent = request.parent
            if request.type == _ADDON and isinstance(arguments.get("cluster"), Reference):
                parent = _urn(arguments)
            component = await monitor.component(request.type, request.name, parent)
            aws = request.providers.get("aws", "")
            outputs = await make(Making(monitor, component.urn, request.name, arguments, aws))
            await monitor.finish(component, outputs)
        return rpc.ConstructResponse(urn=component.urn, state=struct_of(outputs))


def _urn(arguments: Properties) -> str:
    cluster = arguments.get("cluster")
    return cluster.urn if isinstance(cluster, Reference) else ""


async def _addon(making: Making) -> Properties:
    core = await core_of(making) if isinstance(making.arguments.get("cluster"), Reference) else {}
    await separate_addon(making, core.get("cluster"))
    return {}


_COMPONENTS: Mapping[str, Callable[[Making], Awaitable[Properties]]] = {
    _CLUSTER: make_cluster,
    _NODE_GROUP: managed_node_group,
    _ADDON: _addon,
}
