"""Rights without bounds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from service.guardrails.model import Guardrail, RuleName, Subject, Violation
from service.state.json_values import DocumentError, JsonObject, JsonValue, parse_object

POLICIES = ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy")
EVERYTHING = "*"


def find(subject: Subject) -> Iterator[Violation]:
    """Yield statements that allow every action, or every action of a service on every resource.

    A policy that names what is still to be made is not known before deployment: what the request asks for is
    looked at itself.
    """
    for policy in subject.of_type(*POLICIES):
        for statement in _statements(policy.inputs.get("policy")):
            wild = (
                _wild_actions(statement, "Action", "Resource") if statement.get("Effect") == "Allow" else []
            )
            if wild:
                yield Violation(f"{policy.name}: it allows {', '.join(wild)} on everything", policy.urn)
    for name, permission in _requested(subject.request):
        wild = _wild_actions(permission, "actions", "resources")
        if wild and permission.get("effect", "allow") == "allow":
            yield Violation(f"workload {name}: its permissions allow {', '.join(wild)} on everything")


def _wild_actions(statement: Mapping[str, object], actions_key: str, resources_key: str) -> list[str]:
    actions = _texts(statement.get(actions_key))
    if EVERYTHING in actions:
        return [EVERYTHING]
    if EVERYTHING not in _texts(statement.get(resources_key)):
        return []
    return [action for action in actions if action.endswith(":*")]


def _statements(policy: JsonValue) -> list[JsonObject]:
    if not isinstance(policy, str):
        return []
    try:
        statements = parse_object(policy.encode()).get("Statement")
    except DocumentError:
        return []  # not known yet
    found = statements if isinstance(statements, list) else [statements]
    return [statement for statement in found if isinstance(statement, dict)]


def _requested(request: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for workload in cast("Sequence[Mapping[str, object]]", request.get("workloads") or ()):
        for permission in cast("Sequence[Mapping[str, object]]", workload.get("permissions") or ()):
            yield str(workload.get("name")), permission


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return (
        [item for item in cast("list[object]", value) if isinstance(item, str)]
        if isinstance(value, list)
        else []
    )


RULE = Guardrail(
    name=RuleName.WILDCARD_IAM,
    title="No role may do everything",
    text="No policy allows `*`, nor all actions of a service (`s3:*`) on all resources: neither one that the "
    "program writes nor one that a workload asks for in `permissions`.",
    hint="name the actions and the resources that are needed",
    find=find,
)
