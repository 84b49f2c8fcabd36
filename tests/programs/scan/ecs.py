"""Clusters, services and tasks of ECS."""

import json
from typing import Any

from tests.programs.scan.findings import Inputs, Rule, items

_CREDENTIAL_WORDS = ("PASSWORD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY")


def _containers(inputs: Inputs) -> list[Any]:
    return list(json.loads(inputs["containerDefinitions"]))


def _holds_a_credential(inputs: Inputs) -> bool:
    return any(
        any(setting["name"].upper().endswith(word) for word in _CREDENTIAL_WORDS)
        for container in _containers(inputs)
        for setting in container.get("environment") or []
    )


def _mounts_in_plain(inputs: Inputs) -> bool:
    mounts = [
        one["efsVolumeConfiguration"]
        for one in items(inputs.get("volumes"))
        if "efsVolumeConfiguration" in one
    ]
    return any(mount.get("transitEncryption") != "ENABLED" for mount in mounts)


def _shells_without_trace(inputs: Inputs) -> bool:
    command = (inputs.get("configuration") or {}).get("executeCommandConfiguration")
    if command is None:
        return False
    return not command.get("kmsKeyId") or not command.get("logConfiguration", {}).get(
        "cloudWatchEncryptionEnabled"
    )


def _task(**container: object) -> dict[str, str]:
    return {"containerDefinitions": json.dumps([{"name": "web", **container}])}


_TASKS = ("aws:ecs/taskDefinition:TaskDefinition",)
RULES = (
    Rule(
        "CKV_AWS_334",
        "a container is privileged",
        _TASKS,
        lambda inputs: any(one.get("privileged") for one in _containers(inputs)),
        _task(privileged=True),
    ),
    Rule(
        "CKV_AWS_335",
        "it shares the host's processes",
        _TASKS,
        lambda inputs: inputs.get("pidMode") == "host" or inputs.get("ipcMode") == "host",
        {**_task(), "pidMode": "host"},
    ),
    Rule(
        "CKV_AWS_249",
        "the program runs with the rights of the platform",
        _TASKS,
        lambda inputs: inputs.get("executionRoleArn") == inputs.get("taskRoleArn"),
        {**_task(), "executionRoleArn": "role", "taskRoleArn": "role"},
    ),
    Rule(
        "CKV_AWS_97",
        "EFS is mounted in plain",
        _TASKS,
        _mounts_in_plain,
        {"volumes": [{"efsVolumeConfiguration": {}}]},
    ),
    Rule(
        "CKV_SECRET_6",
        "a credential stands in plain",
        _TASKS,
        _holds_a_credential,
        _task(environment=[{"name": "DB_PASSWORD", "value": "x"}]),
    ),
    Rule(
        "CKV_AWS_333",
        "tasks get public addresses",
        ("aws:ecs/service:Service",),
        lambda inputs: (inputs.get("networkConfiguration") or {}).get("assignPublicIp"),
        {"networkConfiguration": {"assignPublicIp": True}},
    ),
    Rule(
        "CKV_AWS_223, CKV_AWS_224",
        "shells are neither encrypted nor logged",
        ("aws:ecs/cluster:Cluster",),
        _shells_without_trace,
        {"configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}}},
    ),
)
