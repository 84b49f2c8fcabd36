"""App Mesh inside a cluster: who is in the mesh, who calls whom, and both over TLS where asked for."""

import json
from typing import Any

from tests.programs.eks.plans import of_kind
from tests.programs.eks.variants import IMAGE, Document, api, request, web
from tests.programs.recording import Recording, plan
from tests.programs.strategies.arns import AUTHORITY

_WORKER = {"name": "worker", "image": IMAGE, "env": {"API": "http://${workloads.api.host}:8080"}}
_MTLS = {"mtls": {"certificate_authority_arn": AUTHORITY}}


def _meshed(**settings: object) -> Document:
    caller = web(env={"API": "http://${workloads.api.host}:8080"})
    return request(caller, api(), _WORKER, mesh={"kind": "app_mesh", **settings})


def _nodes(recording: Recording) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one["spec"] for one in of_kind(recording, "VirtualNode")}


def _rights(recording: Recording, workload: str) -> dict[str, list[str]]:
    (policy,) = [
        one
        for one in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if one.name == f"{workload}-identity-pods-policy"
    ]
    statements = json.loads(str(policy.inputs["policy"]))["Statement"]
    return {action: one["Resource"] for one in statements for action in one["Action"]}


def test_every_workload_has_a_node_and_calls_whom_it_names() -> None:
    """A pod without a node is not admitted, and an Envoy reaches the backends of its node alone."""
    nodes = _nodes(plan(_meshed()))
    called = {"virtualService": {"virtualServiceRef": {"name": "api", "namespace": "api"}}}
    assert {name: node["backends"] for name, node in nodes.items()} == {
        "web": [called],
        "api": [],
        "worker": [called],
    }
    assert "listeners" not in nodes["worker"]


def test_nodes_stand_before_pods() -> None:
    """The admission of a pod fails as long as its node is not there."""
    recording = plan(_meshed())
    (pods,) = [one for one in recording.resources if one.name == "web-deployment"]
    (node,) = [one for one in recording.resources if one.name == "web-VirtualNode"]
    assert recording.resources.index(node) < recording.resources.index(pods)


def test_envoys_read_their_own_node_and_nothing_else() -> None:
    """Without TLS there is no certificate to read."""
    rights = _rights(plan(_meshed()), "worker")
    (arn,) = rights.pop("appmesh:StreamAggregatedResources")
    assert arn.endswith("/virtualNode/worker")
    assert rights == {}


def test_listeners_show_a_certificate_of_the_authority_that_callers_trust() -> None:
    """Callers enforce TLS, so that whoever listens has to speak it; its Envoys may fetch what they show."""
    recording = plan(_meshed(**_MTLS))
    nodes = _nodes(recording)
    for name in ("web", "api"):
        (certificate,) = [
            one
            for one in recording.of_type("aws:acm/certificate:Certificate")
            if one.name == f"{name}-certificate"
        ]
        assert certificate.inputs["certificateAuthorityArn"] == AUTHORITY
        assert certificate.inputs["domainName"] == f"*.{name}.svc.cluster.local"
        (listener,) = nodes[name]["listeners"]
        assert listener["tls"]["mode"] == "STRICT"
        shown = listener["tls"]["certificate"]["acm"]["certificateARN"]
        assert _rights(recording, name)["acm:ExportCertificate"] == [shown]
    for name, node in nodes.items():
        policy = node["backendDefaults"]["clientPolicy"]["tls"]
        assert policy["enforce"] is True
        assert policy["validation"]["trust"]["acm"]["certificateAuthorityARNs"] == [AUTHORITY]
        assert _rights(recording, name)["acm-pca:GetCertificateAuthorityCertificate"] == [AUTHORITY]
    assert "acm:ExportCertificate" not in _rights(recording, "worker")


def test_only_pods_that_ask_for_an_envoy_get_one() -> None:
    """Pods of a schedule share the namespace and are none of the mesh's."""
    recording = plan(_meshed())
    label = "appmesh.k8s.aws/sidecarInjectorWebhook"
    labels = {one["metadata"]["labels"][label] for one in of_kind(recording, "Namespace")}
    asked = {
        one["spec"]["template"]["metadata"]["annotations"][label] for one in of_kind(recording, "Deployment")
    }
    assert (labels, asked) == ({"disabled"}, {"enabled"})
