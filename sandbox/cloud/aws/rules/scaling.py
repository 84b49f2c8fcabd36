"""What Application Auto Scaling refuses. Source: its API reference and the texts that it answers with."""

import re
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.wire.values import object_of, text_of

_TARGET = "appautoscaling/target:Target"
_SERVICE_PARTS = 3
_LABEL = re.compile(r"(app|net)/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+")
_FIELD = r"[0-9A-Z*?,/#L-]+"
_SCHEDULE = re.compile(
    rf"cron\({_FIELD}( {_FIELD}){{5}}\)|rate\(\d+ "
    rf"(minute|hour|day)s?\)|at\(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\)"
)


def target(asked: Asked) -> Iterator[ApiError]:
    """A target's bounds are in order, and the service that it scales exists."""
    least, most = asked.properties.get("minCapacity"), asked.properties.get("maxCapacity")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        yield ApiError("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    if asked.text("serviceNamespace") != "ecs":
        return
    parts = asked.text("resourceId").split("/")
    if len(parts) != _SERVICE_PARTS or parts[0] != "service":
        yield ApiError("ValidationException", f"Unsupported resource ID: {asked.text('resourceId')}")
    elif not _has_service(asked, parts[1], parts[2]):
        yield ApiError("ValidationException", f"ECS service doesn't exist: {asked.text('resourceId')}")


def policy(asked: Asked) -> Iterator[ApiError]:
    """A policy belongs to a target and says what it tracks."""
    yield from _belongs(asked)
    if asked.text("policyType") != "TargetTrackingScaling":
        return
    tracking = object_of(asked.properties, "targetTrackingScalingPolicyConfiguration")
    metric = object_of(tracking, "predefinedMetricSpecification")
    if not tracking or not (metric or tracking.get("customizedMetricSpecification")):
        yield ApiError(
            "ValidationException", "A metric specification is required for a target tracking policy"
        )
    kind, label = text_of(metric, "predefinedMetricType"), text_of(metric, "resourceLabel")
    if kind == "ALBRequestCountPerTarget" and not _LABEL.fullmatch(label):
        yield ApiError("ValidationException", f"Resource label is invalid: {label or 'missing'}")


def scheduled_action(asked: Asked) -> Iterator[ApiError]:
    """An action belongs to a target and its schedule can be read."""
    yield from _belongs(asked)
    schedule = asked.text("schedule")
    if not _SCHEDULE.fullmatch(schedule):
        yield ApiError("ValidationException", f"Invalid schedule expression: {schedule}")


def _belongs(asked: Asked) -> Iterator[ApiError]:
    resource, dimension = asked.text("resourceId"), asked.text("scalableDimension")
    if not asked.others(_TARGET, "resourceId", resource):
        yield ApiError(
            "ObjectNotFoundException",
            f"No scalable target registered for service namespace: {asked.text('serviceNamespace')}, "
            f"resource ID: {resource}, scalable dimension: {dimension}",
        )


def _has_service(asked: Asked, cluster: str, name: str) -> bool:
    services = asked.others("ecs/service:Service", "name", name)
    return any(text_of(item.outputs, "cluster").rpartition("/")[2] == cluster for item in services)
