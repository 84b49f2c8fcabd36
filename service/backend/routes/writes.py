"""What an engine writes while its update runs, over HTTP."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from service.backend import write_use_cases
from service.backend.answers import STACK, backend_router, json_answer
from service.backend.bodies import read_body
from service.backend.dependencies import LeaseOf, Uow
from service.backend.guards import needs_lease
from service.backend.update_use_cases import LeaseKey
from service.core.unit_of_work import UnitOfWork

router = backend_router(STACK + "/{kind}/{update_id}")

Write = Callable[[UnitOfWork, LeaseKey, bytes], Awaitable[None]]


def _serve(path: str, method: str, write: Write) -> None:
    """Serve a write: its body is read whole before a transaction opens."""

    async def answer(request: Request, uow: Uow, lease: LeaseOf) -> Response:
        await write(uow, lease, await read_body(request))
        return json_answer({})

    router.add_api_route(
        path, answer, methods=[method], dependencies=[needs_lease()], description=write.__doc__
    )


_serve("/checkpoint", "PATCH", write_use_cases.save_checkpoint)
_serve("/checkpointverbatim", "PATCH", write_use_cases.save_verbatim_checkpoint)
_serve("/checkpointdelta", "PATCH", write_use_cases.save_checkpoint_delta)
_serve("/journalentries", "PATCH", write_use_cases.append_journal)
_serve("/events", "POST", write_use_cases.record_events)
_serve("/events/batch", "POST", write_use_cases.record_events)
