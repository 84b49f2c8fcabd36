"""AWS as a target: facts that no operation changes, and the role that each kind of operation works in."""

from unittest.mock import Mock

import pytest

from service.core.ids import EnvironmentId, OperationId
from service.environments.model import EnvironmentStatus
from service.operations.model import NO_OPTIONS, Epoch, OperationKind
from service.operations.runs import (
    ClaimedOperation,
    Run,
    Stood,
)
from service.settings import Settings, TargetAccount
from service.worker import aws
from service.worker.aws import AwsCliMissingError, assumed_role, aws_target, look_up_facts

DEPLOY, READ = "arn:aws:iam::123456789012:role/deploy", "arn:aws:iam::123456789012:role/read"
READING = {OperationKind.PREVIEW, OperationKind.DETECT_DRIFT}


def _settings(**roles: str) -> Settings:
    return Settings(accounts={"default": TargetAccount(account_id="123456789012", **roles)})


def _claimed(kind: OperationKind, operation_id: str = "op_1", orchestrator: str = "ecs") -> ClaimedOperation:
    return ClaimedOperation(
        run=Run(OperationId(operation_id), EnvironmentId("env_1"), kind, Epoch(1)),
        request={"orchestrator": orchestrator},
        options=NO_OPTIONS,
        team="shop",
        environment_name="dev",
        account="default",
        region="us-east-1",
        expires_at=None,
        before=Stood(EnvironmentStatus.READY, is_paused=False),
    )


@pytest.fixture
def _zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """The region's zones, which AWS alone can tell."""
    monkeypatch.setattr(aws, "open_reading_session", Mock())
    monkeypatch.setattr(aws, "_zone_names", Mock(return_value=("us-east-1a", "us-east-1b")))


@pytest.mark.usefixtures("_zones")
def test_facts_are_the_same_whichever_operation_asks() -> None:
    """A preview and a later deploy give the program equal facts, so that their plans are equal."""
    settings = _settings(deploy_role_arn=DEPLOY, read_only_role_arn=READ)
    preview = look_up_facts(_claimed(OperationKind.PREVIEW, "op_1"), settings)
    deploy = look_up_facts(_claimed(OperationKind.DEPLOY, "op_2"), settings)
    assert preview == deploy
    assert deploy.reader_role_arn == READ


@pytest.mark.parametrize("kind", OperationKind)
def test_what_changes_nothing_works_in_the_read_only_role(kind: OperationKind) -> None:
    """Previews and drift detection cannot change anything; the session is the operation's."""
    settings = _settings(deploy_role_arn=DEPLOY, read_only_role_arn=READ)
    role = assumed_role(_claimed(kind, "op_7"), settings)
    assert role is not None
    assert role.role_arn == (READ if kind in READING else DEPLOY)
    assert (role.session_name, role.region) == ("op_7", "us-east-1")


def test_an_account_without_roles_takes_the_workers_credentials() -> None:
    """Where the settings name no role, none is assumed; a deploy role alone serves for looking, too."""
    assert assumed_role(_claimed(OperationKind.DEPLOY), _settings()) is None
    only_deploy = assumed_role(_claimed(OperationKind.PREVIEW), _settings(deploy_role_arn=DEPLOY))
    assert only_deploy is not None
    assert only_deploy.role_arn == DEPLOY


def test_the_target_gives_runs_their_role() -> None:
    """What the worker hands to runners is that role."""
    target = aws_target(_settings(deploy_role_arn=DEPLOY))
    claimed = _claimed(OperationKind.DESTROY)
    assert target.role_of(claimed) == assumed_role(claimed, _settings(deploy_role_arn=DEPLOY))


@pytest.mark.usefixtures("_zones")
def test_a_cluster_needs_the_aws_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker without `aws` says so before anything is made of an EKS environment; ECS does without."""
    monkeypatch.setattr(aws, "SYSTEM_PATH", "/nonexistent")
    look_up_facts(_claimed(OperationKind.DEPLOY), _settings())
    with pytest.raises(AwsCliMissingError, match="need the AWS CLI"):
        look_up_facts(_claimed(OperationKind.DEPLOY, orchestrator="eks"), _settings())
