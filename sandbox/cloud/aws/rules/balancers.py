"""What Elastic Load Balancing refuses. Source: the ELBv2 API reference and the texts that it answers with."""

import re
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, object_of, objects_of, text_of, texts_of

_SUBNET = "ec2/subnet:Subnet"
_LISTENER = "lb/listener:Listener"
_RULE = "lb/listenerRule:ListenerRule"
_GATEWAY = "ec2/internetGateway:InternetGateway"
_HYPHENS = re.compile(r"[a-zA-Z0-9-]*")
_FEWEST_ZONES = 2
_LONGEST_NAME = 32
_HIGHEST_PRIORITY = 50000
_LONGEST_PATTERN = 128


def name_check(inputs: Properties) -> Iterator[Failure]:
    """A load balancer's name is as a target group's, and says nothing of `internal-` at its beginning."""
    yield from group_name_check(inputs)
    name = inputs.get("name")
    if isinstance(name, str) and name.startswith("internal-"):
        yield Failure("name", f'"name" cannot begin with "internal-": "{name}"')


def group_name_check(inputs: Properties) -> Iterator[Failure]:
    """A target group's name is short and of letters, digits and inner hyphens."""
    name = inputs.get("name")
    if not isinstance(name, str):
        return
    if len(name) > _LONGEST_NAME:
        yield Failure("name", f'"name" cannot be longer than {_LONGEST_NAME} characters: "{name}"')
    if not _HYPHENS.fullmatch(name):
        yield Failure("name", f'only alphanumeric characters and hyphens allowed in "name": "{name}"')
    if name.startswith("-"):
        yield Failure("name", f'"name" cannot begin with a hyphen: "{name}"')
    if name.endswith("-"):
        yield Failure("name", f'"name" cannot end with a hyphen: "{name}"')


def load_balancer(asked: Asked) -> Iterator[ApiError]:
    """A load balancer stands in two zones of one VPC, which the internet reaches if it is to reach this."""
    mapped = [text_of(item, "subnetId") for item in objects_of(asked.properties, "subnetMappings")]
    subnets = [asked.find(_SUBNET, key) for key in (*texts_of(asked.properties, "subnets"), *mapped)]
    found = [item for item in subnets if item is not None]
    zones = {text_of(item.outputs, "availabilityZone") for item in found}
    if asked.text("loadBalancerType") == "application" and len(zones) < _FEWEST_ZONES:
        yield ApiError(
            "ValidationError", "At least two subnets in two different Availability Zones must be specified"
        )
    if len(zones) < len(found):
        yield ApiError(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    homes = {text_of(item.outputs, "vpcId") for item in found}
    if len(homes) > 1:
        yield ApiError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    for vpc_id in homes:
        if asked.properties.get("internal") is not True and not asked.others(_GATEWAY, "vpcId", vpc_id):
            yield ApiError("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")
        yield from _groups(asked, vpc_id)


def target_group(asked: Asked) -> Iterator[ApiError]:
    """A target group says where its targets listen, and its checks can end before the next begins."""
    if asked.text("targetType") != "lambda":
        for name in ("port", "protocol", "vpcId"):
            if asked.properties.get(name) is None:
                yield ApiError("ValidationError", f"A {name} must be specified")
    check = object_of(asked.properties, "healthCheck")
    interval, timeout = check.get("interval", 30), check.get("timeout")
    is_application = asked.text("protocol") in ("HTTP", "HTTPS")
    if is_application and isinstance(interval, int) and isinstance(timeout, int) and timeout >= interval:
        yield ApiError(
            "ValidationError",
            f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'",
        )


def listener(asked: Asked) -> Iterator[ApiError]:
    """A load balancer listens once on a port; HTTPS needs a certificate."""
    balancer, port = asked.text("loadBalancerArn"), asked.properties.get("port")
    for other in asked.others(_LISTENER, "loadBalancerArn", balancer):
        if other.outputs.get("port") == port:
            yield ApiError(
                "DuplicateListener",
                f"A listener already exists on this port for this load balancer '{balancer}'",
            )
    if asked.text("protocol") in ("HTTPS", "TLS") and not asked.text("certificateArn"):
        yield ApiError("ValidationError", "A certificate must be specified for HTTPS listeners")
    yield from _one_balancer(asked, "defaultActions", balancer)


def listener_rule(asked: Asked) -> Iterator[ApiError]:
    """A rule's priority is its own, and its patterns are short."""
    listener_arn, priority = asked.text("listenerArn"), asked.properties.get("priority")
    if isinstance(priority, int) and not 1 <= priority <= _HIGHEST_PRIORITY:
        yield ApiError("ValidationError", f"Priority '{priority}' must be in range 1-{_HIGHEST_PRIORITY}")
    for other in asked.others(_RULE, "listenerArn", listener_arn):
        if priority is not None and other.outputs.get("priority") == priority:
            yield ApiError("PriorityInUse", f"Priority '{priority}' is currently in use")
    conditions = objects_of(asked.properties, "conditions")
    if not conditions:
        yield ApiError("ValidationError", "A condition must be specified")
    for condition in conditions:
        for pattern in texts_of(object_of(condition, "pathPattern"), "values"):
            if len(pattern) > _LONGEST_PATTERN:
                yield ApiError(
                    "ValidationError",
                    f"Condition value '{pattern}' is longer than {_LONGEST_PATTERN} characters",
                )
    found = asked.find(_LISTENER, listener_arn)
    if found is not None:
        yield from _one_balancer(asked, "actions", text_of(found.outputs, "loadBalancerArn"))


def _groups(asked: Asked, vpc_id: str) -> Iterator[ApiError]:
    for key in texts_of(asked.properties, "securityGroups"):
        group = asked.find("ec2/securityGroup:SecurityGroup", key)
        if group is not None and text_of(group.outputs, "vpcId") != vpc_id:
            yield ApiError(
                "InvalidConfigurationRequest",
                f"One or more security groups are invalid: '{key}' does not belong to VPC '{vpc_id}'",
            )


def _one_balancer(asked: Asked, actions: str, balancer: str) -> Iterator[ApiError]:
    """A target group belongs to one load balancer."""
    for arn in target_groups_of(asked.properties, actions):
        group = asked.find("lb/targetGroup:TargetGroup", arn)
        if group is None:
            continue
        for user in asked.inventory.users(group):
            elsewhere = _balancer_of(asked, user)
            if elsewhere and elsewhere != balancer:
                yield ApiError(
                    "TargetGroupAssociationLimit",
                    "The following target groups cannot be associated with more than one load balancer: "
                    f"{arn}",
                )


def target_groups_of(properties: Properties, actions: str) -> list[str]:
    """The ARNs of the target groups that actions forward to."""
    found: list[str] = []
    for action in objects_of(properties, actions):
        found.append(text_of(action, "targetGroupArn"))
        forward = object_of(action, "forward")
        found += [text_of(group, "arn") for group in objects_of(forward, "targetGroups")]
    return [arn for arn in found if arn]


def _balancer_of(asked: Asked, user: Record) -> str:
    if user.type == f"aws:{_LISTENER}":
        return text_of(user.outputs, "loadBalancerArn")
    found = asked.find(_LISTENER, text_of(user.outputs, "listenerArn"))
    return text_of(found.outputs, "loadBalancerArn") if found else ""
