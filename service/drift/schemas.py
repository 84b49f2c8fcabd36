"""Drift as the API shows it."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.drift.model import DriftReport, EnvironmentDrift
from service.events.model import DriftedProperty


class DriftedResourceView(BaseModel):
    """A resource that stands otherwise than it was recorded."""

    urn: str
    resource_type: str = Field(examples=["aws:ecs/service:Service"])
    name: str
    is_gone: bool = Field(description="Whether it does not stand at all any more")
    properties: list[DriftedProperty] = Field(
        description="What differs; secrets are masked. Properties that an autoscaler owns are no drift"
    )


class DriftReportView(BaseModel):
    """What one look at the cloud found. `deploy` with `refresh` puts it right, `refresh` accepts it."""

    id: str = Field(examples=["drift_0192f0c1a7b87c3d9e5f60718293a4b5"])
    operation_id: str
    checked_at: datetime
    state_version: int | None = Field(description="The state version that the cloud was compared with")
    is_drifted: bool
    resources: list[DriftedResourceView]


class EnvironmentDriftView(BaseModel):
    """The newest look at one environment."""

    environment_id: str
    team: str
    name: str
    report_id: str
    operation_id: str
    checked_at: datetime
    is_drifted: bool
    drifted_count: int = Field(description="Resources that stand otherwise, those that are gone among them")
    gone_count: int = Field(description="Resources that do not stand any more")
    is_current: bool = Field(description="Whether the recorded state is still the one it was compared with")


def drift_report_view(report: DriftReport) -> DriftReportView:
    """Show a report."""
    return DriftReportView(
        id=report.id,
        operation_id=report.operation_id,
        checked_at=report.checked_at,
        state_version=report.state_version,
        is_drifted=report.is_drifted,
        resources=[
            DriftedResourceView.model_validate(one.model_dump(exclude={"type"})) for one in report.resources
        ],
    )


def environment_drift_view(drift: EnvironmentDrift) -> EnvironmentDriftView:
    """Show an environment's newest report."""
    return EnvironmentDriftView(
        environment_id=drift.environment_id,
        team=drift.team,
        name=drift.name,
        report_id=drift.report_id,
        operation_id=drift.operation_id,
        checked_at=drift.checked_at,
        is_drifted=drift.drifted_count > 0,
        drifted_count=drift.drifted_count,
        gone_count=drift.gone_count,
        is_current=drift.is_current,
    )
