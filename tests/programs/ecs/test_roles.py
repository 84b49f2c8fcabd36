"""What roles may do, statement by statement."""

import json
from typing import cast

import pytest

from tests.programs.ecs.plans import plan_of
from tests.programs.ecs.variants import environment, private
from tests.programs.recording import Recording, plan
from tests.programs.strategies.arns import AUTHORITY

Statement = dict[str, object]


def _statements(recording: Recording, role: str) -> dict[str, Statement]:
    """Return the statements of a role's own policy by their names."""
    policy = recording.one("aws:iam/rolePolicy:RolePolicy", f"{role}-policy")
    listed = cast("list[Statement]", json.loads(str(policy.inputs["policy"]))["Statement"])
    return {str(one["Sid"]): one for one in listed}


def test_root_writes_to_a_file_system_mounted_whole() -> None:
    """Without an access point's user a container's root must stay root, or what it makes is nobody's."""
    statements = _statements(plan_of("file_systems"), "api-task")
    assert statements["Mount1"]["Action"] == [
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientWrite",
        "elasticfilesystem:ClientRootAccess",
    ]
    assert statements["Mount2"]["Action"] == ["elasticfilesystem:ClientMount"]


@pytest.mark.parametrize("is_named", [True, False])
def test_ecs_may_issue_with_the_authority_that_is_named(is_named: bool) -> None:
    """AWS's policy covers authorities that bear a tag of ECS, as one that is made does, and no other."""
    mesh = {"kind": "service_connect", "tls": True}
    named = {"certificate_authority_arn": AUTHORITY} if is_named else {}
    statements = _statements(plan(environment(private(), mesh={**mesh, **named})), "connect-issuer")
    assert set(statements) == {
        "EncryptPrivateKeys",
        *(("ReadAuthority", "IssueCertificates") if is_named else ()),
    }
    if is_named:
        assert statements["IssueCertificates"]["Resource"] == [AUTHORITY]
        assert statements["IssueCertificates"]["Condition"] == {
            "StringEquals": {"acm-pca:TemplateArn": ["arn:aws:acm-pca:::template/EndEntityCertificate/V1"]}
        }
