"""Every manifest against the schema that Kubernetes publishes for the cluster's own version."""

from typing import Any, cast

import kubernetes_validate
import pytest

from programs.request import EksEnvironment, parse_request
from tests.programs.eks.plans import DOCUMENTS, in_cluster, plan_of, pod_specs
from tests.programs.recording import Registered

_CUSTOM_GROUPS = frozenset(
    {
        "appmesh.k8s.aws",
        "argoproj.io",
        "eks.amazonaws.com",
        "external-secrets.io",
        "flagger.app",
        "gateway.networking.k8s.io",
        "karpenter.k8s.aws",
        "karpenter.sh",
        "keda.sh",
    }
)
"""API groups that controllers bring; Kubernetes publishes no schema for them."""

_RELEASE = "kubernetes:helm.sh/v3:Release"

every_plan = pytest.mark.parametrize("name", DOCUMENTS)


def _version(name: str) -> str:
    request = parse_request(DOCUMENTS[name])
    assert isinstance(request, EksEnvironment)
    return request.cluster.version


def _check(manifest: dict[str, Any], version: str, what: str) -> None:
    """Hold a manifest against the strict schema, which refuses unknown fields, of exactly this version."""
    try:
        used = kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        pytest.fail(f"{what}: {'.'.join(map(str, error.path))}: {error.message}")
    assert used == version


def _group(resource: Registered) -> str:
    return str(resource.inputs["apiVersion"]).rpartition("/")[0]


@every_plan
def test_manifests_obey_the_published_schema(name: str) -> None:
    """Objects of Kubernetes's own kinds have the fields, types and values of the cluster's version."""
    version = _version(name)
    for resource in in_cluster(plan_of(name)):
        if resource.type != _RELEASE and _group(resource) not in _CUSTOM_GROUPS:
            _check(cast("dict[str, Any]", resource.inputs), version, resource.name)


@every_plan
def test_pods_obey_the_published_schema(name: str) -> None:
    """Pods that controllers make, of a Rollout's template as of a Deployment's, obey the schema, too."""
    version = _version(name)
    for owner, spec in pod_specs(plan_of(name)):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}, "spec": spec}
        _check(pod, version, owner.name)


def test_a_wrong_field_is_found() -> None:
    """The schema is strict: a field that Kubernetes does not know fails."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"port": 80}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service, "1.34", strict=True)
