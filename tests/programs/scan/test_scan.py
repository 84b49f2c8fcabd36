"""A static security scan of every plan: what public scanners call high is nowhere in them.

The scanners themselves read Terraform, CloudFormation and manifests, not a Pulumi program; their rules of
high severity for the types made here are stated in this folder, under their ids.
"""

from collections.abc import Iterable

import pytest

from tests.programs.ecs import plans as ecs_plans
from tests.programs.eks import plans as eks_plans
from tests.programs.recording import Recording, Registered
from tests.programs.scan import data, ecs, kubernetes, networks, rights
from tests.programs.scan.findings import Rule

RULES: tuple[Rule, ...] = (*data.RULES, *networks.RULES, *rights.RULES, *ecs.RULES, *kubernetes.RULES)
SIDES = {"ecs": ecs_plans, "eks": eks_plans}
PLANS = [(side, name) for side, plans in SIDES.items() for name in plans.DOCUMENTS]


ASKED_FOR = {("ecs", "insights_off_and_plain_exec"): {"CKV_AWS_223, CKV_AWS_224"}}
"""What a document asks for in so many words: `cluster.exec.encrypt: false`."""


def _plan(side: str, name: str) -> Recording:
    return SIDES[side].plan_of(name)


def _scan(resources: Iterable[Registered], asked_for: Iterable[str]) -> list[str]:
    known = list(resources)
    rules = [rule for rule in RULES if rule.ids not in asked_for]
    return [finding for rule in rules for finding in rule.findings(known)]


@pytest.mark.parametrize(("side", "name"), PLANS)
def test_a_static_scan_of_the_plan_finds_nothing_high(side: str, name: str) -> None:
    """No resource of any example or knob is one that a scanner would call a grave mistake."""
    assert _scan(_plan(side, name).custom(), ASKED_FOR.get((side, name), ())) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.ids}: {rule.title}")
def test_a_rule_objects_to_what_is_wrong(rule: Rule) -> None:
    """Each rule speaks of inputs that it must object to: none passes because it looks at nothing."""
    wrong = Registered(rule.types[0], "wrong", "", dict(rule.wrong), (), (), "", is_component=False)
    assert len(rule.findings([wrong])) == 1


def test_every_rule_has_something_to_look_at() -> None:
    """A type that no plan holds any more, or whose name is wrong, is noticed."""
    there = {one.type for side, name in PLANS for one in _plan(side, name).custom()}
    assert [rule.title for rule in RULES if not there & set(rule.types)] == []


@pytest.mark.parametrize(("side", "name"), PLANS)
def test_every_bucket_is_closed_and_encrypted(side: str, name: str) -> None:
    """A bucket has a block of public access and encryption beside it (CKV2_AWS_6, CKV_AWS_19)."""
    recording = _plan(side, name)
    buckets = len(recording.of_type("aws:s3/bucket:Bucket"))
    for beside in ("PublicAccessBlock", "ServerSideEncryptionConfiguration", "Policy"):
        kind = f"bucket{beside}"
        assert len(recording.of_type(f"aws:s3/{kind}:B{kind[1:]}")) == buckets


@pytest.mark.parametrize("name", eks_plans.DOCUMENTS)
def test_every_cluster_is_logged_and_its_secrets_encrypted_by_default(name: str) -> None:
    """Control planes tell who did what, and Secrets have a key, unless a request says otherwise.

    CKV_AWS_37, CKV_AWS_58.
    """
    asked = dict(eks_plans.DOCUMENTS[name].get("cluster", {}))
    (cluster,) = _plan("eks", name).of_type("eks:index:Cluster")
    if asked.get("encrypt_secrets") is not False:
        assert cluster.inputs["encryptionConfigKeyArn"]
    if "log_types" not in asked:
        assert {"api", "audit", "authenticator"} <= set(cluster.inputs["enabledClusterLogTypes"])  # type: ignore[arg-type]
