"""Stacks kept in a folder: `file://`, for use without a service."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sandbox.engine.backends.checkpointing import CheckpointJournal
from sandbox.engine.backends.file_lock import StackLock, release_all
from sandbox.engine.backends.file_store import FileStore
from sandbox.engine.backends.protocol import StackListing, StackName, UpdateRequest, User
from sandbox.engine.backends.renaming import rename_stack
from sandbox.engine.clock import unix_seconds
from sandbox.engine.errors import EngineError, StackAlreadyExistsError
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.secrets.passphrase import PassphraseManager, read_passphrase
from sandbox.engine.state.deployment import UntypedDeployment, read_secrets_provider
from sandbox.engine.state.journal import JournalEntry
from sandbox.engine.state.json_values import JsonObject, load_object, objects, text
from sandbox.engine.workspace.project import StackFile

_ORGANIZATION = "organization"


class FileBackend:
    """A folder in the official layout, with secrets under a passphrase."""

    def __init__(self, url: str) -> None:
        """Open the folder that a `file://` address names."""
        parts = urlsplit(url)
        path = unquote(parts.netloc + parts.path)
        self.url = url
        self._store = FileStore(Path(path).expanduser() if path != "~" else Path.home())
        self._managers: dict[str, PassphraseManager] = {}

    def user(self) -> User:
        """The user of this machine."""
        return User(getpass.getuser())

    def parse_name(self, name: str, project: str) -> StackName:
        """The stack that a name means; the organization is always `organization`."""
        parts = name.split("/")
        organization = parts[0] if len(parts) > 1 else _ORGANIZATION
        if organization != _ORGANIZATION:
            raise EngineError("organization name must be 'organization'")
        return StackName(_ORGANIZATION, parts[1] if len(parts) > 2 else project, parts[-1])  # noqa: PLR2004 -- org/project/stack

    def show_name(self, name: StackName, project: str) -> str:
        """The bare name within its project."""
        return name.stack if name.project == project else name.qualified

    def exists(self, name: StackName) -> bool:
        """Whether there is such a stack."""
        return self._store.checkpoint_path(name.project, name.stack).exists()

    def create(self, name: StackName) -> None:
        """Make an empty stack."""
        self._store.prepare()
        if self.exists(name):
            raise StackAlreadyExistsError(name.qualified)
        self._store.write_checkpoint(name.project, name.stack, UntypedDeployment({}))

    def remove(self, name: StackName, *, force: bool) -> None:
        """Remove a stack and its history."""
        if not force and objects(self.export(name).deployment, "resources"):
            raise EngineError("refusing to remove stack because it still contains resources")
        self._store.remove(name.project, name.stack)

    def rename(self, name: StackName, new_name: StackName) -> None:
        """Give a stack another name, in its URNs too."""
        if self.exists(new_name):
            raise EngineError(f"a stack named {new_name.qualified} already exists")
        with_lock = StackLock(self._store.locks(name.project, name.stack))
        with_lock.acquire()
        try:
            renamed = rename_stack(self.export(name), name, new_name)
            self._store.write_checkpoint(new_name.project, new_name.stack, renamed)
            self._store.move(name.project, name.stack, new_name.project, new_name.stack)
        finally:
            with_lock.release()

    def list_stacks(self, project: str | None) -> list[StackListing]:
        """Stacks of a project, or all."""
        names = [StackName(_ORGANIZATION, *found) for found in self._store.stacks()]
        return [self._listing(name, project or "") for name in names if project in (None, name.project)]

    def _listing(self, name: StackName, project: str) -> StackListing:
        deployment = self.export(name).deployment
        last = text(deployment["manifest"], "time") if isinstance(deployment.get("manifest"), dict) else ""  # pyright: ignore[reportArgumentType]
        count = len(objects(deployment, "resources")) if deployment else None
        is_updating = any(self._store.locks(name.project, name.stack).glob("*.json"))
        return StackListing(self.show_name(name, project), last, is_updating, count)

    def export(self, name: StackName) -> UntypedDeployment:
        """The recorded state."""
        return self._store.read_checkpoint(name.project, name.stack)

    def replace_state(self, name: StackName, deployment: UntypedDeployment) -> None:
        """Record another state."""
        lock = StackLock(self._store.locks(name.project, name.stack))
        lock.acquire()
        try:
            self._store.write_checkpoint(name.project, name.stack, deployment)
        finally:
            lock.release()

    def history(self, name: StackName, page_size: int, page: int) -> list[JsonObject]:
        """Past updates, newest first."""
        files = self._store.history(name.project, name.stack)
        if page_size > 0:
            first = (max(page, 1) - 1) * page_size
            files = files[first : first + page_size]
        return [load_object(path.read_bytes()) for path in files]

    def tags(self, name: StackName) -> dict[str, str]:
        """The stack's tags."""
        return self._store.tags(name.project, name.stack)

    def set_tags(self, name: StackName, tags: Mapping[str, str]) -> None:
        """Replace the stack's tags."""
        self._store.write_tags(name.project, name.stack, dict(tags))

    def cancel(self, name: StackName) -> None:
        """Remove the stack's locks."""
        release_all(self._store.locks(name.project, name.stack))

    def secrets_manager(self, name: StackName, settings: StackFile) -> SecretsManager:
        """The passphrase's manager; a stack without a salt is given one."""
        del name
        manager = self._manager(settings.encryption_salt or None)
        if not settings.encryption_salt:
            settings.encryption_salt = manager.salt
            settings.save()
        return manager

    def manager_for(self, name: StackName, deployment: JsonObject) -> SecretsManager | None:
        """The passphrase's manager for the salt that a deployment records."""
        del name
        provider = read_secrets_provider(deployment)
        if provider is None:
            return None
        if provider.type != "passphrase":
            raise EngineError(f"no known secrets provider for type {provider.type!r}")
        return self._manager(text(provider.state, "salt"))

    def _manager(self, salt: str | None) -> PassphraseManager:
        manager = self._managers.get(salt or "")
        if manager is None:
            manager = PassphraseManager(read_passphrase(os.environ), salt)
            self._managers[manager.salt] = manager
        return manager

    def begin(self, name: StackName, request: UpdateRequest, base: JsonObject) -> "FileUpdate":
        """Lock the stack and start; a preview neither locks nor writes."""
        lock = StackLock(self._store.locks(name.project, name.stack))
        if not request.is_dry_run:
            lock.acquire()
        return FileUpdate(self._store, name, request, base, lock)


