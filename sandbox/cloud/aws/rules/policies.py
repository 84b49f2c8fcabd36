"""The grammar of policy documents, and what IAM refuses in them.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and
reference_iam-quotas.html.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.cloud.aws.rules.asked import Asked, InputCheck
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties

_VERSIONS = ("2012-10-17", "2008-10-17")
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|internal)")
_ACCOUNT = re.compile(r"\d{12}")
_ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", re.IGNORECASE)
_SID = re.compile(r"[A-Za-z0-9]*")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):.+")
_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_MEMBERS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """What a kind of policy may hold.

    Attributes:
        has_principal: whether its statements name principals; those of identities do not.
        has_resource: whether its statements name resources; those of trust policies do not.
        longest: the most characters it may have without white space.
        code: the code of its refusals.
    """

    has_principal: bool
    has_resource: bool
    longest: int
    code: str = "MalformedPolicyDocument"


IDENTITY = PolicyKind(has_principal=False, has_resource=True, longest=6144)
INLINE = PolicyKind(has_principal=False, has_resource=True, longest=10240)
TRUST = PolicyKind(has_principal=True, has_resource=False, longest=2048)
RESOURCE = PolicyKind(has_principal=True, has_resource=True, longest=20480, code="InvalidParameterException")
KEY = PolicyKind(
    has_principal=True, has_resource=True, longest=32768, code="MalformedPolicyDocumentException"
)


def json_check(*names: str) -> InputCheck:
    """A check that inputs which hold documents are JSON."""

    def check(inputs: Properties) -> Iterator[Failure]:
        for name in names:
            text = inputs.get(name)
            if isinstance(text, str) and text and _parsed(text) is None:
                yield Failure(name, f'"{name}" contains an invalid JSON policy: not a JSON object')

    return check


def policy_rule(name: str, kind: PolicyKind) -> Callable[[Asked], Iterator[ApiError]]:
    """A rule that an input is a policy of a kind."""

    def rule(asked: Asked) -> Iterator[ApiError]:
        given = asked.properties.get(name)
        document = given if is_properties(given) else _parsed(given) if isinstance(given, str) else None
        if document is None:
            return
        size = len(re.sub(r"\s", "", given)) if isinstance(given, str) else 0
        if size > kind.longest:
            yield ApiError("LimitExceeded", f"Cannot exceed quota for PolicySize: {kind.longest}", status=409)
        for said in _document_faults(document, kind, asked):
            yield ApiError(kind.code, said)

    return rule


def _document_faults(document: Properties, kind: PolicyKind, asked: Asked) -> Iterator[str]:
    version = document.get("Version")
    if version is not None and version not in _VERSIONS:
        yield "The policy failed legacy parsing"
    statements = document.get("Statement")
    if is_properties(statements):
        statements = [statements]
    if not is_list(statements) or not statements:
        yield "Syntax errors in policy."
        return
    for statement in statements:
        if is_properties(statement):
            yield from _statement_faults(statement, kind, asked)
        else:
            yield "Syntax errors in policy."


def _statement_faults(statement: Properties, kind: PolicyKind, asked: Asked) -> Iterator[str]:
    for name in statement:
        if name not in _MEMBERS:
            yield f"Syntax error: unknown member {name} in a statement."
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield "Syntax errors in policy: Effect must be Allow or Deny."
    sid = statement.get("Sid")
    if isinstance(sid, str) and not kind.has_principal and not _SID.fullmatch(sid):
        yield (
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
            "regular expression [0-9A-Za-z]*"
        )
    yield from _actions(statement)
    yield from _resources(statement, kind)
    yield from _principals(statement, kind, asked)


def _actions(statement: Properties) -> Iterator[str]:
    if ("Action" in statement) == ("NotAction" in statement):
        yield "Policy statement must contain actions."
    for action in _texts(statement.get("Action", statement.get("NotAction"))):
        if not _ACTION.fullmatch(action):
            yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."


def _resources(statement: Properties, kind: PolicyKind) -> Iterator[str]:
    has_resource = "Resource" in statement or "NotResource" in statement
    if not kind.has_resource:
        if has_resource:
            yield "Has prohibited field Resource"
        return
    if not has_resource and not kind.has_principal:
        yield "Policy statement must contain resources."
    for resource in _texts(statement.get("Resource", statement.get("NotResource"))):
        if not kind.has_principal and resource != "*" and not resource.startswith("arn:"):
            yield f'Resource {resource} must be in ARN format or "*".'


def _principals(statement: Properties, kind: PolicyKind, asked: Asked) -> Iterator[str]:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if not kind.has_principal:
        if principal is not None:
            yield "Policy document should not specify a principal."
        return
    if principal is None:
        yield "Missing required field Principal"
    elif principal != "*" and not is_properties(principal):
        yield "Invalid principal in policy."
    elif is_properties(principal):
        for name, values in principal.items():
            for value in _texts(values):
                if not _is_principal(name, value, asked):
                    yield f'Invalid principal in policy: "{name.upper()}":"{value}"'


def _is_principal(kind: str, value: str, asked: Asked) -> bool:
    if kind not in _KINDS:
        return False
    if kind == "Service":
        return _SERVICE.fullmatch(value) is not None
    if kind != "AWS":
        return True
    if value == "*" or _ACCOUNT.fullmatch(value):
        return True
    return _PRINCIPAL.fullmatch(value) is not None and _stands(value, asked)


def _stands(arn: str, asked: Asked) -> bool:
    """Whether a principal exists: a role of the account at work has to stand in this cloud."""
    parts = arn.split(":")
    is_role_here = parts[4] == asked.around.account and parts[5].startswith("role/")
    if not is_role_here or "/aws-service-role/" in arn or "/aws-reserved/" in arn:
        return True
    return asked.find("iam/role:Role", arn) is not None or not asked.inventory.of_type("aws:iam/role:Role")


def _texts(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if is_list(value) else []


def _parsed(text: str) -> Properties | None:
    try:
        document: object = json.loads(text)
    except ValueError:
        return None
    return document if is_properties(document) else None
