"""Delivers webhooks beside the API, which has the key of their secrets, by a queue of its own."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import SQLAlchemyError

from service.core.database import libpq_url
from service.core.unit_of_work import UnitOfWorkFactory
from service.queue.consumer import FETCH_SECONDS, POOL_SIZE, RETRY_SECONDS, PatientConnector
from service.settings import Settings
from service.webhooks.attempts import AttemptResult, record_result, take_attempt
from service.webhooks.errors import SecretUnreadableError
from service.webhooks.jobs import DELIVER_TASK, WEBHOOKS_QUEUE, requeue_forgotten
from service.webhooks.model import DeliveryId
from service.webhooks.secrets import SecretBox, make_secret_box
from service.webhooks.sending import send
from service.webhooks.targets import TargetRules

CONCURRENCY = 8
RESCUE_SECONDS = 30.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Makes attempts: take, send, record, each in its own transaction."""

    uow_factory: UnitOfWorkFactory
    box: SecretBox
    rules: TargetRules

    async def deliver(self, delivery_id: DeliveryId) -> None:
        """Make one attempt at a delivery, if it is due."""
        async with self.uow_factory() as uow:
            attempt = await take_attempt(uow.session, delivery_id)
            await uow.commit()
        if attempt is None:
            return
        try:
            secrets = [await self.box.open(attempt.endpoint_id, sealed) for sealed in attempt.secrets]
        except SecretUnreadableError as error:
            result = AttemptResult(error=error.message)
        else:
            result = await send(attempt, tuple(secrets), self.rules)
        async with self.uow_factory() as uow:
            await record_result(uow.session, attempt, result)
            await uow.commit()
        _log.info(
            "webhook_attempted",
            delivery_id=delivery_id,
            number=attempt.number,
            status=result.status,
            error=result.error,
        )


def make_deliverer(settings: Settings, uow_factory: UnitOfWorkFactory) -> Deliverer:
    """Make what delivers under the settings."""
    return Deliverer(uow_factory, make_secret_box(settings), TargetRules(settings.webhook_private_targets))


@asynccontextmanager
async def delivering(settings: Settings, uow_factory: UnitOfWorkFactory) -> AsyncGenerator[None]:
    """Deliver for as long as the block lasts; attempts that run at its end are waited for."""
    if settings.database_url is None:
        raise ValueError("delivering webhooks needs BERTH_DATABASE_URL")
    name = f"{socket.gethostname()}:{os.getpid()}"
    task = asyncio.create_task(
        deliver_forever(
            settings.database_url.get_secret_value(),
            make_deliverer(settings, uow_factory),
            worker_name=name,
        )
    )
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def deliver_forever(database_url: str, deliverer: Deliverer, *, worker_name: str) -> None:
    """Deliver until cancelled."""
    app = make_app(database_url, deliverer)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_consume(app, worker_name=worker_name))
        tasks.create_task(_rescue(deliverer.uow_factory))


def make_app(database_url: str, deliverer: Deliverer) -> App:
    """Make the queue's application with its one task."""
    app = App(connector=PatientConnector(conninfo=libpq_url(database_url), min_size=1, max_size=POOL_SIZE))

    async def deliver(*, delivery_id: str) -> None:
        await deliverer.deliver(DeliveryId(delivery_id))

    app.task(name=DELIVER_TASK, queue=WEBHOOKS_QUEUE)(deliver)
    return app


async def _consume(app: App, *, worker_name: str) -> None:
    while True:
        try:
            async with app.open_async():
                await app.run_worker_async(
                    queues=[WEBHOOKS_QUEUE],
                    name=f"{worker_name}/webhooks",
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=FETCH_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
        except (ConnectorException, OSError):
            _log.exception("webhook_worker_ended")
        await asyncio.sleep(RETRY_SECONDS)


async def _rescue(uow_factory: UnitOfWorkFactory) -> None:
    while True:
        try:
            async with uow_factory() as uow:
                await requeue_forgotten(uow.session)
                await uow.commit()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("webhook_rescue_failed", error=type(error).__name__)
        await asyncio.sleep(RESCUE_SECONDS)
