"""What the API shows of state."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, JsonValue

from service.state.deployment import PendingOperation
from service.state.model import OutputView, ResourceView, StateVersion
from service.state.urns import resource_name

Shown = Annotated[
    JsonValue,
    Field(description='Any JSON; a secret inside it stands as `{"secret": true}`, never in plain text'),
]


class OutputItem(BaseModel):
    """An output of the environment."""

    name: str
    value: Shown
    is_secret: bool = Field(description="Whether a secret was masked in the value")
    is_stale: bool = Field(description="Whether a later operation has failed since this value was good")
    state_version: int = Field(description="The state version that this value comes from")


class RevealedOutputView(BaseModel):
    """An output in the clear."""

    name: str
    value: JsonValue
    state_version: int = Field(description="The state version that it stands in")


class OutputList(BaseModel):
    """The outputs of the last good operation."""

    items: list[OutputItem]
    state_version: int | None = Field(description="The newest state version; null before the first")
    is_stale: bool = Field(description="Whether the newest operation failed: the outputs are older")


class ResourceItem(BaseModel):
    """A resource of the newest state version."""

    urn: str
    type: str = Field(examples=["aws:ecs/service:Service"])
    name: str
    id: str | None = Field(description="The id that the provider gave it; null for a component")
    parent: str | None = Field(description="The parent's URN")
    dependencies: list[str] = Field(description="URNs of what it depends on")
    is_custom: bool = Field(description="Whether a provider manages it; false for a component")
    is_external: bool = Field(description="Whether it is only read, not managed")
    is_protected: bool
    is_pending_delete: bool = Field(description="Whether it was replaced and still has to be deleted")
    inputs: dict[str, Shown]
    outputs: dict[str, Shown]
    created_at: datetime | None
    modified_at: datetime | None


class StateVersionItem(BaseModel):
    """The record of one state version."""

    number: int = Field(examples=[7])
    operation_id: str | None = Field(description="The operation that left it; null for an update by hand")
    is_good: bool = Field(description="Whether that operation succeeded")
    digest: str = Field(description="SHA-256 of the deployment, hexadecimal")
    size_bytes: int
    resource_count: int
    pending_operation_count: int = Field(
        description="Steps that had begun and not ended: `repair` clears them"
    )
    created_at: datetime


class PendingOperationItem(BaseModel):
    """A step that had begun and not ended when the state was written: what became of it is not known."""

    type: str = Field(description="What was being done", examples=["creating"])
    urn: str
    resource_type: str
    name: str
    id: str | None = Field(description="The id in the cloud, where it was known")


class PendingOperationList(BaseModel):
    """What an interrupted run left open; an operation of kind `repair` clears it."""

    items: list[PendingOperationItem]
    state_version: int | None = Field(description="The newest state version; null before the first")


def output_item(view: OutputView) -> OutputItem:
    """Show an output."""
    return OutputItem(
        name=view.name,
        value=view.value,
        is_secret=view.is_secret,
        is_stale=view.is_stale,
        state_version=view.state_version,
    )


def resource_item(view: ResourceView) -> ResourceItem:
    """Show a resource."""
    return ResourceItem(
        urn=view.urn,
        type=view.type,
        name=view.name,
        id=view.provider_id,
        parent=view.parent,
        dependencies=list(view.dependencies),
        is_custom=view.is_custom,
        is_external=view.is_external,
        is_protected=view.is_protected,
        is_pending_delete=view.is_pending_delete,
        inputs=view.inputs,
        outputs=view.outputs,
        created_at=view.created_at,
        modified_at=view.modified_at,
    )


def state_version_item(version: StateVersion) -> StateVersionItem:
    """Show a state version."""
    return StateVersionItem(
        number=version.number,
        operation_id=version.operation_id,
        is_good=version.is_good,
        digest=version.digest,
        size_bytes=version.size_bytes,
        resource_count=version.resource_count,
        pending_operation_count=version.pending_operation_count,
        created_at=version.created_at,
    )


def pending_operation_item(pending: PendingOperation) -> PendingOperationItem:
    """Show a pending operation."""
    resource = pending.resource
    return PendingOperationItem(
        type=pending.type,
        urn=resource.urn,
        resource_type=resource.type,
        name=resource_name(resource.urn),
        id=resource.id or None,
    )
