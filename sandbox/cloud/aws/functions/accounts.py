"""Functions about the caller, the region and the partition."""

from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.wire.values import Properties

_REGION_LOCATIONS = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "Europe (Ireland)",
    "eu-central-1": "Europe (Frankfurt)",
}


def caller_identity(call: Invocation) -> Properties:
    """Who calls: the role that the provider instance assumes, or the sandbox's own user."""
    account = call.around.account
    return {
        "accountId": account,
        "arn": call.around.caller_arn,
        "id": account,
        "userId": "AROASANDBOX:berth" if ":assumed-role/" in call.around.caller_arn else "AIDASANDBOX",
    }


def region(call: Invocation) -> Properties:
    """The region that the call is made in."""
    name = call.text("name") or call.around.region
    return {
        "description": _REGION_LOCATIONS.get(name, name),
        "endpoint": f"ec2.{name}.{call.around.dns_suffix}",
        "id": name,
        "name": name,
        "region": name,
    }


def partition(call: Invocation) -> Properties:
    """The partition that the region belongs to."""
    suffix = call.around.dns_suffix
    return {
        "dnsSuffix": suffix,
        "id": call.around.partition,
        "partition": call.around.partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def availability_zones(call: Invocation) -> Properties:
    """The region's availability zones."""
    names = call.around.zone_names
    return {
        "groupNames": [call.around.region],
        "id": call.around.region,
        "names": [*names],
        "zoneIds": [call.around.zone_id(name) for name in names],
    }


def default_tags(call: Invocation) -> Properties:
    """The tags that the provider instance puts on everything."""
    return {"id": call.around.partition, "tags": {**dict(call.around.default_tags)}}


FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller_identity,
    "aws:index/getRegion:getRegion": region,
    "aws:index/getPartition:getPartition": partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": availability_zones,
    "aws:index/getDefaultTags:getDefaultTags": default_tags,
}
