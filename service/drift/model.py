"""Drift: what stands in the cloud otherwise than the recorded state says."""

from dataclasses import dataclass
from datetime import datetime

from service.core.ids import DriftReportId, EnvironmentId, OperationId
from service.events.model import ResourceDrifted


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What one look at the cloud found. `state_version` is the record that it was compared with."""

    id: DriftReportId
    environment_id: EnvironmentId
    operation_id: OperationId
    checked_at: datetime
    state_version: int | None
    resources: tuple[ResourceDrifted, ...]

    @property
    def is_drifted(self) -> bool:
        """Whether anything stands otherwise than it was recorded."""
        return bool(self.resources)


@dataclass(frozen=True, slots=True)
class EnvironmentDrift:
    """The newest look at an environment; `is_current` says that its record has not changed since."""

    environment_id: EnvironmentId
    team: str
    name: str
    report_id: DriftReportId
    operation_id: OperationId
    checked_at: datetime
    drifted_count: int
    gone_count: int
    is_current: bool
