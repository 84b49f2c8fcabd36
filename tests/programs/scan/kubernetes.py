"""Pods, and rights within a cluster."""

from collections.abc import Iterator
from typing import Any

from tests.programs.scan.findings import Inputs, Rule, items

_ESCALATING_VERBS = frozenset({"*", "bind", "escalate", "impersonate"})


def _pod(inputs: Inputs) -> dict[str, Any]:
    spec = inputs.get("spec") or {}
    if inputs.get("kind") == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template", {}).get("spec", {})


def _containers(inputs: Inputs) -> Iterator[Any]:
    pod = _pod(inputs)
    yield from pod.get("containers") or []
    yield from pod.get("initContainers") or []


def _any(inputs: Inputs, name: str, *, unless: object) -> bool:
    return any((one.get("securityContext") or {}).get(name) is not unless for one in _containers(inputs))


def _lacks_limits(inputs: Inputs) -> bool:
    return any(
        not (one.get("resources") or {}).get("limits", {}).get("memory") for one in _containers(inputs)
    )


def _keeps_capabilities(inputs: Inputs) -> bool:
    return any(
        (one.get("securityContext") or {}).get("capabilities", {}).get("drop") != ["ALL"]
        for one in _containers(inputs)
    )


def _follows_a_moving_tag(inputs: Inputs) -> bool:
    return any(
        ":" not in one["image"].rpartition("/")[2] or one["image"].endswith(":latest")
        for one in _containers(inputs)
    )


def _mounts_the_host(inputs: Inputs) -> bool:
    return any("hostPath" in one for one in items(_pod(inputs).get("volumes")))


def _gains_rights(inputs: Inputs) -> bool:
    return any(
        _ESCALATING_VERBS & set(rule.get("verbs") or []) or "*" in (rule.get("resources") or [])
        for rule in items(inputs.get("rules"))
    )


def _with(**container: object) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [{"image": "nginx", **container}]}}}}


_PODS = (
    "kubernetes:apps/v1:Deployment",
    "kubernetes:argoproj.io/v1alpha1:Rollout",
    "kubernetes:batch/v1:CronJob",
)
RULES = (
    Rule(
        "CKV_K8S_16",
        "a container is privileged",
        _PODS,
        lambda inputs: any(
            (one.get("securityContext") or {}).get("privileged") for one in _containers(inputs)
        ),
        _with(securityContext={"privileged": True}),
    ),
    Rule(
        "CKV_K8S_20",
        "a program can gain rights",
        _PODS,
        lambda inputs: _any(inputs, "allowPrivilegeEscalation", unless=False),
        _with(),
    ),
    Rule(
        "CKV_K8S_23, CKV_K8S_6",
        "it runs as root",
        _PODS,
        lambda inputs: (
            _any(inputs, "runAsNonRoot", unless=True)
            and (_pod(inputs).get("securityContext") or {}).get("runAsNonRoot") is not True
        ),
        _with(),
    ),
    Rule("CKV_K8S_28, CKV_K8S_37", "a container keeps capabilities", _PODS, _keeps_capabilities, _with()),
    Rule(
        "CKV_K8S_17, CKV_K8S_18, CKV_K8S_19",
        "it shares the node's processes or network",
        _PODS,
        lambda inputs: any(_pod(inputs).get(name) for name in ("hostPID", "hostIPC", "hostNetwork")),
        {"spec": {"template": {"spec": {"hostNetwork": True}}}},
    ),
    Rule(
        "CKV_K8S_27, CKV_K8S_26",
        "it reads the node's disk",
        _PODS,
        _mounts_the_host,
        {"spec": {"template": {"spec": {"volumes": [{"hostPath": {"path": "/"}}]}}}},
    ),
    Rule("CKV_K8S_13", "memory has no limit", _PODS, _lacks_limits, _with()),
    Rule("CKV_K8S_14", "nobody knows which version runs", _PODS, _follows_a_moving_tag, _with()),
    Rule(
        "CKV_K8S_49, CKV_K8S_155, CKV_K8S_156, CKV_K8S_158",
        "it can give itself rights in the cluster",
        (
            "kubernetes:rbac.authorization.k8s.io/v1:Role",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        ),
        _gains_rights,
        {"rules": [{"verbs": ["*"], "resources": ["pods"]}]},
    ),
)
