"""Why a run failed, as a typed failure: which resource, what the provider said, what to do."""

import re
from dataclasses import dataclass, field

from service.engine.mapping import plain_text
from service.events.model import Diagnostic, EventPayload, ResourceFailed
from service.operations.model import OperationFailure

MAX_PROVIDER_MESSAGE_CHARACTERS = 4_000
# How the SDK's language server reports an exception of an inline program (pulumi/automation/_server.py).
PROGRAM_ERROR = re.compile(r"python inline source runtime error: (?P<message>.*?)(\nTraceback|\Z)", re.DOTALL)
# What a program is told when the engine has given up already: never the cause.
CONSEQUENCE = "resource monitor shut down"


@dataclass(frozen=True, slots=True)
class Advice:
    """What a kind of provider error means and what helps against it."""

    code: str
    pattern: re.Pattern[str]
    hint: str
    retryable: bool = False


def _advice(code: str, pattern: str, hint: str, *, retryable: bool = False) -> Advice:
    return Advice(code, re.compile(pattern, re.IGNORECASE), hint, retryable)


# Error codes as AWS lists them for all services and for EC2, ECS, IAM and ELB:
# https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
ADVICE = (
    _advice(
        "plan_violated",
        r"violates plan|not allowed by the plan|expected resource operations for",
        "the deploy would have done what its approved plan does not contain: preview again and approve that",
    ),
    _advice(
        "throttled",
        r"throttl|rate exceeded|RequestLimitExceeded|TooManyRequests|SlowDown",
        "AWS slowed the calls down: try again, perhaps with less engine parallelism",
        retryable=True,
    ),
    _advice(
        "access_denied",
        r"AccessDenied|UnauthorizedOperation|not authorized to perform|is not authorized|AuthFailure",
        "the deploy role lacks this permission in the target account: the message names the action",
    ),
    _advice(
        "credentials_invalid",
        r"ExpiredToken|InvalidClientTokenId|no valid credential|SignatureDoesNotMatch|NoCredentialProviders",
        "the worker's AWS credentials are missing or have expired",
    ),
    _advice(
        "quota_exceeded",
        r"LimitExceeded|quota|TooMany|MaximumNumber|AddressLimit|VcpuLimit|maximum number of",
        "a quota of the account is used up: free some, or ask for more in the Service Quotas console",
    ),
    _advice(
        "already_exists",
        r"AlreadyExists|already exists|Duplicate|ConflictException.*exist",
        "something of that name stands in the account already: choose another name, or import it",
    ),
    _advice(
        "dependency_violation",
        r"DependencyViolation|has dependent object|DeleteConflict|ResourceInUse|is currently in use",
        "something that is not part of this environment still uses the resource: remove it, then try again",
        retryable=True,
    ),
    _advice(
        "not_stable",
        r"timeout while waiting|timed out waiting|waiting for .*stable|ServicesStable|exceeded wait attempts",
        "the resource did not become healthy in time: look at the service's events and its stopped tasks",
        retryable=True,
    ),
    _advice(
        "capacity_unavailable",
        r"InsufficientInstanceCapacity|InsufficientCapacity|capacity.*unavailable",
        "AWS has no capacity of this kind there now: try later, other zones or other instance types",
        retryable=True,
    ),
    _advice(
        "connection_lost",
        r"connection refused|connection reset|no such host|i/o timeout|TLS handshake timeout|UNAVAILABLE",
        "a network connection failed: try again",
        retryable=True,
    ),
)
GENERAL_HINT = "the provider's message says what it refused; after correcting the request, deploy again"
PROGRAM_HINT = (
    "the blueprint's program failed before or while describing resources: report it with this message"
)
ENGINE_HINT = "the engine stopped by itself: its last words are in the message; deploying again is safe"


def advice_for(message: str) -> Advice | None:
    """Return the first advice whose pattern the provider's message matches."""
    return next((advice for advice in ADVICE if advice.pattern.search(message)), None)


@dataclass(slots=True)
class FailureCollector:
    """Watches a run's events and keeps what explains a failure."""

    failed_steps: list[ResourceFailed] = field(default_factory=list[ResourceFailed])
    errors: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def observe(self, payload: EventPayload) -> None:
        """Remember failed steps and error messages."""
        if isinstance(payload, ResourceFailed):
            self.failed_steps.append(payload)
        elif isinstance(payload, Diagnostic) and payload.severity == "error":
            self.errors.append(payload)

    def failure(self, engine_output: str) -> OperationFailure:
        """Name the cause, the first failed step before anything that followed from it.

        Args:
            engine_output: What the CLI wrote at its end, for failures that no event explains.
        """
        program_error = self._program_error()
        if program_error is not None:
            return program_error
        if self.failed_steps:
            return self._provider_error(self.failed_steps[0])
        attributed = next(
            (error for error in self.errors if error.urn and "::pulumi:pulumi:Stack::" not in error.urn), None
        )
        if attributed is not None:
            return self._refused_step(attributed)
        return self._engine_error(engine_output)

    def _program_error(self) -> OperationFailure | None:
        for error in self.errors:
            found = PROGRAM_ERROR.search(error.message)
            if found is not None and CONSEQUENCE not in found["message"]:
                return OperationFailure(
                    code="program_error", message=found["message"].strip()[:1000], hint=PROGRAM_HINT
                )
        return None

    def _provider_error(self, step: ResourceFailed) -> OperationFailure:
        said = next((error.message for error in self.errors if error.urn == step.urn), "")
        return _from_provider(
            f"could not {step.action} {step.name} ({step.resource_type})", step.urn, step.resource_type, said
        )

    def _refused_step(self, error: Diagnostic) -> OperationFailure:
        urn = error.urn or ""
        resource_type = urn.split("::")[2].split("$")[-1]
        return _from_provider(
            f"{urn.split('::', 3)[-1]} ({resource_type}) was refused", urn, resource_type, error.message
        )

    def _engine_error(self, engine_output: str) -> OperationFailure:
        said = self.errors[0].message if self.errors else plain_text(engine_output)[-2000:]
        advice = advice_for(said)
        return OperationFailure(
            code="engine_error",
            message=said or "the engine ended without saying why",
            hint=advice.hint if advice else ENGINE_HINT,
            retryable=advice.retryable if advice else False,
        )


def _from_provider(message: str, urn: str, resource_type: str, said: str) -> OperationFailure:
    advice = advice_for(said)
    return OperationFailure(
        code=advice.code if advice else "provider_error",
        message=message,
        hint=advice.hint if advice else GENERAL_HINT,
        resource_urn=urn,
        resource_type=resource_type,
        provider_message=said[:MAX_PROVIDER_MESSAGE_CHARACTERS] or None,
        retryable=advice.retryable if advice else False,
    )
