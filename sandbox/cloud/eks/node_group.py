"""The component `eks:index:ManagedNodeGroup`."""

from sandbox.cloud.construct.monitor import Child
from sandbox.cloud.eks.parts import Making
from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.wire.values import UNKNOWN, Properties, Reference, Value, is_properties

_PASSED_ON = (
    "amiType",
    "capacityType",
    "diskSize",
    "forceUpdateVersion",
    "instanceTypes",
    "labels",
    "launchTemplate",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "releaseVersion",
    "remoteAccess",
    "tags",
    "taints",
    "version",
)
_DEFAULT_SCALING: Properties = {"desiredSize": 2, "maxSize": 2, "minSize": 1}


async def managed_node_group(making: Making) -> Properties:
    """Make the node group and return the component's outputs."""
    arguments = making.arguments
    core = await core_of(making)
    role_arn = arguments.get("nodeRoleArn")
    if role_arn is None and arguments.get("nodeRole") is not None:
        role_arn = await making.property_of(arguments["nodeRole"], "arn")
    if role_arn is None:
        raise CloudError("nodeRole or nodeRoleArn must be set on a managed node group")
    subnet_ids = arguments.get("subnetIds") or core.get("privateSubnetIds") or core.get("subnetIds")
    cluster_name = arguments.get("clusterName") or await making.property_of(core.get("cluster"), "name")
    inputs: Properties = {
        "clusterName": cluster_name,
        "nodeRoleArn": role_arn,
        "scalingConfig": arguments.get("scalingConfig") or _DEFAULT_SCALING,
        "subnetIds": subnet_ids,
        **{name: arguments.get(name) for name in _PASSED_ON},
    }
    made = await _make(making, inputs, core.get("cluster"))
    return {"nodeGroup": made.reference, "placementGroupName": ""}


async def core_of(making: Making) -> Properties:
    """The core data of the cluster that the arguments name, as a component or as data."""
    given: Value = making.arguments.get("cluster")
    if isinstance(given, Reference):
        core = (await making.monitor.state_of(given)).get("core")
        return core if is_properties(core) else {"cluster": UNKNOWN, "subnetIds": UNKNOWN}
    return given if is_properties(given) else {"cluster": UNKNOWN, "subnetIds": UNKNOWN}


async def _make(making: Making, inputs: Properties, cluster: Value) -> Child:
    ignored = ("scalingConfig.desiredSize",) if making.arguments.get("ignoreScalingChanges") else ()
    given: Properties = {name: value for name, value in inputs.items() if value is not None}
    needed = [cluster] if isinstance(cluster, Reference) else []
    options = making.options(*needed, ignore_changes=ignored)
    return await making.monitor.custom("aws:eks/nodeGroup:NodeGroup", making.name, given, options)
