"""What one field of a request becomes on ECS and on EKS: the table of docs/eks.md, and how to read both."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tests.programs.recording import Recording, Registered

Reader = Callable[[Recording, str], object]


@dataclass(frozen=True)
class Equivalence:
    """One row: the fields, what they become on each, and readers that must read the same from both."""

    fields: str
    on_ecs: str
    on_eks: str
    read_ecs: Reader
    read_eks: Reader


def _task(recording: Recording, workload: str) -> Registered:
    return recording.one("aws:ecs/taskDefinition:TaskDefinition", f"{workload}-task")


def _ecs_container(recording: Recording, workload: str) -> dict[str, Any]:
    containers = json.loads(str(_task(recording, workload).inputs["containerDefinitions"]))
    return next(one for one in containers if one["name"] == workload)


def _manifest(recording: Recording, kind: str, workload: str) -> dict[str, Any]:
    """The manifest of that kind in the workload's own namespace, named for it; empty without one."""
    for one in recording.custom():
        metadata = cast("Mapping[str, Any]", one.inputs.get("metadata") or {})
        is_own = metadata.get("namespace") == workload and metadata.get("name") == workload
        if one.inputs.get("kind") == kind and is_own:
            return cast("dict[str, Any]", one.inputs)
    return {}


def _pods_owner(recording: Recording, workload: str) -> dict[str, Any]:
    return _manifest(recording, "Rollout", workload) or _manifest(recording, "Deployment", workload)


def _eks_container(recording: Recording, workload: str) -> dict[str, Any]:
    pod = _pods_owner(recording, workload)["spec"]["template"]["spec"]
    return next(one for one in pod["containers"] if one["name"] == workload)


def _ecs_service(recording: Recording, workload: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", recording.one("aws:ecs/service:Service", f"{workload}-service").inputs)


def _ecs_scaling_bounds(recording: Recording, workload: str) -> object:
    for one in recording.of_type("aws:appautoscaling/target:Target"):
        if str(one.inputs["resourceId"]).endswith(f"/{workload}"):
            return one.inputs["minCapacity"], one.inputs["maxCapacity"]
    return None


def _eks_scaling_bounds(recording: Recording, workload: str) -> object:
    horizontal = _manifest(recording, "HorizontalPodAutoscaler", workload)
    if horizontal:
        return horizontal["spec"]["minReplicas"], horizontal["spec"]["maxReplicas"]
    scaled = _manifest(recording, "ScaledObject", workload)
    return (scaled["spec"]["minReplicaCount"], scaled["spec"]["maxReplicaCount"]) if scaled else None


def _ecs_targets(recording: Recording, workload: str) -> object:
    found: set[tuple[str, int]] = set()
    for one in recording.of_type("aws:appautoscaling/policy:Policy"):
        if str(one.inputs["resourceId"]).endswith(f"/{workload}"):
            config = cast("dict[str, Any]", one.inputs["targetTrackingScalingPolicyConfiguration"])
            found.add((one.name.removeprefix(f"{workload}-"), int(config["targetValue"])))
    return found


def _eks_targets(recording: Recording, workload: str) -> object:
    found: set[tuple[str, int]] = set()
    horizontal = _manifest(recording, "HorizontalPodAutoscaler", workload)
    for metric in horizontal.get("spec", {}).get("metrics", []):
        found.add((metric["resource"]["name"], int(metric["resource"]["target"]["averageUtilization"])))
    for trigger in _manifest(recording, "ScaledObject", workload).get("spec", {}).get("triggers", []):
        if trigger["type"] == "aws-cloudwatch":
            found.add(("requests", int(trigger["metadata"]["targetMetricValue"])))
        else:
            found.add((trigger["type"], int(trigger["metadata"]["value"])))
    return found


def _ecs_cooldown(recording: Recording, workload: str) -> object:
    return {
        cast("dict[str, Any]", one.inputs["targetTrackingScalingPolicyConfiguration"])["scaleInCooldown"]
        for one in recording.of_type("aws:appautoscaling/policy:Policy")
        if str(one.inputs["resourceId"]).endswith(f"/{workload}")
    }


def _eks_cooldown(recording: Recording, workload: str) -> object:
    horizontal = _manifest(recording, "HorizontalPodAutoscaler", workload).get("spec", {}).get("behavior")
    scaled = _manifest(recording, "ScaledObject", workload).get("spec", {}).get("advanced")
    behavior = horizontal or (scaled["horizontalPodAutoscalerConfig"]["behavior"] if scaled else None)
    return {behavior["scaleDown"]["stabilizationWindowSeconds"]} if behavior else set()


def _plain(container: Mapping[str, Any], key: str) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container.get(key, []) if "value" in one}


