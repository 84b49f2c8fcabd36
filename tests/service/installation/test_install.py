"""Installing the official engine: verified before it is unpacked, whole or not at all."""

import hashlib
import io
import tarfile
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from service.installation import install
from service.installation.archives import ChecksumError, DownloadError
from service.installation.install import install_engine
from service.installation.pins import CliPin, Pins, PluginPin, cli_platform, plugin_platform, read_pins

PLUGIN_FILE = f"pulumi-resource-aws-v1.2.3-{plugin_platform()}.tar.gz"


def _archive(name: str) -> bytes:
    content = b"#!/bin/sh\n"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o755
        tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


CLI = _archive("pulumi/pulumi")
PLUGIN = _archive("pulumi-resource-aws")


def _publisher(files: dict[str, bytes]) -> httpx.Client:
    """A server of releases: the border of what we do not own."""

    def answer(request: httpx.Request) -> httpx.Response:
        content = files.get(request.url.path.rsplit("/", 1)[-1])
        return httpx.Response(404) if content is None else httpx.Response(200, content=content)

    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the publisher offers for pins made for the test."""
    cli = CliPin(
        version="1.0.0",
        url="https://publisher.example/pulumi-v{version}-{platform}.tar.gz",
        sha256={cli_platform(): hashlib.sha256(CLI).hexdigest()},
    )
    pins = Pins(cli=cli, plugins={"aws": PluginPin(version="1.2.3")})
    monkeypatch.setattr(install, "read_pins", lambda: pins)
    listing = f"{hashlib.sha1(PLUGIN, usedforsecurity=False).hexdigest()}  ./{PLUGIN_FILE}\n"
    return {
        f"pulumi-v1.0.0-{cli_platform()}.tar.gz": CLI,
        PLUGIN_FILE: PLUGIN,
        "pulumi-aws_1.2.3_checksums.txt": listing.encode(),
    }


def _install(prefix: Path, files: dict[str, bytes], *, only_pinned: bool = False) -> list[str]:
    seen: list[str] = []
    with _publisher(files) as http:
        done = install_engine(
            prefix, http, lambda name, _done, _total: seen.append(name), only_pinned=only_pinned
        )
        return [item.verified_by for item in done]


def test_cli_and_plugin_are_verified_and_put_where_the_engine_looks(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """The CLI lands in bin/, a plugin in the folder that Pulumi names after it."""
    assert _install(tmp_path, files) == ["pinned SHA-256", "publisher's checksum list"]
    assert (tmp_path / "bin" / "pulumi").stat().st_mode & 0o111
    assert (tmp_path / "plugins" / "resource-aws-v1.2.3" / "pulumi-resource-aws").exists()


def test_an_archive_that_was_replaced_is_refused_and_nothing_is_installed(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """A CLI with another hash than pinned never reaches bin/."""
    files[f"pulumi-v1.0.0-{cli_platform()}.tar.gz"] = _archive("pulumi/evil")
    with pytest.raises(ChecksumError):
        _install(tmp_path, files)
    assert not (tmp_path / "bin").exists()


def test_a_plugin_that_the_publisher_lists_otherwise_is_refused(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """A plugin whose digest is not the listed one is not installed."""
    files[PLUGIN_FILE] = _archive("evil")
    with pytest.raises(ChecksumError):
        _install(tmp_path, files)
    assert not (tmp_path / "plugins").exists()


def test_only_pinned_refuses_a_plugin_without_a_sha256(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Those who want every byte pinned get a refusal that names the file."""
    with pytest.raises(ChecksumError, match=PLUGIN_FILE):
        _install(tmp_path, files, only_pinned=True)


def test_a_missing_release_is_a_download_error(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A 404 says what could not be fetched."""
    del files[PLUGIN_FILE]
    with pytest.raises(DownloadError, match=PLUGIN_FILE):
        _install(tmp_path, files)


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A member with `..` in its path is refused by the unpacking itself."""
    evil = _archive("pulumi/../../evil")
    files[f"pulumi-v1.0.0-{cli_platform()}.tar.gz"] = evil
    pins = install.read_pins()
    object.__setattr__(pins.cli, "sha256", {cli_platform(): hashlib.sha256(evil).hexdigest()})
    with pytest.raises(tarfile.FilterError):
        _install(tmp_path / "prefix", files)
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name", ["aws", "eks", "kubernetes"])
def test_pinned_plugins_are_those_of_the_locked_sdks(name: str) -> None:
    """A plugin and the SDK that asks for it are of one version."""
    assert read_pins().plugins[name].version == version(f"pulumi-{name}")
