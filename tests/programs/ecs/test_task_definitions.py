"""Task definitions, as AWS's own service model and its rules see them."""

import json
from collections.abc import Mapping
from functools import cache
from typing import cast

import botocore.session
import pytest
from botocore.model import Shape
from botocore.validate import ParamValidator

from tests.programs.ecs.plans import DOCUMENTS, plan_of
from tests.programs.ecs.variants import environment, private, worker
from tests.programs.recording import Registered, plan

_TASK = "aws:ecs/taskDefinition:TaskDefinition"


@cache
def _model() -> Shape:
    model = botocore.session.get_session().get_service_model("ecs")
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    assert shape is not None
    return shape


def _containers(task: Registered) -> dict[str, Mapping[str, object]]:
    listed = cast("list[Mapping[str, object]]", json.loads(str(task.inputs["containerDefinitions"])))
    return {str(one["name"]): one for one in listed}


def _settings(container: Mapping[str, object]) -> dict[str, str]:
    listed = cast("list[Mapping[str, str]]", container["environment"])
    return {one["name"]: one["value"] for one in listed}


def _parameters(task: Registered) -> dict[str, object]:
    """Return the call that registers the task definition."""
    inputs = task.inputs
    proxy = cast("Mapping[str, object] | None", inputs.get("proxyConfiguration"))
    parameters: dict[str, object] = {
        "family": inputs["family"],
        "networkMode": inputs["networkMode"],
        "requiresCompatibilities": inputs["requiresCompatibilities"],
        "cpu": inputs["cpu"],
        "memory": inputs["memory"],
        "executionRoleArn": inputs["executionRoleArn"],
        "taskRoleArn": inputs["taskRoleArn"],
        "runtimePlatform": inputs["runtimePlatform"],
        "containerDefinitions": json.loads(str(inputs["containerDefinitions"])),
        "tags": [
            {"key": key, "value": value} for key, value in cast("Mapping[str, str]", inputs["tags"]).items()
        ],
        "volumes": [_volume(one) for one in cast("list[Mapping[str, object]]", inputs["volumes"])],
    }
    if "ephemeralStorage" in inputs:
        storage = cast("Mapping[str, object]", inputs["ephemeralStorage"])
        parameters["ephemeralStorage"] = {"sizeInGiB": storage["sizeInGib"]}
    if proxy is not None:
        properties = cast("Mapping[str, str]", proxy["properties"])
        parameters["proxyConfiguration"] = {**proxy, "properties": _pairs("name", properties)}
    return parameters


def _pairs(key: str, mapping: object) -> list[dict[str, str]]:
    return [{key: name, "value": value} for name, value in cast("Mapping[str, str]", mapping).items()]


def _volume(volume: Mapping[str, object]) -> dict[str, object]:
    """Return a volume with the one name that the provider spells otherwise."""
    parts = dict(volume)
    efs = cast("Mapping[str, object] | None", parts.get("efsVolumeConfiguration"))
    if efs is not None:
        parts["efsVolumeConfiguration"] = {
            "fileSystemId": efs["fileSystemId"],
            "transitEncryption": efs["transitEncryption"],
            "authorizationConfig": efs["authorizationConfig"],
        }
    return parts


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_task_definition_is_one_that_aws_registers(name: str) -> None:
    """No field is unknown to RegisterTaskDefinition, missing, or of another type."""
    for task in plan_of(name).of_type(_TASK):
        report = ParamValidator().validate(_parameters(task), _model())
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_containers_refer_to_what_their_task_has(name: str) -> None:
    """Dependencies name containers of the task, mounts its volumes, and something is essential."""
    for task in plan_of(name).of_type(_TASK):
        containers = _containers(task)
        volumes = {str(one["name"]) for one in cast("list[Mapping[str, object]]", task.inputs["volumes"])}
        assert any(one["essential"] for one in containers.values())
        for container in containers.values():
            dependencies = cast("list[Mapping[str, str]]", container.get("dependsOn", []))
            mounts = cast("list[Mapping[str, str]]", container.get("mountPoints", []))
            assert {one["containerName"] for one in dependencies} <= set(containers)
            assert {one["sourceVolume"] for one in mounts} <= volumes
            for one in dependencies:
                if one["condition"] == "HEALTHY":
                    assert "healthCheck" in containers[one["containerName"]]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_reserved_memory_and_cpu_fit_into_the_task(name: str) -> None:
    """What sidecars set aside leaves room for the workload itself."""
    for task in plan_of(name).of_type(_TASK):
        containers = _containers(task).values()
        cpu = sum(cast("int", one.get("cpu", 0)) for one in containers)
        memory = sum(cast("int", one.get("memory", one.get("memoryReservation", 0))) for one in containers)
        assert cpu < int(str(task.inputs["cpu"]))
        assert memory < int(str(task.inputs["memory"]))


def test_app_mesh_sends_a_tasks_traffic_through_envoy() -> None:
    """The proxy settings are those of AWS's guide, and the workload waits for a healthy Envoy."""
    task = plan_of("app_mesh").one(_TASK, "my-app-task")
    proxy = cast("Mapping[str, Mapping[str, str]]", task.inputs["proxyConfiguration"])
    assert proxy["type"] == "APPMESH"
    assert proxy["properties"] == {
        "AppPorts": "8080",
        "EgressIgnoredIPs": "169.254.170.2,169.254.169.254",
        "IgnoredUID": "1337",
        "ProxyEgressPort": "15001",
        "ProxyIngressPort": "15000",
    }
    containers = _containers(task)
    assert containers["envoy"]["user"] == "1337"
    assert {"containerName": "envoy", "condition": "HEALTHY"} in cast(
        "list[object]", containers["my-app"]["dependsOn"]
    )


