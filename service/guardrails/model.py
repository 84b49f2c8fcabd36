"""A guardrail: a rule over the resources of a plan. An exemption from it: for whom, why, until when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from uuid6 import uuid7

from service.core.ids import EnvironmentId
from service.plans.resources import PlannedResource

ExemptionId = NewType("ExemptionId", str)


class RuleName(StrEnum):
    """The guardrails by name."""

    PUBLIC_ACCESS = "public_access"
    UNENCRYPTED_STORAGE = "unencrypted_storage"
    WILDCARD_IAM = "wildcard_iam"
    LATEST_IMAGES = "latest_images"
    MISSING_TAGS = "missing_tags"
    INSTANCE_FAMILIES = "instance_families"
    REGIONS = "regions"


class Level(StrEnum):
    """How strictly a rule is held to."""

    OFF = "off"
    ADVISORY = "advisory"
    APPROVAL = "approval"
    MANDATORY = "mandatory"


@dataclass(frozen=True, slots=True)
class Violation:
    """One resource that breaks a rule, or the request itself."""

    message: str
    resource_urn: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: the planned resources, the request, and what the installation allows.

    An empty tuple of families, regions or tags allows all, and asks for none.
    """

    resources: tuple[PlannedResource, ...]
    request: Mapping[str, object]
    region: str
    allowed_instance_families: tuple[str, ...] = ()
    allowed_regions: tuple[str, ...] = ()
    required_tags: tuple[str, ...] = ()

    def of_type(self, *types: str) -> list[PlannedResource]:
        """Return the resources of the types, in the plan's order."""
        return [resource for resource in self.resources if resource.type in types]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A rule with its text: what it asks for and why, and what to do about a violation."""

    name: RuleName
    title: str
    text: str
    hint: str
    find: Callable[[Subject], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class Exemption:
    """The leave to break a rule: for a team or one environment of it, with a reason, until a time."""

    id: ExemptionId
    rule: RuleName
    team: str
    environment_id: EnvironmentId | None
    reason: str
    until: datetime
    created_by: str
    created_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None


def new_exemption_id() -> ExemptionId:
    """Make an id like `exm_0192f0c1…`."""
    return ExemptionId(f"exm_{uuid7().hex}")