_BERTHS_OWN_SETTINGS = frozenset(
    {
        "AWS_DEFAULT_REGION",
        "AWS_EMF_LOG_GROUP_NAME",
        "AWS_REGION",
        "AWS_XRAY_DAEMON_ADDRESS",
        "FLUENT_HOST",
        "FLUENT_PORT",
        "STATSD_HOST",
        "STATSD_PORT",
    }
)
"""Where containers run and find their sidecars: a webhook of EKS sets the region, by the pod's role."""


def _setting_names(container: Mapping[str, Any], key: str) -> object:
    return set(_plain(container, key)) - _BERTHS_OWN_SETTINGS


def _ecs_health(recording: Recording, workload: str) -> object:
    check = _ecs_container(recording, workload).get("healthCheck")
    return check and (check["command"][1], check["interval"], check["timeout"], check["retries"])


def _eks_health(recording: Recording, workload: str) -> object:
    probe = _eks_container(recording, workload).get("livenessProbe")
    if not probe or "exec" not in probe:
        return None
    command = probe["exec"]["command"][-1]
    return command, probe["periodSeconds"], probe["timeoutSeconds"], probe["failureThreshold"]


def _policy(recording: Recording, role_part: str) -> list[dict[str, Any]]:
    for one in recording.of_type("aws:iam/rolePolicy:RolePolicy"):
        if one.inputs["name"] == role_part:
            return json.loads(str(one.inputs["policy"]))["Statement"]
    return []


