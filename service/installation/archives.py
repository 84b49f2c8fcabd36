"""Downloads archives, verifies them before anything of them is used, and unpacks them."""

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx

from service.core.errors import BerthError

CHUNK_BYTES = 1 << 20


class DownloadError(BerthError):
    """An archive could not be fetched."""

    code: ClassVar[str] = "download_failed"
    title: ClassVar[str] = "A download failed"
    retryable: ClassVar[bool] = True


class ChecksumError(BerthError):
    """An archive is not the one that was pinned; nothing of it was installed."""

    code: ClassVar[str] = "checksum_mismatch"
    title: ClassVar[str] = "An archive has another checksum than expected"


@dataclass(frozen=True, slots=True)
class Archive:
    """A downloaded archive and its digests, in hex."""

    path: Path
    sha256: str
    sha1: str


def download(
    http: httpx.Client, url: str, into: Path, on_bytes: Callable[[int, int | None], None]
) -> Archive:
    """Fetch `url` into the folder, telling `on_bytes(done, total)` on the way.

    Raises DownloadError where the server is away or refuses.
    """
    sha256, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    path = into / url.rsplit("/", 1)[-1]
    try:
        with http.stream("GET", url, follow_redirects=True) as response, path.open("wb") as file:
            response.raise_for_status()
            length = response.headers.get("Content-Length")
            for chunk in response.iter_bytes(CHUNK_BYTES):
                file.write(chunk)
                sha256.update(chunk)
                sha1.update(chunk)
                on_bytes(file.tell(), int(length) if length else None)
    except httpx.HTTPError as error:
        raise DownloadError(f"{url}: {error}", hint="check that this machine reaches the internet") from error
    return Archive(path, sha256.hexdigest(), sha1.hexdigest())


def verify(archive: Archive, *, expected: str, actual: str) -> None:
    """Raise ChecksumError unless the digests are equal."""
    if expected.lower() != actual.lower():
        raise ChecksumError(
            f"{archive.path.name} hashes to {actual}, expected {expected}",
            hint="the download was damaged or replaced on its way: try again, and do not use what came",
        )


def unpack(archive: Archive, target: Path, *, strip: int) -> None:
    """Unpack into `target`, which appears whole or not at all; `strip` leading path parts are dropped."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        with tarfile.open(archive.path) as tar:
            for member in tar.getmembers():
                parts = Path(member.name).parts[strip:]
                if parts:
                    tar.extract(member.replace(name=str(Path(*parts))), staging, filter="data")
        shutil.rmtree(target, ignore_errors=True)
        os.replace(staging, target)  # noqa: PTH105 -- one rename, so that no half-unpacked folder is ever used
        target.chmod(0o755)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
