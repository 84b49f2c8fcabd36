"""Reads JSON documents from request bodies: only what Postgres can store as it stands."""

from typing import Annotated, cast

from fastapi import Depends, Request
from pydantic import JsonValue
from pydantic_core import from_json

from service.core.errors import (
    FieldError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)

JsonObject = dict[str, JsonValue]


def check_media_type(request: Request) -> None:
    """Refuse a body that does not say it is JSON (RFC 8259, or a `+json` type by RFC 6839)."""
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if has_body and media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMediaTypeError(
            f"a body of type {media_type or 'unknown'} is not read here",
            hint="send JSON with Content-Type: application/json",
        )


async def _read_document(request: Request) -> JsonObject:
    raw = await request.body()
    try:
        document = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise MalformedBodyError(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        message = "expected a JSON object"
        raise InvalidInputError(message, fields=(FieldError(pointer="", message=message, code="object"),))
    checked = cast("JsonObject", document)
    _refuse_nul(checked, "")
    return checked


def _refuse_nul(value: JsonValue, pointer: str) -> None:
    """Refuse U+0000, which Postgres cannot store: datatype-json in its manual."""
    if isinstance(value, str) and "\0" in value:
        message = "the character U+0000 is not allowed"
        raise InvalidInputError(message, fields=(FieldError(pointer=pointer, message=message, code="nul"),))
    if isinstance(value, list):
        for position, item in enumerate(value):
            _refuse_nul(item, f"{pointer}/{position}")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key, pointer)
            _refuse_nul(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


Document = Annotated[JsonObject, Depends(_read_document)]