def _granted(statements: list[dict[str, Any]], sids: tuple[str, ...]) -> object:
    return {
        (statement["Effect"], action, resource)
        for statement in statements
        if statement["Sid"].startswith(sids)
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


_SECRET_SIDS = ("ReadSecrets", "ReadParameters", "DecryptSecrets", "DecryptParameters")


def _ecs_exposure(recording: Recording, workload: str) -> object:
    for one in recording.of_type("aws:lb/listenerRule:ListenerRule"):
        if one.name == f"{workload}-rule":
            conditions = cast("list[dict[str, Any]]", one.inputs["conditions"])
            (path,) = (one["pathPattern"]["values"][0] for one in conditions if "pathPattern" in one)
            target = recording.one("aws:lb/targetGroup:TargetGroup", f"{workload}-targets").inputs
            health = cast("dict[str, Any]", target["healthCheck"])
            return "/" if path == "/*" else path, health["path"], target["deregistrationDelay"]
    return None


def _eks_exposure(recording: Recording, workload: str) -> object:
    ingress = _manifest(recording, "Ingress", workload)
    if not ingress:
        return None
    annotations = ingress["metadata"]["annotations"]
    attributes = annotations["alb.ingress.kubernetes.io/target-group-attributes"].split(",")
    (delay,) = [one for one in attributes if one.startswith("deregistration_delay")]
    (rule,) = ingress["spec"]["rules"]
    health = annotations["alb.ingress.kubernetes.io/healthcheck-path"]
    return rule["http"]["paths"][0]["path"], health, int(delay.partition("=")[2])


def _sidecar_names(containers: list[dict[str, Any]], workload: str) -> object:
    # Service Connect and FireLens add none of their own to these documents.
    return {one["name"] for one in containers} - {workload}


EQUIVALENCES = (
    Equivalence(
        "image",
        "`image` of the task definition's container",
        "`image` of the pod's container",
        lambda made, name: _ecs_container(made, name)["image"],
        lambda made, name: _eks_container(made, name)["image"],
    ),
    Equivalence(
        "ports",
        "`portMappings`",
        "`ports` of container and Service",
        lambda made, name: [
            one["containerPort"] for one in _ecs_container(made, name).get("portMappings", [])
        ],
        lambda made, name: [one["containerPort"] for one in _eks_container(made, name).get("ports", [])],
    ),
    Equivalence(
        "env",
        "`environment`; hosts are Cloud Map names",
        "`env`; hosts are names of Services",
        lambda made, name: _setting_names(_ecs_container(made, name), "environment"),
        lambda made, name: _setting_names(_eks_container(made, name), "env"),
    ),
    Equivalence(
        "secrets",
        "`secrets` of the container, read by the execution role",
        "ExternalSecret, read by a service account of the workload's own; the pod gets a Kubernetes secret",
        lambda made, name: {one["name"] for one in _ecs_container(made, name).get("secrets", [])},
        lambda made, name: {
            one["name"] for one in _eks_container(made, name).get("env", []) if "valueFrom" in one
        },
    ),
    Equivalence(
        "secrets (rights)",
        "execution role: exactly the secrets and parameters named",
        "secret reader's role (IRSA): exactly the same",
        lambda made, name: _granted(_policy(made, f"{name}-execution"), _SECRET_SIDS),
        lambda made, name: _granted(_policy(made, f"{name}-secrets"), _SECRET_SIDS),
    ),
    Equivalence(
        "permissions",
        "task role",
        "role of the pod's service account, by Pod Identity (on Fargate by IRSA)",
        lambda made, name: _granted(_policy(made, f"{name}-task"), ("Requested",)),
        lambda made, name: _granted(_policy(made, f"{name}-pods"), ("Requested",)),
    ),
    Equivalence(
        "replicas.desired",
        "`desiredCount` of the service",
        "`replicas` of the Deployment or Rollout",
        lambda made, name: _ecs_service(made, name)["desiredCount"],
        lambda made, name: _pods_owner(made, name)["spec"]["replicas"],
    ),
    Equivalence(
        "replicas.min, replicas.max",
        "Application Auto Scaling target",
        "HorizontalPodAutoscaler, or ScaledObject where requests count",
        _ecs_scaling_bounds,
        _eks_scaling_bounds,
    ),
    Equivalence(
        "scaling.cpu_percent, memory_percent, requests_per_target",
        "target tracking policies",
        "metrics of the HorizontalPodAutoscaler; requests by KEDA from the load balancer's metrics",
        _ecs_targets,
        _eks_targets,
    ),
    Equivalence(
        "scaling.scale_in_cooldown_seconds",
        "`scaleInCooldown`",
        "`behavior.scaleDown.stabilizationWindowSeconds`",
        _ecs_cooldown,
        _eks_cooldown,
    ),
    Equivalence(
        "health_check",
        "container `healthCheck`",
        "liveness and readiness probe; the start period is a startup probe",
        _ecs_health,
        _eks_health,
    ),
    Equivalence(
        "public",
        "listener rule and target group of the shared load balancer",
        "Ingress of the environment's group",
        _ecs_exposure,
        _eks_exposure,
    ),
    Equivalence(
        "sidecars",
        "containers of the task",
        "native sidecar containers (init containers that keep running)",
        lambda made, name: _sidecar_names(
            json.loads(str(_task(made, name).inputs["containerDefinitions"])), name
        ),
        lambda made, name: _sidecar_names(
            _pods_owner(made, name)["spec"]["template"]["spec"].get("initContainers", []), name
        ),
    ),
    Equivalence(
        "stop_timeout_seconds",
        "`stopTimeout`",
        "`terminationGracePeriodSeconds`",
        lambda made, name: _ecs_container(made, name)["stopTimeout"],
        lambda made, name: _pods_owner(made, name)["spec"]["template"]["spec"][
            "terminationGracePeriodSeconds"
        ],
    ),
    Equivalence(
        "read_only_root_filesystem",
        "`readonlyRootFilesystem`",
        "`securityContext.readOnlyRootFilesystem`",
        lambda made, name: _ecs_container(made, name)["readonlyRootFilesystem"],
        lambda made, name: _eks_container(made, name)["securityContext"]["readOnlyRootFilesystem"],
    ),
)


def table_text() -> str:
    """Return the table as docs/eks.md has it."""
    rows = [f"| `{one.fields}` | {one.on_ecs} | {one.on_eks} |" for one in EQUIVALENCES]
    return "\n".join(["| field | on ECS | on EKS |", "| --- | --- | --- |", *rows])
