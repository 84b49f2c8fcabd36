"""Assets and archives: how they are written, read and hashed."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlparse

from sandbox.engine.properties.values import (
    ARCHIVE_SIGNATURE,
    ASSET_SIGNATURE,
    SIGNATURE_KEY,
    Archive,
    Asset,
    Properties,
    Property,
    Secret,
)

_ARCHIVE_SUFFIXES = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")


def describe(thing: Asset | Archive, *, elide: bool = False) -> Properties:
    """The object in which an asset or archive is sent and stored; elided, it carries its hash alone."""
    signature = ASSET_SIGNATURE if isinstance(thing, Asset) else ARCHIVE_SIGNATURE
    described: Properties = {SIGNATURE_KEY: signature}
    if thing.hash:
        described["hash"] = thing.hash
    if elide:
        return described
    if isinstance(thing, Asset):
        if thing.text:
            described["text"] = thing.text
    elif thing.assets is not None:
        described["assets"] = {name: describe(item) for name, item in thing.assets.items()}
    if thing.path:
        described["path"] = thing.path
    if thing.uri:
        described["uri"] = thing.uri
    return described


def parse(fields: Properties) -> Asset | Archive:
    """The asset or archive that an object describes."""
    text = {key: str(fields.get(key) or "") for key in ("hash", "text", "path", "uri")}
    if fields[SIGNATURE_KEY] == ASSET_SIGNATURE:
        return Asset(text["hash"], text["text"], text["path"], text["uri"])
    listed = fields.get("assets")
    members = listed.items() if isinstance(listed, dict) else None
    contents = (
        None
        if members is None
        else {name: item for name, item in members if isinstance(item, Asset | Archive)}
    )
    return Archive(text["hash"], contents, text["path"], text["uri"])


def hashed(value: Property, base: Path) -> Property:
    """The value with the hashes of all its assets and archives computed.

    Args:
        value: Any property.
        base: The folder to which relative paths refer.
    """
    match value:
        case Asset() if not value.hash:
            return replace(value, hash=hashlib.sha256(_read_asset(value, base)).hexdigest())
        case Archive() if not value.hash:
            return Archive(_hash_archive(value, base), value.assets, value.path, value.uri)
        case list():
            return [hashed(item, base) for item in value]
        case dict():
            return {key: hashed(item, base) for key, item in value.items()}
        case Secret():
            return Secret(hashed(value.element, base), value.ciphertext)
        case _:
            return value


def _read_asset(asset: Asset, base: Path) -> bytes:
    if asset.uri:
        return _local(asset.uri).read_bytes()
    if asset.path:
        return (base / asset.path).read_bytes()
    return asset.text.encode()


def _local(uri: str) -> Path:
    parsed = urlparse(uri)
    if parsed.scheme != "file":
        message = f"unsupported asset or archive URI scheme: {parsed.scheme}"
        raise ValueError(message)
    return Path(unquote(parsed.path))


def _hash_archive(archive: Archive, base: Path) -> str:
    place = _local(archive.uri) if archive.uri else base / archive.path if archive.path else None
    if place is not None and place.is_file() and place.name.endswith(_ARCHIVE_SUFFIXES):
        return hashlib.sha256(place.read_bytes()).hexdigest()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(_members(archive, base)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _members(archive: Archive, base: Path) -> list[tuple[str, bytes]]:
    if archive.assets is None:
        folder = _local(archive.uri) if archive.uri else base / archive.path
        return [
            (str(file.relative_to(folder)), file.read_bytes()) for file in folder.rglob("*") if file.is_file()
        ]
    found: list[tuple[str, bytes]] = []
    for name, item in archive.assets.items():
        if isinstance(item, Asset):
            found.append((name, _read_asset(item, base)))
        else:
            found.extend((f"{name}/{inner}", content) for inner, content in _members(item, base))
    return found
