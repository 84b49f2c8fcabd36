"""What ECS refuses in task definitions.

Source: the ECS API reference, RegisterTaskDefinition, and the texts that the API answers with.
"""

import json
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.aws.rules.documents import document_faults
from sandbox.cloud.aws.rules.fargate import is_task_size
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties, objects_of, text_of, texts_of

_VCPU = 1024
_MIB_PER_GB = 1024


def container_definitions_check(inputs: Properties) -> Iterator[Failure]:
    """The document has to be JSON that the ECS API's own model describes."""
    text = inputs.get("containerDefinitions")
    if not isinstance(text, str):
        return
    said = "ECS Task Definition container_definitions is invalid"
    try:
        document: object = json.loads(text)
    except ValueError as error:
        yield Failure("containerDefinitions", f"{said}: Error decoding JSON: {error}")
        return
    for fault in document_faults("ecs", "ContainerDefinitions", document):
        yield Failure("containerDefinitions", f"{said}: {fault}")


def task_definition(asked: Asked) -> Iterator[ApiError]:
    """Sizes, network mode, roles and containers have to go together."""
    containers = containers_of(asked.properties)
    yield from _containers(asked, containers)
    if "FARGATE" in texts_of(asked.properties, "requiresCompatibilities"):
        yield from _on_fargate(asked, containers)


def containers_of(properties: Properties) -> list[Properties]:
    """The container definitions of a task definition; those that cannot be read are left out."""
    try:
        document: Value = json.loads(text_of(properties, "containerDefinitions", "[]"))
    except ValueError:
        return []
    return [item for item in document if is_properties(item)] if is_list(document) else []


def units_of(text: str, unit: str, per_unit: int) -> int | None:
    """A size written as a number or with its unit: `256`, `.25 vCPU`, `1 GB`."""
    lowered = text.lower().strip()
    try:
        if lowered.endswith(unit):
            return round(float(lowered.removesuffix(unit)) * per_unit)
        return int(lowered)
    except ValueError:
        return None


def _on_fargate(asked: Asked, containers: list[Properties]) -> Iterator[ApiError]:
    if asked.text("networkMode") != "awsvpc":
        yield _client("Fargate only supports network mode 'awsvpc'.")
    cpu, memory = asked.text("cpu"), asked.text("memory")
    for name, value in (("cpu", cpu), ("memory", memory)):
        if not value:
            yield _client(f"Fargate requires that '{name}' be defined at the task level.")
    units, mib = units_of(cpu, "vcpu", _VCPU), units_of(memory, "gb", _MIB_PER_GB)
    if units is None or mib is None or not is_task_size(units, mib):
        yield _client(
            f"No Fargate configuration exists for given values: {units} CPU, {mib} memory. "
            "See the Amazon ECS documentation for the valid values."
        )
    if asked.text("executionRoleArn"):
        return
    for container in containers:
        log = container.get("logConfiguration")
        if is_properties(log) and log.get("logDriver") in ("awslogs", "awsfirelens"):
            yield _client(
                "Fargate requires task definition to have execution role ARN to support log driver "
                f"{log['logDriver']}."
            )
        if ".dkr.ecr." in text_of(container, "image"):
            yield _client(
                "Fargate requires task definition to have execution role ARN to support ECR images."
            )
        if container.get("secrets"):
            yield _client(
                "When you are specifying container secrets, you must also specify a value for "
                "'executionRoleArn'."
            )


def _containers(asked: Asked, containers: list[Properties]) -> Iterator[ApiError]:
    if not containers:
        yield _client("Container list cannot be empty.")
    if all(container.get("essential") is False for container in containers):
        yield _client("At least one container must be marked as essential.")
    names = [text_of(container, "name") for container in containers]
    for name in names:
        if names.count(name) > 1:
            yield _client(f"Container names must be unique. Duplicate name: {name}.")
    for container in containers:
        yield from _container(asked, container, names)


def _container(asked: Asked, container: Properties, names: list[str]) -> Iterator[ApiError]:
    name = text_of(container, "name")
    if not name:
        yield _client("Container.name should not be null or empty.")
    if not text_of(container, "image"):
        yield _client("Container.image should not be null or empty.")
    for needed in objects_of(container, "dependsOn"):
        if text_of(needed, "containerName") not in names:
            yield _client(
                f"Container '{name}' depends on a container that does not exist: "
                f"{needed.get('containerName')}."
            )
    yield from _sizes(asked, container, name)
    if asked.text("networkMode") == "awsvpc":
        for port in objects_of(container, "portMappings"):
            if port.get("hostPort") not in (None, 0, port.get("containerPort")):
                yield _client(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
                )


def _sizes(asked: Asked, container: Properties, name: str) -> Iterator[ApiError]:
    task_memory = units_of(asked.text("memory"), "gb", _MIB_PER_GB)
    task_cpu = units_of(asked.text("cpu"), "vcpu", _VCPU)
    limit, reserved, cpu = (container.get(key) for key in ("memory", "memoryReservation", "cpu"))
    if limit is None and reserved is None and task_memory is None:
        yield _client(
            f"Invalid setting for container '{name}'. At least one of 'memory' or "
            "'memoryReservation' must be specified."
        )
    if isinstance(limit, int) and task_memory is not None and limit > task_memory:
        yield _client(
            f"Invalid setting for container '{name}'. The 'memory' setting is greater than the task's."
        )
    if isinstance(limit, int) and isinstance(reserved, int) and limit < reserved:
        yield _client(
            f"Invalid setting for container '{name}'. 'memory' must not be less than 'memoryReservation'."
        )
    if isinstance(cpu, int) and task_cpu is not None and cpu > task_cpu:
        yield _client(
            f"Invalid setting for container '{name}'. The 'cpu' setting is greater than the task's."
        )


def _client(message: str) -> ApiError:
    return ApiError("ClientException", message)
