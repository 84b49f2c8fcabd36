"""IAM policy documents, built from typed statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi

_VERSION = "2012-10-17"


class Effect(StrEnum):
    """What a statement does with the calls it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalKind(StrEnum):
    """Who a resource policy speaks of."""

    AWS = "AWS"
    SERVICE = "Service"


@dataclass(frozen=True, slots=True)
class Principal:
    """Accounts, roles or services that a resource policy names."""

    kind: PrincipalKind
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `operator` holds between the context's `key` and any of `values`."""

    operator: str
    key: str
    values: Sequence[pulumi.Input[str]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document."""

    sid: str
    actions: tuple[str, ...]
    resources: Sequence[pulumi.Input[str]] = ()
    principal: Principal | None = None
    conditions: tuple[Condition, ...] = ()
    effect: Effect = Effect.ALLOW


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """Return the statements as the JSON that IAM takes."""
    document = {"Version": _VERSION, "Statement": [_rendered(statement) for statement in statements]}
    return pulumi.Output.json_dumps(document)


def trust_policy(
    services: Sequence[str], *, source_account: str | None = None, source_arn: str | None = None
) -> pulumi.Output[str]:
    """Return who may assume a role: AWS services, for one account alone where it is given.

    `source_account` and `source_arn` close the confused-deputy hole as
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html describes.
    """
    conditions: list[Condition] = []
    if source_account is not None:
        conditions.append(Condition("StringEquals", "aws:SourceAccount", (source_account,)))
    if source_arn is not None:
        conditions.append(Condition("ArnLike", "aws:SourceArn", (source_arn,)))
    return policy_document(
        [
            Statement(
                sid="Assume",
                actions=("sts:AssumeRole",),
                principal=Principal(PrincipalKind.SERVICE, tuple(services)),
                conditions=tuple(conditions),
            )
        ]
    )


def _rendered(statement: Statement) -> dict[str, object]:
    rendered: dict[str, object] = {
        "Sid": statement.sid,
        "Effect": statement.effect.value,
        "Action": list(statement.actions),
    }
    if statement.principal is not None:
        rendered["Principal"] = {statement.principal.kind.value: list(statement.principal.identifiers)}
    if statement.resources:
        rendered["Resource"] = list(statement.resources)
    if statement.conditions:
        rendered["Condition"] = _rendered_conditions(statement.conditions)
    return rendered


def _rendered_conditions(conditions: Sequence[Condition]) -> dict[str, dict[str, list[pulumi.Input[str]]]]:
    rendered: dict[str, dict[str, list[pulumi.Input[str]]]] = {}
    for condition in conditions:
        rendered.setdefault(condition.operator, {})[condition.key] = list(condition.values)
    return rendered