@dataclass(slots=True)
class FileUpdate:
    """One update of a stack in a folder."""

    _store: FileStore
    _name: StackName
    _request: UpdateRequest
    _base: JsonObject
    _lock: StackLock
    _start_seconds: int = field(default_factory=unix_seconds)
    _journal: CheckpointJournal = field(init=False)

    def __post_init__(self) -> None:
        """Start from the base."""
        self._journal = CheckpointJournal(self._base, self._write)

    async def _write(self, deployment: UntypedDeployment) -> None:
        self._store.write_checkpoint(self._name.project, self._name.stack, deployment)

    async def append(self, entry: JournalEntry, *, is_durable: bool) -> None:
        """Take an entry."""
        await self._journal.append(entry, is_durable=is_durable)

    def record_event(self, event: JsonObject) -> None:
        """Events are not kept in a folder."""

    async def finish(self, *, succeeded: bool, changes: Mapping[str, int]) -> None:
        """Write what is left, record the update and give the lock back."""
        if self._request.is_dry_run:
            return
        try:
            await self._journal.flush()
            self._store.add_history(
                self._name.project, self._name.stack, self._record(changes, succeeded=succeeded)
            )
        finally:
            self._lock.release()

    def _record(self, changes: Mapping[str, int], *, succeeded: bool) -> JsonObject:
        return {
            "kind": self._request.kind.value,
            "startTime": self._start_seconds,
            "message": self._request.message,
            "environment": dict(self._request.environment),
            "config": dict(self._request.config),
            "result": "succeeded" if succeeded else "failed",
            "endTime": unix_seconds(),
            "resourceChanges": dict(changes),
        }
