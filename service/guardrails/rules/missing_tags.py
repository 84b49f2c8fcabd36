"""Resources that nobody knows the owner of."""

from collections.abc import Iterator

from service.costs.reading import value_at
from service.guardrails.model import Guardrail, RuleName, Subject, Violation

BERTH_TAGS = ("berth:environment-id", "berth:team", "berth:class")


def find(subject: Subject) -> Iterator[Violation]:
    """Yield what bears tags and lacks one that Berth or the installation asks for.

    A type that AWS gives no tags has none in its inputs either, and is left alone.
    """
    for resource in subject.resources:
        tags = value_at(resource.inputs, "tags")
        if not resource.type.startswith("aws:") or not isinstance(tags, dict):
            continue
        missing = [tag for tag in (*BERTH_TAGS, *subject.required_tags) if not tags.get(tag)]
        if missing:
            yield Violation(f"{resource.name}: it lacks {', '.join(missing)}", resource.urn)


RULE = Guardrail(
    name=RuleName.MISSING_TAGS,
    title="Every resource says whose it is",
    text="Whatever can be tagged bears the environment's id, team and class, and the tags that "
    "`BERTH_GUARDRAILS__REQUIRED_TAGS` names.",
    hint="add them to `tags` of the request",
    find=find,
)
