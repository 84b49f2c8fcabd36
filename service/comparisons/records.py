"""A comparison as it is recorded: what was asked, and what became of the preview of each side."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from uuid6 import uuid7

from service.comparisons.facts import Orchestrator
from service.core.ids import EnvironmentId, OperationId
from service.operations.model import OperationFailure
from service.plans.resources import PlannedResource
from service.recommendations.questionnaire import Questionnaire

ComparisonId = NewType("ComparisonId", str)


def new_comparison_id() -> ComparisonId:
    """Make an id like `cmp_0192f0c1…`."""
    return ComparisonId(f"cmp_{uuid7().hex}")


class SideState(StrEnum):
    """What became of one side's preview."""

    RUNNING = "running"
    """It waits or runs."""
    PLANNED = "planned"
    """It has shown what would stand."""
    FAILED = "failed"
    """It ended without a plan."""
    UNAVAILABLE = "unavailable"
    """The application cannot be had there as it is written: nothing was previewed."""


@dataclass(frozen=True, slots=True)
class SideEnd:
    """How the preview of a side ended."""

    state: SideState
    failure: OperationFailure | None = None
    resources: tuple[PlannedResource, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedSide:
    """One side: the operation that previews it in an environment that stands for nothing."""

    orchestrator: Orchestrator
    state: SideState
    environment_id: EnvironmentId | None = None
    operation_id: OperationId | None = None
    failure: OperationFailure | None = None
    resources: tuple[PlannedResource, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedComparison:
    """What was asked: an application, answers to the questionnaire, and an instance type to reckon with."""

    id: ComparisonId
    team: str
    name: str
    region: str
    application: dict[str, object]
    instance_type: str
    created_by: str
    created_at: datetime
    answers: Questionnaire = field(default_factory=Questionnaire)
    finished_at: datetime | None = None
    sides: tuple[RecordedSide, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether no preview runs any more."""
        return all(side.state is not SideState.RUNNING for side in self.sides)

    def side(self, orchestrator: Orchestrator) -> RecordedSide:
        """Return one side."""
        return next(side for side in self.sides if side.orchestrator == orchestrator)
