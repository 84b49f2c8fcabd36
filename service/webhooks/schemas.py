"""What the API shows and takes of webhooks."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from programs.request.identifiers import DnsLabel
from service.webhooks.model import EVENT_TYPES, Delivery, DeliveryState, Endpoint

MAX_URL_LENGTH = 2000


def _known(event_type: str) -> str:
    if event_type not in EVENT_TYPES:
        raise ValueError(f"no such event type; write of {', '.join(EVENT_TYPES)}")
    return event_type


EventType = Annotated[
    str,
    AfterValidator(_known),
    Field(json_schema_extra={"enum": list(EVENT_TYPES)}, examples=["operation.failed"]),
]
EventTypes = Annotated[
    list[EventType], Field(max_length=len(EVENT_TYPES), description="Which events to send; none: all of them")
]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_URL_LENGTH,
        description="https, to a public address; redirects are not followed",
        examples=["https://hooks.example.com/berth"],
    ),
]
Description = Annotated[
    str, Field(max_length=500, description="For people", examples=["Deployments to chat"])
]


class EndpointWish(BaseModel):
    """A new endpoint."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "url": "https://hooks.example.com/berth",
                    "event_types": ["operation.failed"],
                    "team": "storefront",
                }
            ]
        },
    )

    url: Url
    description: Description = ""
    team: DnsLabel | None = Field(
        default=None, description="Events of this team's environments; absent: of all"
    )
    event_types: EventTypes = []


class EndpointPatch(BaseModel):
    """What is to be another; what is absent stays."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"is_enabled": False}]}
    )

    url: Url = ""
    description: Description = ""
    team: DnsLabel | None = None
    event_types: EventTypes = []
    is_enabled: bool = True


class EndpointView(BaseModel):
    """An endpoint, without its secret."""

    id: str
    url: str
    description: str
    team: str | None
    event_types: list[str]
    is_enabled: bool
    disabled_reason: str | None = Field(description="Why nothing is sent any more")
    created_by: str
    created_at: datetime
    updated_at: datetime
    previous_secret_until: datetime | None = Field(
        description="Until then messages are also signed with the secret before"
    )


class EndpointWithSecret(EndpointView):
    """An endpoint just made or rotated, with its secret: it is shown this once."""

    secret: str | None = Field(
        description="`whsec_` and base64, for Standard Webhooks libraries; null in an answer repeated under "
        "an idempotency key, since secrets are not kept: rotate it for a new one"
    )


class DeliveryView(BaseModel):
    """An event on its way to an endpoint."""

    id: str
    endpoint_id: str
    event_id: str = Field(description="The message's `webhook-id`")
    event_type: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_status: int | None = Field(description="HTTP status of the last answer")
    last_error: str | None = Field(description="Why there was none")
    created_at: datetime
    finished_at: datetime | None


def endpoint_view(endpoint: Endpoint) -> EndpointView:
    """Show an endpoint."""
    return EndpointView.model_validate(endpoint, from_attributes=True)


def endpoint_with_secret(endpoint: Endpoint, secret: str | None) -> EndpointWithSecret:
    """Show an endpoint with its new secret, or with none where the answer is to be kept."""
    return EndpointWithSecret(**endpoint_view(endpoint).model_dump(), secret=secret)


def delivery_view(delivery: Delivery) -> DeliveryView:
    """Show a delivery."""
    return DeliveryView.model_validate(delivery, from_attributes=True)
