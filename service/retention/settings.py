"""How long records are kept that nothing needs any more."""

from pydantic import BaseModel, ConfigDict, Field


class RetentionSettings(BaseModel):
    """Ages count from when a thing has ended; environments, operations and the audit log always stay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation_event_days: int = Field(default=90, ge=1, description="Events of operations that have ended")
    plan_days: int = Field(default=90, ge=1, description="Plans that no unfinished operation is held to")
    state_versions: int = Field(default=50, ge=1, description="Of each environment, the newest, at any age")
    state_version_days: int = Field(default=90, ge=1, description="All state versions that are younger")
    webhook_event_days: int = Field(
        default=30, ge=1, description="Webhook events with their deliveries; what still waits goes on waiting"
    )
    token_days: int = Field(default=90, ge=1, description="Records of tokens that are over or revoked")
    engine_event_days: int = Field(default=90, ge=1, description="Engine events of updates by hand")
    upload_days: int = Field(default=7, ge=1, description="States that were uploaded and never put in place")
    job_days: int = Field(default=7, ge=1, description="Jobs of the queue that have ended and were left")
