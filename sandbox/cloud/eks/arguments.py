"""The arguments of a cluster, checked as the real component does, and turned into the control plane's."""

from sandbox.cloud.eks.parts import Making, is_enabled
from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.wire.values import UNKNOWN, Properties, Value, object_of

_WITH_ENTRIES = frozenset({"API", "API_AND_CONFIG_MAP"})


def check_arguments(arguments: Properties) -> None:
    """Refuse arguments that exclude each other, and what this component cannot make.

    Raises:
        CloudError: in the real component's words, or in ours where only the simulation refuses.
    """
    mode = arguments.get("authenticationMode")
    mapped = [name for name in ("instanceRoles", "roleMappings", "userMappings") if arguments.get(name)]
    if mode == "API" and mapped:
        raise CloudError(
            f"The '{mapped[0]}' property is not supported when 'authenticationMode' is set to 'API'."
        )
    if arguments.get("instanceRole") and arguments.get("instanceRoles"):
        raise CloudError("instanceRole and instanceRoles are mutually exclusive, and cannot both be set.")
    if arguments.get("accessEntries") and mode not in _WITH_ENTRIES:
        raise CloudError(
            "The 'accessEntries' property is not supported when 'authenticationMode' is set to 'CONFIG_MAP'."
        )
    if arguments.get("subnetIds") and (arguments.get("publicSubnetIds") or arguments.get("privateSubnetIds")):
        raise CloudError(
            "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. "
            "Choose a single approach."
        )
    if is_enabled(arguments, "autoMode") and mode not in _WITH_ENTRIES:
        raise CloudError(
            "Access entries are required when using EKS Auto Mode. Use the authentication mode 'API' or "
            "'API_AND_CONFIG_MAP'."
        )
    if arguments.get("publicAccessCidrs") and arguments.get("endpointPublicAccess") is False:
        raise CloudError("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true")
    _refuse_unsimulated(arguments)


def _refuse_unsimulated(arguments: Properties) -> None:
    if arguments.get("createOidcProvider"):
        raise CloudError(
            "the simulated cloud has no certificate to fetch for createOidcProvider; make the provider with "
            "aws.iam.OpenIdConnectProvider"
        )
    has_nodes_elsewhere = arguments.get("fargate") or is_enabled(arguments, "autoMode")
    if not arguments.get("skipDefaultNodeGroup") and not has_nodes_elsewhere:
        raise CloudError(
            "the simulated cloud makes no default node group: set skipDefaultNodeGroup, use ManagedNodeGroup"
        )


def control_plane_inputs(
    making: Making, *, role_arn: Value, group_id: Value, node_role_arn: Value
) -> Properties:
    """The inputs of the control plane.

    Args:
        making: the component.
        role_arn: the role that EKS assumes.
        group_id: the additional security group; None for none.
        node_role_arn: the role of Auto Mode's nodes; None where the program gives one.
    """
    arguments = making.arguments
    mode = arguments.get("authenticationMode")
    network: Properties = {
        "securityGroupIds": [group_id] if group_id is not None else None,
        "subnetIds": all_subnets(arguments),
        "endpointPrivateAccess": arguments.get("endpointPrivateAccess"),
        "endpointPublicAccess": arguments.get("endpointPublicAccess"),
        "publicAccessCidrs": arguments.get("publicAccessCidrs"),
    }
    key = arguments.get("encryptionConfigKeyArn")
    tags = {**object_of(arguments, "clusterTags"), **object_of(arguments, "tags")}
    access: Properties = {"authenticationMode": mode, "bootstrapClusterCreatorAdminPermissions": True}
    own = arguments.get("bootstrapSelfManagedAddons")
    return {
        "name": arguments.get("name"),
        "roleArn": role_arn,
        "version": arguments.get("version"),
        "vpcConfig": {name: value for name, value in network.items() if value is not None},
        "bootstrapSelfManagedAddons": not is_enabled(arguments, "autoMode") and own is not False,
        "enabledClusterLogTypes": arguments.get("enabledClusterLogTypes"),
        "tags": {"Name": f"{making.name}-eksCluster", **tags},
        "encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]}
        if key is not None
        else None,
        "accessConfig": access if mode is not None else None,
        "upgradePolicy": arguments.get("upgradePolicy"),
        "deletionProtection": arguments.get("deletionProtection"),
        **_auto_mode(arguments, node_role_arn),
    }


def _auto_mode(arguments: Properties, node_role_arn: Value) -> Properties:
    is_auto = is_enabled(arguments, "autoMode")
    family, addresses = arguments.get("ipFamily"), arguments.get("kubernetesServiceIpAddressRange")
    network: Properties = {"ipFamily": family or "ipv4"}
    if addresses is not None:
        network["serviceIpv4Cidr"] = addresses
    if not is_auto:
        return {"kubernetesNetworkConfig": network if family or addresses else None}
    given = object_of(object_of(arguments, "autoMode"), "computeConfig")
    compute: Properties = {"enabled": True, "nodePools": ["general-purpose", "system"], **given}
    if node_role_arn is not None:
        compute.setdefault("nodeRoleArn", node_role_arn)
    return {
        "computeConfig": compute,
        "storageConfig": {"blockStorage": {"enabled": True}},
        "kubernetesNetworkConfig": {**network, "elasticLoadBalancing": {"enabled": True}},
    }


def all_subnets(arguments: Properties) -> Value:
    """The subnets that the program gave, public ones first."""
    if arguments.get("subnetIds") is not None:
        return arguments["subnetIds"]
    parts = [arguments.get(name) or [] for name in ("publicSubnetIds", "privateSubnetIds")]
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    return [item for part in parts if isinstance(part, list) for item in part]
