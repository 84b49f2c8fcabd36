"""AWS's own protection against deletion stands exactly as long as the environment's."""

from pathlib import Path
from typing import Any

import pytest

from tests.programs.eks.plans import of_kind
from tests.programs.eks.variants import request, web
from tests.programs.lab import Lab, cloud
from tests.programs.recording import Recording, plan

_ASKED: dict[str, Any] = {
    "cluster": {"deletion_protection": True},
    "load_balancer": {"deletion_protection": True},
}


def _on_eks(*, is_protected: bool) -> Recording:
    return plan(request(protected=is_protected, **_ASKED))


@pytest.mark.parametrize("is_protected", [True, False])
def test_a_cluster_is_protected_with_its_environment(is_protected: bool) -> None:
    """The cluster refuses deletion while the environment is protected, and no longer."""
    (cluster,) = _on_eks(is_protected=is_protected).of_type("eks:index:Cluster")
    assert cluster.inputs["deletionProtection"] is is_protected


@pytest.mark.parametrize("is_protected", [True, False])
def test_a_load_balancer_is_protected_with_its_environment(is_protected: bool) -> None:
    """The load balancer refuses deletion while the environment is protected, on either orchestrator."""
    (ingress,) = of_kind(_on_eks(is_protected=is_protected), "Ingress")
    said = ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/load-balancer-attributes"]
    assert f"deletion_protection.enabled={str(is_protected).lower()}" in said
    document = {
        **request(protected=is_protected, orchestrator="ecs"),
        "load_balancer": _ASKED["load_balancer"],
    }
    (balancer,) = plan(document).of_type("aws:lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["enableDeletionProtection"] is is_protected


def test_lifting_the_environments_protection_lets_it_be_destroyed(tmp_path: Path) -> None:
    """The deployment that lifts `protected` lifts AWS's protection, so that the destroy leaves nothing."""
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        document = request(web(), protected=True, cluster={"deletion_protection": True})
        lab.changes(document)
        lifted = {**document, "protected": False}
        assert lab.changes(lifted)["update"] == 1
        lab.destroy(lifted)
