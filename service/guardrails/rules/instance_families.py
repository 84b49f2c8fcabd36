"""Machines that nobody has agreed to pay for."""

from collections.abc import Iterator

from service.costs.reading import objects_at, text_at, texts_at
from service.guardrails.model import Guardrail, RuleName, Subject, Violation
from service.plans.resources import PlannedResource

GROUP = "aws:autoscaling/group:Group"
OVERRIDES = ("mixedInstancesPolicy", "launchTemplate", "overrides")


def find(subject: Subject) -> Iterator[Violation]:
    """Yield instance types of families that the installation does not allow."""
    if not subject.allowed_instance_families:
        return
    for resource in subject.resources:
        for instance_type in dict.fromkeys(_instance_types(resource)):
            if instance_type.partition(".")[0] not in subject.allowed_instance_families:
                allowed = ", ".join(subject.allowed_instance_families)
                yield Violation(f"{resource.name}: {instance_type} is not of {allowed}", resource.urn)


def _instance_types(resource: PlannedResource) -> Iterator[str]:
    if not resource.type.startswith("aws:"):
        return
    single = text_at(resource.inputs, "instanceType")
    if single is not None and "." in single:
        yield single
    yield from texts_at(resource.inputs, "instanceTypes")
    if resource.type == GROUP:
        for override in objects_at(resource.inputs, *OVERRIDES):
            yield text_at(override, "instanceType") or ""


RULE = Guardrail(
    name=RuleName.INSTANCE_FAMILIES,
    title="Instances are of agreed families",
    text="Where `BERTH_GUARDRAILS__ALLOWED_INSTANCE_FAMILIES` names families (`m6i`, `c7g`), no instance, "
    "node group or scaling group uses another.",
    hint="choose an instance type of an allowed family",
    find=find,
)
