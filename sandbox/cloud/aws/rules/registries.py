"""What ECR refuses. Source: the ECR user guide, "Lifecycle policy properties"."""

import json
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.wire.values import Properties, is_properties, object_of, objects_of, text_of, texts_of

_STATUSES = frozenset({"tagged", "untagged", "any"})
_COUNTS = frozenset({"imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"})


def lifecycle_policy(asked: Asked) -> Iterator[ApiError]:
    """A lifecycle policy keeps to its grammar."""
    given = asked.properties.get("policy")
    try:
        document: object = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        document = None
    if not is_properties(document) or not objects_of(document, "rules"):
        yield _failure("could not map policyString into LifecyclePolicyDTO")
        return
    rules = objects_of(document, "rules")
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(map(str, priorities))) < len(priorities):
        yield _failure("Rules must have unique priorities")
    for rule in rules:
        yield from _rule(rule)
    yield from _any_last(rules)


def _rule(rule: Properties) -> Iterator[ApiError]:
    priority, selection = rule.get("rulePriority"), object_of(rule, "selection")
    if not isinstance(priority, int) or priority < 1:
        yield _failure("rulePriority must be a whole number of at least 1")
    status, kind = text_of(selection, "tagStatus"), text_of(selection, "countType")
    if status not in _STATUSES:
        yield _failure(f"instance value ({status!r}) not found in enum: tagged, untagged, any")
    has_tags = bool(texts_of(selection, "tagPrefixList") or texts_of(selection, "tagPatternList"))
    if status == "tagged" and not has_tags:
        yield _failure("tagPrefixList or tagPatternList is required when tagStatus is tagged")
    if status != "tagged" and has_tags:
        yield _failure(f"tagPrefixList and tagPatternList must be absent when tagStatus is {status}")
    if kind not in _COUNTS:
        yield _failure(f"instance value ({kind!r}) not found in enum: {', '.join(sorted(_COUNTS))}")
    number, unit = selection.get("countNumber"), text_of(selection, "countUnit")
    if not isinstance(number, int) or number < 1:
        yield _failure("countNumber must be a whole number of at least 1")
    if kind.startswith("since") != (unit == "days"):
        yield _failure("countUnit must be days with a countType that begins with since, and absent otherwise")
    if text_of(object_of(rule, "action"), "type") not in ("expire", "transition"):
        yield _failure("action.type must be expire or transition")


def _any_last(rules: list[Properties]) -> Iterator[ApiError]:
    of_any = [
        rule.get("rulePriority") for rule in rules if object_of(rule, "selection").get("tagStatus") == "any"
    ]
    others = [
        rule.get("rulePriority") for rule in rules if object_of(rule, "selection").get("tagStatus") != "any"
    ]
    if any(
        isinstance(one, int) and isinstance(other, int) and one < other for one in of_any for other in others
    ):
        yield _failure("A rule with tagStatus any must have the highest rulePriority")


def _failure(said: str) -> ApiError:
    return ApiError(
        "InvalidParameterException",
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
        f"'Lifecycle policy validation failure: {said}'",
    )
