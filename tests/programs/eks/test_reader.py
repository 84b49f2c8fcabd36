"""The role that previews and drift detection look with: let into the cluster to read, and nothing more."""

import dataclasses
from typing import Any, cast

from tests.programs.eks.variants import Document, request, web
from tests.programs.recording import FACTS, Recording, plan

READER = "arn:aws:iam::123456789012:role/berth/read"


def _plan(document: Document) -> Recording:
    return plan(document, dataclasses.replace(FACTS, reader_role_arn=READER))


def _entries(recording: Recording) -> dict[str, Any]:
    cluster = recording.one("eks:index:Cluster", "cluster")
    return cast("dict[str, Any]", cluster.inputs.get("accessEntries") or {})


def test_the_reader_sees_everything_and_changes_nothing() -> None:
    """Its entry has the one policy that reads all kinds, Secrets among them."""
    (entry,) = _entries(_plan(request(web()))).values()
    assert entry["principalArn"] == READER
    (policy,) = entry["accessPolicies"].values()
    assert policy["policyArn"].endswith(":cluster-access-policy/AmazonEKSAdminViewPolicy")
    assert policy["accessScope"] == {"type": "cluster"}


def test_what_a_request_says_of_the_reader_counts() -> None:
    """A principal has one entry in a cluster: that of the request, where it names the reader itself."""
    access = [{"principal_arn": READER, "policy": "cluster_admin"}]
    (entry,) = _entries(_plan(request(web(), cluster={"access": access}))).values()
    (policy,) = entry["accessPolicies"].values()
    assert policy["policyArn"].endswith("AmazonEKSClusterAdminPolicy")


def test_no_reader_has_no_entry() -> None:
    """An account without a read-only role adds nothing to the cluster."""
    assert _entries(plan(request(web()))) == {}


def test_no_provider_names_a_role_or_a_session() -> None:
    """Both belong to an operation: as inputs they would differ from one deploy to the next."""
    for provider in [
        one for one in _plan(request(web())).resources if one.type.startswith("pulumi:providers:")
    ]:
        assert "assumeRoles" not in provider.inputs
        assert "--role-arn" not in str(provider.inputs)
