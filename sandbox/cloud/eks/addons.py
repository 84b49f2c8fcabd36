"""Add-ons of a cluster: those that the cluster component brings, and the components for more."""

from sandbox.cloud.construct.monitor import Child
from sandbox.cloud.eks.parts import Making, as_json
from sandbox.cloud.wire.values import UNKNOWN, Properties, Reference, Value, object_of

_ADDON = "aws:eks/addon:Addon"
_CNI_SETTINGS = (
    ("nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT"),
    ("customNetworkConfig", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"),
    ("warmEniTarget", "WARM_ENI_TARGET"),
    ("warmIpTarget", "WARM_IP_TARGET"),
    ("warmPrefixTarget", "WARM_PREFIX_TARGET"),
    ("enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION"),
    ("logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL"),
    ("enablePodEni", "ENABLE_POD_ENI"),
    ("externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT"),
)


async def default_addon(
    making: Making, cluster: Child, addon: str, options: Properties, *needed: Child
) -> Child:
    """An add-on that the cluster component brings by itself: kube-proxy or coredns."""
    version = options.get("version") or await addon_version(making, addon, cluster["version"])
    inputs: Properties = {
        "clusterName": cluster["name"],
        "addonName": addon,
        "addonVersion": version,
        "preserve": True,
        "tags": making.arguments.get("tags"),
        "resolveConflictsOnCreate": options.get("resolveConflictsOnCreate") or "OVERWRITE",
        "resolveConflictsOnUpdate": options.get("resolveConflictsOnUpdate") or "OVERWRITE",
        "configurationValues": as_json(options.get("configurationValues")),
    }
    return await making.aws_resource(_ADDON, f"{making.name}-{addon}", inputs, cluster, *needed)


async def network_addon(making: Making, cluster: Child, *needed: Child) -> Child:
    """The component `eks:index:VpcCniAddon` with its add-on."""
    name = f"{making.name}-vpc-cni"
    options = object_of(making.arguments, "vpcCniOptions")
    component = await making.monitor.component("eks:index:VpcCniAddon", name, making.component)
    version = options.get("addonVersion") or await addon_version(making, "vpc-cni", cluster["version"])
    inputs: Properties = {
        "clusterName": cluster["name"],
        "addonName": "vpc-cni",
        "addonVersion": version,
        "preserve": True,
        "resolveConflictsOnCreate": options.get("resolveConflictsOnCreate") or "OVERWRITE",
        "resolveConflictsOnUpdate": options.get("resolveConflictsOnUpdate") or "OVERWRITE",
        "serviceAccountRoleArn": options.get("serviceAccountRoleArn"),
        "tags": making.arguments.get("tags"),
        "configurationValues": as_json(_network_settings(options)),
    }
    addon = await making.aws_resource(_ADDON, name, inputs, cluster, *needed, parent=component.urn)
    await making.monitor.finish(component, {"addon": addon.reference})
    return component


async def separate_addon(making: Making, cluster: Value) -> Child:
    """The add-on of the component `eks:index:Addon`, for a cluster given as a resource."""
    given = {name: value for name, value in making.arguments.items() if name != "cluster"}
    configuration = as_json(given.pop("configurationValues", None))
    version = given.get("addonVersion")
    inputs: Properties = {
        **given,
        "addonVersion": version,
        "clusterName": await making.property_of(cluster, "name"),
        "configurationValues": configuration,
    }
    needed = [cluster] if isinstance(cluster, Reference) else []
    return await making.aws_resource(_ADDON, making.name, inputs, *needed)


async def addon_version(making: Making, addon: str, kubernetes_version: Value) -> Value:
    """The newest version of an add-on for a Kubernetes version."""
    if kubernetes_version is UNKNOWN or kubernetes_version is None:
        return UNKNOWN
    arguments: Properties = {"addonName": addon, "kubernetesVersion": kubernetes_version, "mostRecent": True}
    found = await making.monitor.invoke(
        "aws:eks/getAddonVersion:getAddonVersion", arguments, making.options()
    )
    return found.get("version")


def _network_settings(options: Properties) -> Properties:
    given = {"warmEniTarget": 1, **options}
    environment: Properties = {
        variable: _text(given[name]) for name, variable in _CNI_SETTINGS if given.get(name) is not None
    }
    settings: Properties = {"env": environment, **object_of(options, "configurationValues")}
    if options.get("enableNetworkPolicy") is not None:
        settings["enableNetworkPolicy"] = _text(options["enableNetworkPolicy"])
    return settings


def _text(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | str) else value
