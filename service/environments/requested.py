"""What the service itself needs to know of an environment request."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import JsonValue, ValidationError

from programs.facts import Cloud
from programs.request import EcsEnvironment, EksEnvironment, parse_request
from programs.request.rules.meshes import cloud_problems
from service.core.errors import FieldError
from service.core.validation import body_fields, pointer_to
from service.environments.errors import InvalidRequestError
from service.environments.model import Environment
from service.settings import Settings

IMMUTABLE_FIELDS = ("name", "team", "orchestrator", "region", "account")


@dataclass(frozen=True, slots=True)
class RequestedEnvironment:
    """A valid request: its document as it was written, and what stands in it with all defaults filled in."""

    document: dict[str, JsonValue]
    name: str
    team: str
    orchestrator: str
    environment_class: str
    region: str
    account: str
    is_protected: bool
    ttl: timedelta | None


def read_request(document: dict[str, JsonValue], settings: Settings) -> RequestedEnvironment:
    """Check a request document.

    Raises:
        InvalidRequestError: naming every place that is wrong and what is allowed there.
    """
    try:
        request = parse_request(document)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        raise _invalid(body_fields(errors, body=document)) from invalid
    check_offered(request, settings)
    return RequestedEnvironment(
        document=document,
        name=request.name,
        team=request.team,
        orchestrator=str(request.orchestrator),
        environment_class=str(request.environment_class),
        region=request.region or settings.default_region,
        account=request.account or settings.default_account,
        is_protected=request.protected,
        ttl=_ttl(document, request, settings),
    )


def check_offered(request: EcsEnvironment | EksEnvironment, settings: Settings) -> None:
    """Raise InvalidRequestError for what this installation, or the cloud that it leads to, does not offer."""
    account = request.account or settings.default_account
    if account not in settings.accounts:
        known = ", ".join(sorted(settings.accounts))
        message = f"there is no account {account}; the accounts here are {known}"
        raise _invalid((FieldError(pointer="/account", message=message, code="unknown_account"),))
    document = request.model_dump()
    fields = tuple(
        FieldError(pointer=pointer_to(one.loc, document), message=one.message, code="cloud")
        for one in cloud_problems(request, Cloud(settings.cloud))
    )
    if fields:
        raise _invalid(fields)


def _ttl(
    document: dict[str, JsonValue], request: EcsEnvironment | EksEnvironment, settings: Settings
) -> timedelta | None:
    """Return the request's own time to live, else the installation's for its team and class."""
    if document.get("ttl") is not None:
        return request.ttl
    lifetime = settings.lifetime_of(request.environment_class, request.team)
    days = lifetime.default_days or lifetime.max_days
    return request.ttl if days is None else timedelta(days=days)


def check_ttl(ttl: timedelta | None, environment_class: str, team: str, settings: Settings) -> None:
    """Raise InvalidRequestError if a time to live is longer than the class may have in this team."""
    longest = settings.lifetime_of(environment_class, team).max_days
    if ttl is None or longest is None or ttl <= timedelta(days=longest):
        return
    message = f"class {environment_class} may live for {longest:g} days at most; write P{longest:g}D or less"
    fields = (FieldError(pointer="/ttl", message=message, code="ttl_too_long"),)
    raise _invalid(fields)


def check_immutable(before: Environment, after: RequestedEnvironment) -> None:
    """Raise InvalidRequestError if a field changes that a living environment cannot change."""
    fields = tuple(
        FieldError(
            pointer=f"/{name}",
            message=f"cannot change from {getattr(before, name)}; create another environment instead",
            code="immutable",
        )
        for name in IMMUTABLE_FIELDS
        if getattr(before, name) != getattr(after, name)
    )
    if fields:
        raise _invalid(fields)


def _invalid(fields: tuple[FieldError, ...]) -> InvalidRequestError:
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return InvalidRequestError(f"{first.pointer or 'the document'}: {first.message}{more}", fields=fields)
