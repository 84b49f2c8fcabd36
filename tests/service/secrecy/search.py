"""Looks for secrets in all that a Berth has written: its logs, its files, every row of its database."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import zstandard
from psycopg import sql

_SEARCHED_ENCODED = 12
"""Characters from which on a text is looked for in base64 too: less would be found by chance."""
_ZSTANDARD = bytes.fromhex("28b52ffd")
_ZLIB = bytes.fromhex("78")


def forms(secret: str) -> list[bytes]:
    """Return what a secret looks like as it is, in JSON, and in base64 at any place of a longer text.

    A short text, such as the beginning of all tokens of a kind, is looked for as it is.
    """
    raw = secret.encode()
    if len(raw) < _SEARCHED_ENCODED:
        return [raw]
    encoded = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return [raw, json.dumps(secret)[1:-1].encode(), *encoded]


def found_in(content: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets that a text holds."""
    return [name for name, secret in secrets.items() if any(form in content for form in forms(secret))]


def found_in_files(folder: Path, secrets: Mapping[str, str]) -> list[str]:
    """Return which files under a folder hold which secrets."""
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name in found_in(path.read_bytes(), secrets)
    ]


def found_in_database(database_url: str, secrets: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """Return which rows hold which secrets, and the tables that hold anything."""
    found: list[str] = []
    filled: set[str] = set()
    with psycopg.connect(database_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in names:
            query = sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(table))
            for (row,) in connection.execute(query):
                filled.add(table)
                found += [
                    f"{table}.{column}: {name}"
                    for column, value in row.items()
                    for content in _contents(value)
                    for name in found_in(content, secrets)
                ]
    return found, filled


def _contents(value: object) -> Iterator[bytes]:
    """Yield a value as text; bytes, which JSON shows in hexadecimal digits, as they are and unpacked."""
    yield json.dumps(value, ensure_ascii=False).encode()
    if isinstance(value, str) and value.startswith("\\x"):
        try:
            raw = binascii.unhexlify(value[2:])
        except binascii.Error:
            return
        yield raw
        if raw.startswith(_ZSTANDARD):
            yield zstandard.ZstdDecompressor().decompressobj().decompress(raw)
        if raw.startswith(_ZLIB):
            yield zlib.decompress(raw)
