"""Installs the pinned CLI and plugins below one prefix: `bin/pulumi`, `plugins/resource-NAME-vVERSION/`."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.installation.archives import Archive, ChecksumError, download, unpack, verify
from service.installation.pins import (
    PLUGIN_RELEASES,
    CliPin,
    PluginPin,
    cli_platform,
    plugin_platform,
    read_pins,
)

OnBytes = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Installed:
    """One thing installed, how it was verified, and the SHA-256 of its archive."""

    name: str
    version: str
    platform: str
    verified_by: str
    sha256: str


def install_engine(
    prefix: Path, http: httpx.Client, on_bytes: OnBytes, *, only_pinned: bool
) -> Iterator[Installed]:
    """Install the CLI and every pinned plugin, yielding each as it is done.

    Args:
        prefix: The folder to install below.
        http: The connection to download with.
        on_bytes: Called with name, bytes done and bytes in all (where known) while downloading.
        only_pinned: Refuse what pins.toml names no SHA-256 for, instead of verifying it against the
            publisher's own list.

    Raises:
        DownloadError: Something could not be fetched.
        ChecksumError: Something is not what was expected; it was not installed.
    """
    pins = read_pins()
    with tempfile.TemporaryDirectory() as folder:
        yield _install_cli(pins.cli, prefix, http, Path(folder), on_bytes)
        for name, pin in pins.plugins.items():
            yield _install_plugin(name, pin, prefix, http, Path(folder), on_bytes, only_pinned=only_pinned)


def _install_cli(pin: CliPin, prefix: Path, http: httpx.Client, folder: Path, on_bytes: OnBytes) -> Installed:
    platform = cli_platform()
    archive = download(
        http, pin.url_for(platform), folder, lambda done, total: on_bytes("pulumi", done, total)
    )
    verify(archive, expected=pin.sha256[platform], actual=archive.sha256)
    unpack(archive, prefix / "bin", strip=1)
    return Installed("pulumi", pin.version, platform, "pinned SHA-256", archive.sha256)


def _install_plugin(
    name: str,
    pin: PluginPin,
    prefix: Path,
    http: httpx.Client,
    folder: Path,
    on_bytes: OnBytes,
    *,
    only_pinned: bool,
) -> Installed:
    platform = plugin_platform()
    release = PLUGIN_RELEASES.format(name=name, version=pin.version)
    file_name = f"pulumi-resource-{name}-v{pin.version}-{platform}.tar.gz"
    pinned = pin.sha256.get(platform)
    if pinned is None and only_pinned:
        raise ChecksumError(
            f"no SHA-256 is pinned for {file_name}", hint="add it to service/installation/pins.toml"
        )
    archive = download(
        http, f"{release}/{file_name}", folder, lambda done, total: on_bytes(name, done, total)
    )
    if pinned is None:
        _verify_by_publisher(archive, http, f"{release}/pulumi-{name}_{pin.version}_checksums.txt", folder)
    else:
        verify(archive, expected=pinned, actual=archive.sha256)
    unpack(archive, prefix / "plugins" / f"resource-{name}-v{pin.version}", strip=0)
    verified_by = "publisher's checksum list" if pinned is None else "pinned SHA-256"
    return Installed(name, pin.version, platform, verified_by, archive.sha256)


def _verify_by_publisher(archive: Archive, http: httpx.Client, url: str, folder: Path) -> None:
    """Verify against the list beside the release: lines of `SHA-1  ./file`, as its pipeline writes them."""
    listing = download(http, url, folder, lambda _done, _total: None).path.read_text()
    digests = {
        Path(file).name: digest for digest, file in (line.split() for line in listing.splitlines() if line)
    }
    if archive.path.name not in digests:
        raise ChecksumError(f"{url} does not list {archive.path.name}")
    verify(archive, expected=digests[archive.path.name], actual=archive.sha1)
