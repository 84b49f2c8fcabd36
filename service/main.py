"""The HTTP application: everything it holds, and the routers that serve it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.access.authentication import keep_authenticator
from service.access.limiting import LimitedAuthenticator
from service.access.openapi import describe_access
from service.audit.routes import router as audit_router
from service.backend.context import keep_backend_context, make_backend_context
from service.backend.routes import ROUTERS as BACKEND_ROUTERS
from service.blueprints.routes import router as blueprints_router
from service.comparisons.routes import router as comparisons_router
from service.core.app_state import AppState, keep_state
from service.core.body_limit import BodyLimitMiddleware
from service.core.cross_origin import allow_origins
from service.core.database import make_engine
from service.core.errors import ConfigurationError
from service.core.openapi import describe_api
from service.core.origin import OriginMiddleware
from service.core.problems import answer_problems
from service.core.request_id import RequestIdMiddleware
from service.core.security_headers import SecurityHeadersMiddleware
from service.core.unit_of_work import unit_of_work_factory
from service.costs.routes import router as costs_router
from service.drift.routes import router as drift_router
from service.environments.form import request_schemas
from service.environments.routes import router as environments_router
from service.events.hub import EventHub, keep_hub
from service.events.routes import router as events_router
from service.form.routes import router as form_router
from service.form.text import DESCRIPTION, SUMMARY, TAGS
from service.freezes.routes import router as freezes_router
from service.guardrails.routes import router as guardrails_router
from service.identity.authenticator import make_authenticator
from service.identity.exposure import check_exposure
from service.identity.fetching import Fetcher
from service.identity.routes import router as identity_router
from service.imports.routes import IMPORTS
from service.imports.routes import router as imports_router
from service.limits.routes import router as limits_router
from service.operations.routes import router as operations_router
from service.plans.routes import router as plans_router
from service.recommendations.reasons import read_reasons
from service.recommendations.routes import router as recommendations_router
from service.references.routes import router as references_router
from service.schedules.routes import router as schedules_router
from service.settings import Settings
from service.state.routes import router as state_router
from service.system.metrics import Metrics, MetricsMiddleware
from service.system.routes import keep_metrics
from service.system.routes import router as system_router
from service.tokens.routes import router as tokens_router
from service.version import VERSION
from service.webhooks.consumer import delivering
from service.webhooks.context import keep_webhook_context
from service.webhooks.routes import router as webhooks_router

# The order is the order of the form: what people come for first.
ROUTERS = (
    environments_router,
    schedules_router,
    operations_router,
    plans_router,
    events_router,
    state_router,
    references_router,
    drift_router,
    imports_router,
    guardrails_router,
    costs_router,
    limits_router,
    comparisons_router,
    recommendations_router,
    freezes_router,
    webhooks_router,
    audit_router,
    tokens_router,
    identity_router,
    blueprints_router,
    system_router,
    form_router,
    *BACKEND_ROUTERS,
)


def create_app(settings: Settings, *, delivers_webhooks: bool = False) -> FastAPI:
    """Make the application.

    Args:
        settings: Where everything is.
        delivers_webhooks: Whether this process sends webhooks too; it has the key of their secrets.

    Raises:
        ConfigurationError: a setting that it cannot do without is missing, or strangers could call it.
    """
    check_exposure(settings)
    database_url = _needed_settings(settings)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine = make_engine(database_url, pool_size=settings.database_pool_size)
        uows = unit_of_work_factory(engine)
        fetcher = Fetcher()
        hub = EventHub(database_url, uows, metrics.followers)
        keep_state(app, AppState(settings=settings, database=engine, uow_factory=uows))
        keep_hub(app, hub)
        authenticator = make_authenticator(settings, uows, fetcher)
        if settings.authenticates:
            authenticator = LimitedAuthenticator(authenticator, settings.rate_limits)
        keep_authenticator(app, authenticator)
        async with hub.running(), delivering(settings, uows) if delivers_webhooks else nullcontext():
            yield
        await fetcher.close()
        await engine.dispose()

    app = FastAPI(
        title="Berth",
        version=VERSION,
        summary=SUMMARY,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # As they are: `include_router` would analyse each a second time, for every application made.
        routes=[route for router in ROUTERS for route in router.routes],
    )
    keep_metrics(app, metrics)
    keep_backend_context(app, make_backend_context(settings))
    keep_webhook_context(app, settings)
    answer_problems(app)
    describe_api(app, request_schemas, partial(describe_access, settings))
    app.add_middleware(
        BodyLimitMiddleware,
        prefix="/v1/",
        max_bytes=settings.max_body_bytes,
        larger={IMPORTS: settings.max_state_bytes},
    )
    allow_origins(app, settings.allowed_origins)
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    app.add_middleware(RequestIdMiddleware)
    app.add_middleware(OriginMiddleware)
    app.add_middleware(SecurityHeadersMiddleware)
    if settings.trusted_proxies:
        proxies = [str(network) for network in settings.trusted_proxies]
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


def _needed_settings(settings: Settings) -> str:
    """Return the database's address; everything else that is needed is checked."""
    read_reasons(settings.recommendation_reasons)
    if settings.database_url is None:
        raise ConfigurationError("the API needs a database", hint="set BERTH_DATABASE_URL")
    if settings.secrets_key is None:
        raise ConfigurationError(
            "the API needs a key to keep the stacks' secrets under",
            hint="set BERTH_SECRETS_KEY to the base64 of 32 random bytes, the same for every process",
        )
    return settings.database_url.get_secret_value()
