"""What a team is asked before it chooses; every question may be left open."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class KubernetesExperience(StrEnum):
    """What the team knows of Kubernetes."""

    NONE = "none"
    SOME = "some"
    DEEP = "deep"


class Portability(StrEnum):
    """Whether the application has to run on other clouds or on premises."""

    NOT_NEEDED = "not_needed"
    LATER = "later"
    REQUIRED = "required"


class Scheduling(StrEnum):
    """How much say the team needs in where things run."""

    PLAIN = "plain"
    PER_NODE = "per_node"
    OPERATORS = "operators"


class ExistingManifests(StrEnum):
    """What there is in Kubernetes manifests and Helm charts."""

    NONE = "none"
    SOME = "some"
    MANY = "many"


class Gpu(StrEnum):
    """What GPUs are for."""

    NONE = "none"
    SOME = "some"
    SHARED = "shared"


class TimeToProduction(StrEnum):
    """When it has to run for users."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class OperationsCapacity(StrEnum):
    """Who looks after clusters."""

    NOBODY = "nobody"
    PART_TIME = "part_time"
    TEAM = "team"


class Load(StrEnum):
    """How the load moves."""

    STEADY = "steady"
    VARIABLE = "variable"
    SPIKY = "spiky"


class Size(StrEnum):
    """How many services there will be."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Questionnaire(BaseModel):
    """The answers; what is left open counts for neither side."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    kubernetes_experience: KubernetesExperience | None = Field(
        default=None, title="Kubernetes experience", description="`none`, `some`, or `deep`: runs it already."
    )
    portability: Portability | None = Field(
        default=None,
        title="Portability",
        description="Other clouds or on premises: `not_needed`, `later`, `required`.",
    )
    scheduling: Scheduling | None = Field(
        default=None,
        title="Scheduling",
        description="`plain` services, something `per_node` (daemon sets), or `operators`.",
    )
    existing_manifests: ExistingManifests | None = Field(
        default=None, title="Existing manifests", description="Manifests and charts: `none`, `some`, `many`."
    )
    gpu: Gpu | None = Field(
        default=None, title="GPU", description="`none`, `some` tasks, or `shared` among many jobs."
    )
    time_to_production: TimeToProduction | None = Field(
        default=None, title="Time to production", description="`days`, `weeks`, `months`."
    )
    operations_capacity: OperationsCapacity | None = Field(
        default=None,
        title="Operations capacity",
        description="Who looks after clusters: `nobody`, `part_time`, a `team`.",
    )
    load: Load | None = Field(default=None, title="Load", description="`steady`, `variable`, `spiky`.")
    size: Size | None = Field(
        default=None,
        title="Size",
        description="Services: `small` (to 10), `medium`, `large` (50 and more).",
    )


CHOICES: dict[str, type[StrEnum]] = {
    "kubernetes_experience": KubernetesExperience,
    "portability": Portability,
    "scheduling": Scheduling,
    "existing_manifests": ExistingManifests,
    "gpu": Gpu,
    "time_to_production": TimeToProduction,
    "operations_capacity": OperationsCapacity,
    "load": Load,
    "size": Size,
}
"""The answers that each question has."""
