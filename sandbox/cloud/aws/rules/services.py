"""What ECS refuses in services.

Source: the ECS API reference, CreateService, and the texts that the API answers with.
"""

from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.aws.rules.tasks import containers_of
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, object_of, objects_of, text_of, texts_of

_SERVICE = "ecs/service:Service"
_TASK_DEFINITION = "ecs/taskDefinition:TaskDefinition"
_TARGET_GROUP = "lb/targetGroup:TargetGroup"
_BUILT_IN_PROVIDERS = frozenset({"FARGATE", "FARGATE_SPOT"})
_GRADUAL = frozenset({"BLUE_GREEN", "CANARY", "LINEAR"})


def service(asked: Asked) -> Iterator[ApiError]:
    """A service has to go with its task definition, its cluster and its target groups."""
    strategies = objects_of(asked.properties, "capacityProviderStrategies")
    if asked.text("launchType") and strategies and asked.record is None:
        yield _invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. "
            "Remove one and try again."
        )
    yield from _providers(asked, strategies)
    yield from _controller(asked)
    definition = task_definition_of(asked, asked.text("taskDefinition"))
    if definition is None:
        return
    yield from _network(asked, definition)
    for balancer in objects_of(asked.properties, "loadBalancers"):
        yield from _balancer(asked, definition, balancer)
    yield from _connect(asked, definition)


def cluster_providers(asked: Asked) -> Iterator[ApiError]:
    """A cluster gives up no capacity provider that one of its services uses.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html
    """
    if asked.record is None:
        return
    kept = texts_of(asked.properties, "capacityProviders")
    dropped = set(texts_of(asked.record.outputs, "capacityProviders")) - set(kept)
    cluster = asked.find("ecs/cluster:Cluster", asked.text("clusterName"))
    services = asked.others(_SERVICE, "cluster", text_of(cluster.outputs, "arn")) if cluster else []
    shares = [share for one in services for share in objects_of(one.outputs, "capacityProviderStrategies")]
    if any(text_of(share, "capacityProvider") in dropped for share in shares):
        yield ApiError(
            "ResourceInUseException", "The specified capacity provider is in use and cannot be removed."
        )


def task_definition_of(asked: Asked, key: str) -> Record | None:
    """The task definition that an ARN, or a family with or without a revision, names."""
    found = asked.find(_TASK_DEFINITION, key)
    if found is not None or key.startswith("arn:"):
        return found
    family, _, revision = key.partition(":")
    named = asked.others(_TASK_DEFINITION, "family", family)
    wanted = [item for item in named if not revision or str(item.outputs.get("revision")) == revision]
    return wanted[-1] if wanted else None


def _providers(asked: Asked, strategies: list[Properties]) -> Iterator[ApiError]:
    bases = [item for item in strategies if item.get("base")]
    if len(bases) > 1:
        yield _invalid("Only one capacity provider in a capacity provider strategy can have a base defined.")
    cluster = asked.find("ecs/cluster:Cluster", asked.text("cluster"))
    if cluster is None or not strategies:
        return
    associations = asked.others(
        "ecs/clusterCapacityProviders:ClusterCapacityProviders", "clusterName", cluster.name or ""
    )
    known = {name for item in associations for name in texts_of(item.outputs, "capacityProviders")}
    for item in strategies:
        name = text_of(item, "capacityProvider")
        if name not in known and not (name in _BUILT_IN_PROVIDERS and not associations):
            yield _invalid(f"The specified capacity provider '{name}' is not associated with the cluster.")


def _controller(asked: Asked) -> Iterator[ApiError]:
    controller = text_of(object_of(asked.properties, "deploymentController"), "type", "ECS")
    breaker = object_of(asked.properties, "deploymentCircuitBreaker")
    if controller != "ECS" and breaker.get("enable") is True:
        yield _invalid(
            "Deployment circuit breaker feature can only be enabled with ECS deployment controller."
        )
    strategy = text_of(object_of(asked.properties, "deploymentConfiguration"), "strategy", "ROLLING")
    if strategy not in _GRADUAL:
        return
    if controller != "ECS":
        yield _invalid(
            f"The deployment strategy {strategy} is only supported with the ECS deployment controller."
        )
    for balancer in objects_of(asked.properties, "loadBalancers"):
        advanced = object_of(balancer, "advancedConfiguration")
        if not text_of(advanced, "alternateTargetGroupArn"):
            yield _invalid(
                "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING "
                "deployment strategy."
            )


def _network(asked: Asked, definition: Record) -> Iterator[ApiError]:
    has_network = bool(object_of(asked.properties, "networkConfiguration"))
    is_own = definition.outputs.get("networkMode") == "awsvpc"
    if is_own and not has_network:
        yield _invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if not is_own and has_network:
        yield _invalid(
            "Network Configuration is not valid for the given networkMode of this task definition."
        )
    on_fargate = asked.text("launchType") == "FARGATE" or any(
        text_of(item, "capacityProvider") in _BUILT_IN_PROVIDERS
        for item in objects_of(asked.properties, "capacityProviderStrategies")
    )
    if on_fargate and "FARGATE" not in texts_of(definition.outputs, "requiresCompatibilities"):
        yield _invalid("Task definition does not support launch_type FARGATE.")


def _balancer(asked: Asked, definition: Record, balancer: Properties) -> Iterator[ApiError]:
    arn, name, port = (
        text_of(balancer, "targetGroupArn"),
        text_of(balancer, "containerName"),
        balancer.get("containerPort"),
    )
    group = asked.find(_TARGET_GROUP, arn)
    if group is not None:
        if not asked.inventory.users(group):
            yield _invalid(
                f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            )
        kind = text_of(group.outputs, "targetType")
        if definition.outputs.get("networkMode") == "awsvpc" and kind != "ip":
            yield _invalid(
                f"The provided target group {arn} has target type {kind}, which is incompatible with "
                "the awsvpc "
                "network mode specified in the task definition."
            )
    container = next((item for item in containers_of(definition.outputs) if item.get("name") == name), None)
    if container is None:
        yield _invalid(f"The container {name} does not exist in the task definition.")
    elif port not in [item.get("containerPort") for item in objects_of(container, "portMappings")]:
        yield _invalid(f"The container {name} did not have a container port {port} defined.")


def _connect(asked: Asked, definition: Record) -> Iterator[ApiError]:
    connect = object_of(asked.properties, "serviceConnectConfiguration")
    known = {
        text_of(port, "name")
        for container in containers_of(definition.outputs)
        for port in objects_of(container, "portMappings")
    }
    for item in objects_of(connect, "services"):
        name = text_of(item, "portName")
        if name not in known:
            yield _invalid(
                f"The portName {name} in the service connect configuration is not in the task definition's "
                "port mappings."
            )


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterException", message)
