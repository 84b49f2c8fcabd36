"""Operation events over HTTP: a stream for those who follow, pages for those who read."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from service.access.http import requires
from service.access.permissions import Permission
from service.core.app_state import Uows
from service.core.errors import InvalidInputError
from service.core.openapi import problems
from service.core.pages import MAX_PAGE_SIZE
from service.events.hub import Hub
from service.events.model import RecordedEvent
from service.events.repository import EventBatch
from service.events.stream import follow_events, read_batch
from service.operations.errors import OperationNotFoundError
from service.operations.paths import OperationIdPath
from service.operations.states import OperationState

STREAM_TYPE = "text/event-stream"
PING_SECONDS = 10  # proxies and Backstage give a silent stream up after 45 to 60 s
SEND_TIMEOUT_SECONDS = 20  # a client that takes nothing for so long is dropped; it resumes by Last-Event-ID
MAX_ROW_ID = 2**63 - 1

router = APIRouter(prefix="/v1/operations", tags=["Operations"])


class EventsPage(BaseModel):
    """Events in the order in which they happened."""

    items: list[RecordedEvent]
    next_after: int = Field(description="Ask with it as `after` for what follows")
    state: OperationState = Field(description="The operation's state before the events were read")
    is_complete: bool = Field(description="The operation has ended and nothing follows these events")


STREAM_EXAMPLE = (
    "id: 42\r\nevent: state_changed\r\n"
    'data: {"id":42,"operation_id":"op_0192f0c1a7b87c3d9e5f60718293a4b5","sequence":2,'
    '"at":"2026-11-23T08:00:00Z","payload":{"type":"state_changed","state":"running","message":null}}\r\n\r\n'
    'event: done\r\ndata: {"state":"succeeded"}\r\n\r\n'
)


@router.get(
    "/{operation_id}/events",
    operation_id="list_operation_events",
    dependencies=[requires(Permission.OPERATIONS_READ)],
    summary="Read or follow an operation's events",
    response_model=EventsPage,
    responses={
        200: {
            "description": "A page; or, with `Accept: text/event-stream`, a stream that ends with the "
            "event `done`",
            "content": {STREAM_TYPE: {"schema": {"type": "string"}, "example": STREAM_EXAMPLE}},
        },
        **problems(OperationNotFoundError, InvalidInputError),
    },
)
async def read_or_follow(
    operation_id: OperationIdPath,
    request: Request,
    uows: Uows,
    hub: Hub,
    after: Annotated[int, Query(ge=0, le=MAX_ROW_ID, description="Only events behind this row number")] = 0,
    page_size: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Events on a page at most")] = 200,
    last_event_id: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID",
            ge=0,
            le=MAX_ROW_ID,
            description="As a browser's EventSource sends it; comes before `after`",
        ),
    ] = None,
) -> Response:
    """Read events as JSON, or follow them as Server-Sent Events if the Accept header asks for those.

    In the stream `id` is the row number, so that a client which reconnects with `Last-Event-ID` misses
    nothing; a comment is sent at least every 15 seconds; `done` carries the operation's final state.
    """
    if STREAM_TYPE not in request.headers.get("accept", ""):
        batch = await read_batch(uows, operation_id, after=after, limit=page_size)
        return Response(_page(batch, after).model_dump_json(), media_type="application/json")
    start = after if last_event_id is None else last_event_id
    await read_batch(uows, operation_id, after=start)
    events = follow_events(hub, uows, operation_id, after=start)
    return EventSourceResponse(
        _encoded(events), ping=PING_SECONDS, send_timeout=SEND_TIMEOUT_SECONDS, media_type=STREAM_TYPE
    )


async def _encoded(events: AsyncIterator[RecordedEvent | OperationState]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        if isinstance(event, RecordedEvent):
            yield ServerSentEvent(event.model_dump_json(), event=event.payload.type, id=str(event.id))
        else:
            yield ServerSentEvent(f'{{"state":"{event}"}}', event="done")


def _page(batch: EventBatch, after: int) -> EventsPage:
    return EventsPage(
        items=list(batch.events),
        next_after=batch.events[-1].id if batch.events else after,
        state=batch.state,
        is_complete=batch.is_last,
    )