def test_fluent_bit_takes_the_workloads_output_and_not_its_own() -> None:
    """With FireLens the workload waits for the router, which itself writes straight to CloudWatch."""
    containers = _containers(plan_of("shop").one(_TASK, "worker-task"))
    drivers = {
        name: cast("Mapping[str, str]", one["logConfiguration"])["logDriver"]
        for name, one in containers.items()
    }
    assert drivers == {"worker": "awsfirelens", "fluent-bit": "awslogs", "cloudwatch-agent": "awslogs"}
    assert {"containerName": "fluent-bit", "condition": "START"} in cast(
        "list[object]", containers["worker"]["dependsOn"]
    )


def test_a_read_only_container_gets_an_empty_volume_for_each_writable_path() -> None:
    """The root file system is read-only, and what must be written is."""
    task = plan(environment(worker(writable_paths=["/tmp", "/data"]))).one(_TASK, "worker-task")  # noqa: S108
    container = _containers(task)["worker"]
    assert container["readonlyRootFilesystem"] is True
    paths = [mount["containerPath"] for mount in cast("list[Mapping[str, str]]", container["mountPoints"])]
    assert paths == ["/tmp", "/data"]  # noqa: S108


def test_settings_find_other_workloads_by_name() -> None:
    """A reference to a workload's host becomes its name in the environment's domain."""
    task = plan_of("shop").one(_TASK, "frontend-task")
    settings = cast("list[Mapping[str, str]]", _containers(task)["frontend"]["environment"])
    assert {"name": "BACKEND_URL", "value": "http://backend.shop.storefront.internal:8080"} in settings


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_container_knows_its_region(name: str) -> None:
    """On an instance nobody else tells it, neither ECS nor the metadata service."""
    for task in plan_of(name).of_type(_TASK):
        for container in _containers(task).values():
            settings = _settings(container)
            assert settings["AWS_REGION"] == settings["AWS_DEFAULT_REGION"] == "us-east-1"


def test_a_region_that_the_request_names_stays() -> None:
    """What a request says wins, and a secret has its name for itself."""
    secret = {"name": "AWS_DEFAULT_REGION", "parameter": "/ops/region"}
    task = plan(environment(worker(env={"AWS_REGION": "eu-west-1"}, secrets=[secret]))).one(
        _TASK, "worker-task"
    )
    assert _settings(_containers(task)["worker"]) == {"AWS_REGION": "eu-west-1"}


def test_the_collector_shares_the_task_with_other_sidecars() -> None:
    """It takes OTLP alone, on ports that no other sidecar has, and writes to the workload's own log."""
    containers = _containers(plan_of("containers_of_every_kind").one(_TASK, "api-task"))
    configuration = json.loads(_settings(containers["otel"])["AOT_CONFIG_CONTENT"])
    assert list(configuration["receivers"]) == ["otlp"]
    assert configuration["exporters"]["awsemf"]["log_group_name"] == "/berth/ops/knobs/api"
    for pipeline in configuration["service"]["pipelines"].values():
        assert set(pipeline["processors"]) <= set(configuration["processors"])
        assert set(pipeline["exporters"]) <= set(configuration["exporters"])
    ports = [
        (mapping["containerPort"], mapping["protocol"])
        for container in containers.values()
        for mapping in cast("list[Mapping[str, object]]", container.get("portMappings", []))
    ]
    assert len(ports) == len(set(ports))


def test_a_workload_sends_to_its_sidecars_what_they_take() -> None:
    """OTLP over gRPC to the port that speaks it, and metrics as lines of a log that may be written."""
    settings = _settings(_containers(plan_of("containers_of_every_kind").one(_TASK, "api-task"))["api"])
    assert settings["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4317"
    assert settings["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc"
    assert settings["AWS_EMF_LOG_GROUP_NAME"] == "/berth/ops/knobs/api"


def test_secrets_are_references_whole_or_by_key() -> None:
    """Secrets travel as ARNs that ECS resolves; a JSON key is part of the reference."""
    task = plan_of("containers_of_every_kind").one(_TASK, "api-task")
    secrets = cast("list[Mapping[str, str]]", _containers(task)["api"]["secrets"])
    assert {one["name"]: one["valueFrom"] for one in secrets} == {
        "KEY": "arn:aws:secretsmanager:us-east-1:123456789012:secret:ops/json:token::",
        "PATH_ONE": "arn:aws:ssm:us-east-1:123456789012:parameter/ops/parameter",
        "WHOLE": "arn:aws:secretsmanager:us-east-1:123456789012:secret:ops/whole",
    }


def test_ports_have_names_only_under_service_connect() -> None:
    """Service Connect refers to ports by name and protocol; UDP has neither there."""
    named = _containers(plan_of("service_connect_with_tls").one(_TASK, "api-task"))["api"]["portMappings"]
    assert cast("list[object]", named) == [
        {"appProtocol": "http", "containerPort": 8080, "name": "http", "protocol": "tcp"},
        {"appProtocol": "grpc", "containerPort": 9000, "name": "grpc", "protocol": "tcp"},
        {"containerPort": 9001, "name": "raw", "protocol": "tcp"},
        {"containerPort": 9002, "protocol": "udp"},
    ]
    plain = _containers(plan(environment(private())).one(_TASK, "api-task"))["api"]["portMappings"]
    assert plain == [{"containerPort": 8080, "protocol": "tcp"}]
