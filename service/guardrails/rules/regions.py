"""Regions where nothing may stand."""

from collections.abc import Iterator

from service.guardrails.model import Guardrail, RuleName, Subject, Violation


def find(subject: Subject) -> Iterator[Violation]:
    """Yield the environment's region if the installation does not allow it."""
    if subject.allowed_regions and subject.region not in subject.allowed_regions:
        yield Violation(f"{subject.region} is not one of {', '.join(subject.allowed_regions)}")


RULE = Guardrail(
    name=RuleName.REGIONS,
    title="Environments stand in agreed regions",
    text="Where `BERTH_GUARDRAILS__ALLOWED_REGIONS` names regions, no environment stands in another.",
    hint="create the environment in an allowed region",
    find=find,
)
