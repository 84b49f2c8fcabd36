"""What EKS refuses.

Source: the EKS API reference and user guide, and the texts that the API answers with; versions as of
November 2026.
"""

import json
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import object_of, objects_of, text_of, texts_of

_VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34", "1.35")
_SUBNET = "ec2/subnet:Subnet"
_CLUSTER = "eks/cluster:Cluster"
_FEWEST_ZONES = 2
_ARM_SERIES = frozenset(
    {"a1", "t4g", "m6g", "m7g", "m8g", "c6g", "c7g", "c8g", "r6g", "r7g", "r8g", "g5g", "im4gn"}
)


def cluster(asked: Asked) -> Iterator[ApiError]:
    """A cluster's version is one that EKS runs, its subnets are in two zones, its role trusts EKS."""
    version = asked.text("version")
    if version and version not in _VERSIONS:
        yield _invalid(f"unsupported Kubernetes version {version}")
    if asked.record is not None:
        yield from _upgrade(asked, asked.record)
    network = object_of(asked.properties, "vpcConfig")
    found = [asked.find(_SUBNET, key) for key in texts_of(network, "subnetIds")]
    zones = {text_of(item.outputs, "availabilityZone") for item in found if item is not None}
    if len(zones) < _FEWEST_ZONES:
        yield _invalid("Subnets specified must be in at least two different AZs")
    public, private = network.get("endpointPublicAccess", True), network.get("endpointPrivateAccess", False)
    if public is False and private is False:
        yield _invalid("Private and public endpoint access cannot be false")
    yield from _trusted(asked, asked.text("roleArn"), "eks.amazonaws.com")


def node_group(asked: Asked) -> Iterator[ApiError]:
    """A node group's sizes are in order, and its image goes with its cluster and its instances."""
    sizes = object_of(asked.properties, "scalingConfig")
    least, wanted, most = (sizes.get(name) for name in ("minSize", "desiredSize", "maxSize"))
    if isinstance(wanted, int) and isinstance(most, int) and wanted > most:
        yield _invalid(f"desired capacity {wanted} can't be greater than max size {most}")
    if isinstance(wanted, int) and isinstance(least, int) and wanted < least:
        yield _invalid(f"Minimum capacity {least} can't be greater than desired size {wanted}")
    image = asked.text("amiType")
    home = asked.find(_CLUSTER, asked.text("clusterName"))
    version = text_of(home.outputs, "version") if home else ""
    if image.startswith("AL2_") and version >= "1.33":
        yield _invalid(f"Requested amiType {image} is not supported for kubernetes version {version}")
    wrong = [
        kind for kind in texts_of(asked.properties, "instanceTypes") if image and not _goes_with(kind, image)
    ]
    if wrong:
        yield _invalid(f"[{', '.join(wrong)}] is not a valid instance type for requested amiType {image}")
    yield from _trusted(asked, asked.text("nodeRoleArn"), "ec2.amazonaws.com")


def fargate_profile(asked: Asked) -> Iterator[ApiError]:
    """A profile's subnets are private and its role trusts Fargate."""
    for key in texts_of(asked.properties, "subnetIds"):
        if _is_public(asked, key):
            yield _invalid(f"Subnet {key} provided in Fargate Profile is not a private subnet")
    selectors = objects_of(asked.properties, "selectors")
    if not selectors:
        yield _invalid("A Fargate profile needs at least one selector")
    yield from _trusted(asked, asked.text("podExecutionRoleArn"), "eks-fargate-pods.amazonaws.com")


def addon(asked: Asked) -> Iterator[ApiError]:
    """An add-on's settings are JSON."""
    text = asked.text("configurationValues")
    try:
        json.loads(text or "{}")
    except ValueError:
        yield _invalid("ConfigurationValue provided in request is not supported: not JSON")


def access_entry(asked: Asked) -> Iterator[ApiError]:
    """An entry names a principal and no group of Kubernetes's own."""
    if not asked.text("principalArn").startswith("arn:"):
        yield _invalid("The principalArn parameter format is not valid")
    for group in texts_of(asked.properties, "kubernetesGroups"):
        if group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")):
            yield _invalid(f"The kubernetes group name {group} is invalid, it cannot start with system:")


def policy_association(asked: Asked) -> Iterator[ApiError]:
    """A policy is one of EKS's own and its principal has an entry."""
    arn = asked.text("policyArn")
    if ":eks::aws:cluster-access-policy/" not in arn:
        yield _invalid("The policyArn parameter format is not valid")
    entries = asked.others("eks/accessEntry:AccessEntry", "clusterName", asked.text("clusterName"))
    principal = asked.text("principalArn")
    if not any(entry.outputs.get("principalArn") == principal for entry in entries):
        yield ApiError(
            "ResourceNotFoundException",
            f"The specified principalArn could not be found. Create an access entry for {principal}.",
            status=404,
        )


def _upgrade(asked: Asked, record: Record) -> Iterator[ApiError]:
    before, after = text_of(record.outputs, "version"), asked.text("version")
    if before in _VERSIONS and after in _VERSIONS:
        steps = _VERSIONS.index(after) - _VERSIONS.index(before)
        if steps < 0 or steps > 1:
            yield _invalid(f"Unsupported Kubernetes minor version update from {before} to {after}")


def _trusted(asked: Asked, role_arn: str, service: str) -> Iterator[ApiError]:
    role = asked.find("iam/role:Role", role_arn)
    if role is not None and service not in text_of(role.outputs, "assumeRolePolicy"):
        yield _invalid(f"Role with arn: {role_arn}, could not be assumed: it does not trust {service}")


def _goes_with(instance_type: str, image: str) -> bool:
    series = instance_type.partition(".")[0]
    is_arm = series.rstrip("dn") in _ARM_SERIES or series in _ARM_SERIES
    return is_arm == ("ARM" in image) or image == "CUSTOM"


def _is_public(asked: Asked, subnet_id: str) -> bool:
    for association in asked.others("ec2/routeTableAssociation:RouteTableAssociation", "subnetId", subnet_id):
        table_id = text_of(association.outputs, "routeTableId")
        table = asked.find("ec2/routeTable:RouteTable", table_id)
        inside = objects_of(table.outputs, "routes") if table else []
        separate = [item.outputs for item in asked.others("ec2/route:Route", "routeTableId", table_id)]
        if any(text_of(route, "gatewayId").startswith("igw-") for route in (*inside, *separate)):
            return True
    return False


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterException", message)
