"""Checkpoints as text: deltas are edits of the exact bytes that were sent before."""

import json
from dataclasses import dataclass

from service.state.json_values import (
    DocumentError,
    JsonValue,
    as_object,
    read_integer,
    read_object,
    read_text,
)

_BLANKS = " \t\n\r"


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: bytes


def apply_delta(before: bytes, edits: list[JsonValue]) -> bytes:
    """Apply edits `{"Span": {"start": {"offset"}, "end": {"offset"}}, "NewText"}`; offsets count bytes.

    Raises DocumentError for edits that overlap or reach outside of the text.
    """
    pieces: list[bytes] = []
    position = 0
    for edit in sorted(map(_read_edit, edits), key=lambda edit: (edit.start, edit.end)):
        if not position <= edit.start <= edit.end <= len(before):
            raise DocumentError("the delta's edits overlap or reach outside of the checkpoint")
        pieces += [before[position : edit.start], edit.text]
        position = edit.end
    return b"".join([*pieces, before[position:]])


def _read_edit(document: JsonValue) -> _Edit:
    fields = as_object(document, "an edit")
    span = read_object(fields, "Span") or {}
    start, end = (read_integer(read_object(span, edge) or {}, "offset") for edge in ("start", "end"))
    if start is None or end is None:
        raise DocumentError("an edit needs the offsets of its start and its end")
    return _Edit(start, end, read_text(fields, "NewText").encode())


def verbatim_member(body: bytes, key: str) -> bytes:
    """Return a member's text exactly as it stands in the body; raise DocumentError where it is missing."""
    try:
        found = _find_member(body.decode(), key)
    except (ValueError, IndexError, RecursionError) as error:
        raise DocumentError("the body is not a JSON object") from error
    if found is None:
        raise DocumentError(f"{key} is missing")
    return found.encode()


def _find_member(text: str, key: str) -> str | None:
    decoder = json.JSONDecoder()
    position = _skip(text, 0) + 1
    while text[position := _skip(text, position)] != "}":
        name, position = decoder.raw_decode(text, _skip(text, position + (text[position] == ",")))
        start = _skip(text, _skip(text, position) + 1)
        _, position = decoder.raw_decode(text, start)
        if name == key:
            return text[start:position]
    return None


def _skip(text: str, position: int) -> int:
    while text[position] in _BLANKS:
        position += 1
    return position
