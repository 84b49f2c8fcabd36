"""Imports of state over HTTP."""

from typing import cast

from fastapi import APIRouter, Depends, Request, Response

from service.access.http import CallerOf, requires
from service.access.permissions import Permission
from service.backend.adoption import ForeignSecretsError
from service.backend.context import backend_context_of
from service.core.app_state import SettingsOf, Uows
from service.core.documents import Document, check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.unit_of_work import UnitOfWork
from service.environments.accepted import ACCEPTED, accept
from service.environments.errors import EnvironmentNotFoundError
from service.environments.paths import EnvironmentIdPath
from service.environments.schemas import AcceptedView
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.imports.schemas import IMPORT_BODY
from service.imports.use_cases import ImportState, import_state
from service.operations.errors import EnvironmentBusyError, EnvironmentDestroyedError
from service.operations.model import OperationKind
from service.operations.use_cases import StartOperation
from service.plans.rules import plan_rules
from service.state.deployment import VersionedDeployment
from service.state.integrity import IntegrityError
from service.state.json_values import DocumentError, JsonObject

IMPORTS = "/imports"

router = APIRouter(prefix="/v1", tags=["State"], dependencies=[Depends(check_media_type)])


@router.post(
    "/environments/{environment_id}" + IMPORTS,
    operation_id="import_state",
    dependencies=[requires(Permission.STATE_WRITE)],
    summary="Import a state",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(
            EnvironmentNotFoundError,
            EnvironmentDestroyedError,
            EnvironmentBusyError,
            IntegrityError,
            ForeignSecretsError,
            DocumentError,
            InvalidInputError,
            MalformedBodyError,
            BodyTooLargeError,
            UnsupportedMediaTypeError,
            KeyReusedError,
            KeyInFlightError,
        ),
    },
    openapi_extra={"requestBody": IMPORT_BODY},
)
async def import_(
    environment_id: EnvironmentIdPath,
    document: Document,
    keyed: Keyed,
    caller: CallerOf,
    request: Request,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Make a state that was exported elsewhere this environment's, then read the cloud into it.

    Secrets that stand in the clear (`pulumi stack export --show-secrets`) are encrypted on arrival; URNs are
    given the environment's stack. The state version before stays and can be restored.
    """
    start = StartOperation(
        OperationKind.IMPORT,
        caller.actor,
        settings.max_waiting_operations,
        rules=plan_rules(settings),
    )
    state = VersionedDeployment.from_json(cast("JsonObject", document))
    command = ImportState(environment_id, state, start)

    async def work(uow: UnitOfWork) -> Answer:
        accepted = await import_state(command, uow, backend_context_of(request).keyring)
        return accept(accepted, location=f"/v1/operations/{accepted.operation.id}")

    return send_answer(await answer_once(keyed, uows, work))
