"""One update at a service: its lease, its journal, its events."""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from sandbox.engine.backends.checkpointing import CheckpointJournal
from sandbox.engine.backends.http_client import HttpClient, HttpError
from sandbox.engine.backends.protocol import UpdateKind, UpdateRequest
from sandbox.engine.clock import unix_seconds
from sandbox.engine.errors import EngineError
from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.journal import JournalEntry
from sandbox.engine.state.json_values import Json, JsonObject, number, text
from sandbox.engine.workspace.config import wire_value

# As the official client sends them (httpstate/journal/snapshot.go, httpstate/state.go).
_ENTRIES_PER_REQUEST = 100
_EVENTS_PER_REQUEST = 50
_EVENT_DELAY_SECONDS = 4.0
_LEASE_SECONDS = 300
_RENEWALS_PER_LEASE = 8
_TOO_LARGE = 413
_CONFLICT = 409
_CONFLICT_HELP = (
    "\nTo learn more about possible reasons and resolution, visit "
    "https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/"
)


def start_update(
    client: HttpClient, stack_path: str, request: UpdateRequest, tags: Mapping[str, str], base: JsonObject
) -> "HttpUpdate":
    """Register and start an update.

    Raises:
        EngineError: if the service refuses, as while another update runs.
    """
    kind = "update" if request.kind is UpdateKind.IMPORT else request.kind.value
    if request.is_dry_run:
        kind = "preview"
    try:
        created = client.post_once(f"{stack_path}/{kind}", _program(request))
        path = f"{stack_path}/{kind}/{text(created, 'updateID')}"
        started = client.post_once(path, {"tags": dict(tags), "journalVersion": 1})
    except HttpError as error:
        if error.code == _CONFLICT:
            raise EngineError(f"{error}{_CONFLICT_HELP}") from error
        raise
    return HttpUpdate(
        client, path, text(started, "token"), int(number(started, "journalVersion")), base, request
    )


def _program(request: UpdateRequest) -> JsonObject:
    options: JsonObject = {
        "localPolicyPackPaths": [],
        "color": "raw",
        "dryRun": request.is_dry_run,
        "parallel": request.parallel,
        "showConfig": False,
        "showReplacementSteps": False,
        "showNames": False,
        "summary": False,
        "debug": False,
    }
    config: dict[str, Json] = {key: wire_value(value) for key, value in request.config.items()}
    return {
        "name": request.project,
        "runtime": request.runtime,
        "main": request.main,
        "description": request.description,
        "options": options,
        "config": config,
        "metadata": {"message": request.message, "environment": dict(request.environment)},
    }


class HttpUpdate:
    """Sends journal entries and events in the name of a leased update."""

    def __init__(
        self,
        client: HttpClient,
        path: str,
        lease: str,
        journal_version: int,
        base: JsonObject,
        request: UpdateRequest,
    ) -> None:
        """Begin to renew the lease and to send; needs a running event loop."""
        self._client, self._path, self._lease, self._request = client, path, lease, request
        # One thread keeps the journal's requests in order, the other carries events and renewals.
        self._journal_thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._other_thread = ThreadPoolExecutor(1, thread_name_prefix="lease")
        self._checkpoints = CheckpointJournal(base, self._write_checkpoint) if journal_version < 1 else None
        self._entries: list[tuple[JournalEntry, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._last_sent: asyncio.Future[None] | None = None
        self._events: list[JsonObject] = []
        self._event_count = 0
        self._failure: EngineError | None = None
        self._tasks = [
            asyncio.create_task(self._send_entries()),
            asyncio.create_task(self._send_events()),
            asyncio.create_task(self._renew_lease()),
        ]

    async def append(self, entry: JournalEntry, *, is_durable: bool) -> None:
        """Take an entry; a durable one is with the service when this returns."""
        if self._checkpoints is not None:
            await self._checkpoints.append(entry, is_durable=is_durable)
            return
        if self._failure is not None:
            raise self._failure
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._entries.append((entry, sent))
        self._last_sent = sent
        self._arrived.set()
        if is_durable:
            await sent
        else:
            sent.add_done_callback(_retrieve)

    async def _send_entries(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._entries:
                batch = self._entries[:_ENTRIES_PER_REQUEST]
                del self._entries[:_ENTRIES_PER_REQUEST]
                await self._send_batch(batch)

    async def _send_batch(self, batch: list[tuple[JournalEntry, asyncio.Future[None]]]) -> None:
        body: JsonObject = {"entries": [entry.to_json() for entry, _ in batch]}
        try:
            await self._in_journal_thread("PATCH", "journalentries", body)
        except EngineError as error:
            if isinstance(error, HttpError) and error.code == _TOO_LARGE and len(batch) > 1:
                middle = len(batch) // 2
                await self._send_batch(batch[:middle])
                await self._send_batch(batch[middle:])
                return
            self._failure = error
            for _, sent in batch:
                sent.set_exception(error)
            return
        for _, sent in batch:
            sent.set_result(None)

    async def _in_journal_thread(self, method: str, part: str, body: JsonObject) -> None:
        await asyncio.get_running_loop().run_in_executor(
            self._journal_thread, self._client.send, method, f"{self._path}/{part}", body, self._lease
        )

    async def _write_checkpoint(self, deployment: UntypedDeployment) -> None:
        await self._in_journal_thread("PATCH", "checkpoint", {"isInvalid": False, **deployment.to_json()})

    def record_event(self, event: JsonObject) -> None:
        """Take an engine event; events travel in batches and may be late."""
        self._events.append({**event, "sequence": self._event_count, "timestamp": unix_seconds()})
        self._event_count += 1

    async def _send_events(self) -> None:
        while True:
            await asyncio.sleep(_EVENT_DELAY_SECONDS)
            await self._flush_events()

    async def _flush_events(self) -> None:
        while self._events:
            batch = self._events[:_EVENTS_PER_REQUEST]
            del self._events[:_EVENTS_PER_REQUEST]
            # The record of events is a convenience: an update does not fail for want of it.
            with contextlib.suppress(EngineError):
                await self._in_other_thread("POST", "events/batch", {"events": [*batch]})

    async def _renew_lease(self) -> None:
        while True:
            await asyncio.sleep(_LEASE_SECONDS / _RENEWALS_PER_LEASE)
            try:
                answer = await self._in_other_thread(
                    "POST", "renew_lease", {"token": "", "duration": _LEASE_SECONDS}
                )
            except HttpError as error:
                self._failure = error
                return
            self._lease = text(answer, "token") or self._lease

    async def _in_other_thread(self, method: str, part: str, body: JsonObject) -> JsonObject:
        return await asyncio.get_running_loop().run_in_executor(
            self._other_thread, self._client.send, method, f"{self._path}/{part}", body, self._lease
        )

    async def finish(self, *, succeeded: bool, changes: Mapping[str, int]) -> None:
        """Send what is left and end the update."""
        del changes
        if self._checkpoints is not None and not self._request.is_dry_run:
            await self._checkpoints.flush()
        await self._drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._flush_events()
        await self._in_journal_thread("POST", "complete", {"status": "succeeded" if succeeded else "failed"})
        self._journal_thread.shutdown()
        self._other_thread.shutdown()

    async def _drain(self) -> None:
        # Entries are sent in order: with the last one all are there.
        if self._last_sent is not None and self._failure is None:
            await self._last_sent


def _retrieve(sent: asyncio.Future[None]) -> None:
    # A failure reaches the run through the next entry; here it is only taken note of.
    if not sent.cancelled():
        sent.exception()
