"""The service about itself: what it runs, whether it lives, whether it can work, what it counts."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import text

from programs.catalogue import BLUEPRINTS
from service.access.http import open_to_all, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.errors import UnavailableError
from service.core.openapi import problems
from service.operations.repository import UNFINISHED, count_by_state
from service.settings import Cloud, EngineChoice
from service.system.metrics import Metrics
from service.version import VERSION

router = APIRouter(tags=["System"])


class SystemView(BaseModel):
    """What this installation is and where its environments go."""

    version: str = Field(description="Berth's version")
    cloud: Cloud = Field(description="`sandbox`: simulated on this machine; `aws`: real")
    engine: EngineChoice = Field(
        description="The Pulumi engine that workers are to use; an operation names the one that ran it"
    )
    default_region: str
    default_account: str
    accounts: list[str] = Field(description="Names of the accounts that a request may ask for")
    blueprints: dict[str, str] = Field(description="Blueprints and their versions")


class HealthView(BaseModel):
    """All is well."""

    status: str = "ok"


def keep_metrics(app: FastAPI, metrics: Metrics) -> None:
    """Put the metrics where requests find them."""
    app.state.metrics = metrics


def _metrics_of(request: Request) -> Metrics:
    return cast("Metrics", request.app.state.metrics)


@router.get(
    "/v1/system",
    operation_id="get_system",
    dependencies=[requires(Permission.SYSTEM_READ)],
    summary="Read what this installation is",
    responses=problems(),
)
async def get_system(settings: SettingsOf) -> SystemView:
    """Tell the version, the cloud, the engine and the accounts."""
    return SystemView(
        version=VERSION,
        cloud=settings.cloud,
        engine=settings.engine,
        default_region=settings.default_region,
        default_account=settings.default_account,
        accounts=sorted(settings.accounts),
        blueprints={name: blueprint.version for name, blueprint in BLUEPRINTS.items()},
    )


@router.get(
    "/livez",
    operation_id="live",
    dependencies=[open_to_all("a supervisor has no credential")],
    summary="Is the process alive?",
    responses=problems(),
)
async def live() -> HealthView:
    """Answer without touching anything else."""
    return HealthView()


@router.get(
    "/readyz",
    operation_id="ready",
    dependencies=[open_to_all("a load balancer has no credential")],
    summary="Can requests be served?",
    responses=problems(),
)
async def ready(uows: Uows) -> HealthView:
    """Answer well if the database is there and has every migration; 503 otherwise."""
    # Alembic takes a tenth of the time in which the process must start, and only this route needs it.
    from service.core.migrations import newest_revision  # noqa: PLC0415

    head = newest_revision()
    async with uows() as uow:
        present = await uow.session.scalar(text("SELECT version_num FROM alembic_version"))
    if present != head:
        raise UnavailableError(
            f"the database is at revision {present}, this version needs {head}", hint="run `berth migrate`"
        )
    return HealthView()


@router.get(
    "/metrics",
    operation_id="get_metrics",
    dependencies=[requires(Permission.METRICS_READ)],
    summary="Read metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems()},
)
async def get_metrics(uows: Uows, metrics: Annotated[Metrics, Depends(_metrics_of)]) -> Response:
    """Tell the metrics in Prometheus' text format."""
    async with uows() as uow:
        counts = await count_by_state(uow.session)
    for state in UNFINISHED:
        metrics.operations.labels(state).set(counts.get(state, 0))
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
