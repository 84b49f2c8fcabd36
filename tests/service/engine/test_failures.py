"""A failed run says which resource, what the provider said and what to do."""

import pytest

from service.engine.failures import FailureCollector
from service.events.model import Diagnostic, EventPayload, ResourceFailed, StepAction
from service.operations.model import OperationFailure

URN = "urn:pulumi:dev::environments::berth:network:Network$aws:ec2/vpc:Vpc::shop-vpc"
STACK_URN = "urn:pulumi:dev::environments::pulumi:pulumi:Stack::environments-dev"


def failure_of(*payloads: EventPayload, output: str = "") -> OperationFailure:
    collector = FailureCollector()
    for payload in payloads:
        collector.observe(payload)
    return collector.failure(output)


def failed_step() -> ResourceFailed:
    return ResourceFailed(urn=URN, resource_type="aws:ec2/vpc:Vpc", name="shop-vpc", action=StepAction.CREATE)


def error(message: str, urn: str | None = URN) -> Diagnostic:
    return Diagnostic(severity="error", message=message, urn=urn)


@pytest.mark.parametrize(
    ("said", "code", "retryable"),
    [
        ("ThrottlingException: Rate exceeded", "throttled", True),
        ("AccessDenied: User is not authorized to perform ec2:CreateVpc", "access_denied", False),
        ("ExpiredToken: The security token included in the request is expired", "credentials_invalid", False),
        ("VpcLimitExceeded: The maximum number of VPCs has been reached.", "quota_exceeded", False),
        ("EntityAlreadyExists: Role with name shop already exists.", "already_exists", False),
        ("DependencyViolation: The vpc has dependencies and cannot be deleted", "dependency_violation", True),
        ("waiting for ECS Service to reach stable state: timeout while waiting", "not_stable", True),
        ("InsufficientInstanceCapacity: no capacity", "capacity_unavailable", True),
        ("resource urn:x violates plan: create is not allowed", "plan_violated", False),
        (
            "create is not allowed by the plan: no steps were expected for this resource",
            "plan_violated",
            False,
        ),
        ("expected resource operations for urn:x but none were seen", "plan_violated", False),
        ("dial tcp: connection refused", "connection_lost", True),
        ("InvalidParameterValue: Value (x) is invalid", "provider_error", False),
    ],
)
def test_provider_errors_are_classified(said: str, code: str, retryable: bool) -> None:
    """Known kinds of provider errors get a code, advice and whether trying again may help."""
    failure = failure_of(error(said), failed_step())
    assert (failure.code, failure.retryable) == (code, retryable)
    assert (failure.resource_urn, failure.resource_type) == (URN, "aws:ec2/vpc:Vpc")
    assert failure.provider_message == said
    assert failure.hint


def test_cause_is_the_first_failed_step() -> None:
    """What failed first is the cause; the engine's own summary of it is not."""
    failure = failure_of(error("InvalidParameterValue"), failed_step(), error("update failed", STACK_URN))
    assert failure.message == "could not create shop-vpc (aws:ec2/vpc:Vpc)"


def test_refused_inputs_name_their_resource() -> None:
    """A provider's refusal of inputs, which is no failed step, names its resource too."""
    failure = failure_of(error("cidr_block: not a CIDR"), error("preview failed", None))
    assert (failure.resource_urn, failure.resource_type) == (URN, "aws:ec2/vpc:Vpc")


def test_exception_of_a_program_is_its_own_kind() -> None:
    """An exception of the blueprint is a program error, without its traceback."""
    said = "python inline source runtime error: no such zone\nTraceback (most recent call last):\n  File"
    failure = failure_of(error(said, STACK_URN))
    assert (failure.code, failure.message) == ("program_error", "no such zone")


def test_engine_that_ends_without_events_is_quoted() -> None:
    """Without any event the engine's last words are the message."""
    failure = failure_of(output="error: [409] Conflict: another update is in progress")
    assert (failure.code, failure.message) == (
        "engine_error",
        "error: [409] Conflict: another update is in progress",
    )


def test_the_engines_cause_comes_before_what_the_program_was_told() -> None:
    """A program that only heard that the engine gave up is not the cause."""
    told = error("python inline source runtime error: resource monitor shut down", STACK_URN)
    assert failure_of(told, error("resource 'web' does not exist")).code == "provider_error"
