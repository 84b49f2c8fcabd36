"""Environments as the API shows them."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from programs.request.shape import Lifetime
from service.environments.model import Environment, EnvironmentOverview, EnvironmentStatus
from service.operations.model import Operation
from service.operations.schemas import OperationView, operation_view

EnvironmentIdText = Annotated[str, Field(examples=["env_0192f0c1a7b87c3d9e5f60718293a4b5"])]


class EnvironmentSummary(BaseModel):
    """An environment, without its request document."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=False)

    id: EnvironmentIdText
    team: str = Field(examples=["storefront"])
    name: str = Field(examples=["shop"])
    orchestrator: str = Field(description="`ecs` or `eks`", examples=["ecs"])
    environment_class: str = Field(
        serialization_alias="class",
        description="`ephemeral`, `standard` or `production`",
        examples=["standard"],
    )
    account: str = Field(description="The target account's name in the service's settings")
    region: str = Field(examples=["us-east-1"])
    revision: int = Field(description="Grows with every change of the request; the ETag is this number")
    status: EnvironmentStatus = Field(description="What stands of it")
    protected: bool = Field(description="Whether destroy is refused")
    paused: bool = Field(description="Whether its workloads stand at 0 copies until it is resumed")
    created_by: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = Field(description="When its time to live is over; null: it stays")
    destroyed_at: datetime | None
    current_operation_id: str | None = Field(description="The operation that runs on it now")
    last_operation_id: str | None = Field(description="The operation that ended last")


class EnvironmentView(EnvironmentSummary):
    """An environment with the request document as its team wrote it."""

    request: dict[str, JsonValue] = Field(description="The request, without the defaults that fill it")


class ExtensionWanted(BaseModel):
    """How much longer an environment is to live."""

    model_config = ConfigDict(extra="forbid")

    ttl: Lifetime = Field(description="ISO 8601 duration from now on", examples=["P3D"])


class AcceptedView(BaseModel):
    """What a slow verb has begun: follow `operation` to its end."""

    environment: EnvironmentView
    operation: OperationView


def environment_summary(overview: EnvironmentOverview) -> EnvironmentSummary:
    """Show an environment in a list."""
    return EnvironmentSummary.model_validate(_members(overview))


def environment_view(environment: Environment) -> EnvironmentView:
    """Show an environment."""
    return EnvironmentView.model_validate(_members(environment))


def accepted_view(environment: Environment, operation: Operation) -> AcceptedView:
    """Show what has begun."""
    return AcceptedView(environment=environment_view(environment), operation=operation_view(operation))


def _members(environment: EnvironmentOverview) -> dict[str, object]:
    members = {field.name: getattr(environment, field.name) for field in fields(environment)}
    return {**members, "protected": environment.is_protected, "paused": environment.is_paused}
