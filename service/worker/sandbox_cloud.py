"""The simulated cloud of the sandbox: one process beside the worker that serves every provider."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
from pydantic import BaseModel, JsonValue, TypeAdapter

from programs.planning.ownership import Tag
from service.engine.choice import REPOSITORY_ROOT
from service.operations.model import Leftover
from service.operations.runs import ClaimedOperation
from service.worker.existing_network import FoundSubnet
from service.worker.leftovers import LeftoversUnknownError

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(REPOSITORY_ROOT)}

_log = structlog.get_logger(__name__)


class _Announcement(BaseModel):
    """The line that says which port serves which provider package."""

    providers: dict[str, int]


class _Standing(BaseModel):
    """A resource that stands in the cloud."""

    type: str
    id: str
    properties: dict[str, JsonValue]


_standing_adapter: TypeAdapter[list[_Standing]] = TypeAdapter(list[_Standing])


class StoreUnreadableError(RuntimeError):
    """What stands in the cloud could not be listed."""


class SandboxCloud:
    """Keeps the cloud's process running; it ends by itself when this process does.

    Args:
        store_dir: Where the cloud keeps what was made; several workers may share it.
        latency: How long its calls take: `none`, or `demo` for times that one can watch.
    """

    def __init__(self, store_dir: Path, *, latency: str) -> None:
        self._store_dir = store_dir
        self._latency = latency
        self._process: asyncio.subprocess.Process | None = None
        self._ports: dict[str, int] = {}
        self._lock = asyncio.Lock()

    async def ports(self) -> dict[str, int]:
        """Return the port of each provider package, after starting the cloud if it does not run."""
        async with self._lock:
            if self._process is None or self._process.returncode is not None:
                await self._start()
            return dict(self._ports)

    async def find_leftovers(self, claimed: ClaimedOperation, tags: Sequence[Tag]) -> Sequence[Leftover]:
        """Return what stands in the cloud and bears any of the tags.

        Raises:
            LeftoversUnknownError: the cloud's store could not be read.
        """
        del claimed
        try:
            standing = await self._standing(*(f"--tag={tag.key}={tag.value}" for tag in tags))
        except StoreUnreadableError as unreadable:
            raise LeftoversUnknownError(str(unreadable)) from unreadable
        return [_leftover(one, tags) for one in standing]

    async def subnets(self) -> Sequence[FoundSubnet]:
        """Return the subnets that stand in the cloud.

        Raises:
            StoreUnreadableError: the cloud's store could not be read.
        """
        return [_subnet(one) for one in await self._standing("--type", "ec2/subnet:Subnet")]

    async def _standing(self, *wanted: str) -> "list[_Standing]":
        process = await asyncio.create_subprocess_exec(
            *_command("show", "--json", "--store", str(self._store_dir), *wanted),
            stdout=asyncio.subprocess.PIPE,
            env=_ENVIRONMENT,
        )
        written, _ = await process.communicate()
        if process.returncode != 0:
            raise StoreUnreadableError(f"the cloud's store answered with code {process.returncode}")
        return _standing_adapter.validate_json(written)

    async def close(self) -> None:
        """End the cloud's process; what it made stays in its store."""
        async with self._lock:
            process, self._process = self._process, None
            if process is None or process.returncode is not None:
                return
            process.terminate()
            try:
                async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *_command("serve", "--store", str(self._store_dir), "--latency", self._latency),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        self._process = process
        self._ports = (await _announced(process)).providers
        _log.info("sandbox_cloud_started", pid=process.pid, ports=self._ports)


async def _announced(process: asyncio.subprocess.Process) -> _Announcement:
    if process.stdout is None:
        msg = "the sandbox's cloud was started without a pipe"
        raise RuntimeError(msg)
    try:
        async with asyncio.timeout(START_TIMEOUT_SECONDS):
            return _Announcement.model_validate_json(await process.stdout.readline())
    except (TimeoutError, ValueError):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        code = await process.wait()
        msg = f"the sandbox's cloud did not start (it ended with {code}); its messages are above"
        raise RuntimeError(msg) from None


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox.cloud", *arguments]


def _leftover(standing: _Standing, tags: Sequence[Tag]) -> Leftover:
    borne = _tags(standing, "tags") | _tags(standing, "tagsAll")
    tag = next(f"{tag.key}={tag.value}" for tag in tags if borne.get(tag.key) == tag.value)
    return Leftover(standing.type, str(standing.properties.get("arn") or standing.id), tag)


def _subnet(standing: _Standing) -> FoundSubnet:
    names = ("vpcId", "cidrBlock", "availabilityZone")
    return FoundSubnet(standing.id, *(str(standing.properties.get(name, "")) for name in names))


def _tags(standing: _Standing, name: str) -> dict[str, JsonValue]:
    tags = standing.properties.get(name)
    return tags if isinstance(tags, dict) else {}
