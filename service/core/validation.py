"""Turns what pydantic says about a request into the domain's own errors, with JSON pointers."""

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic_core import ErrorDetails

from service.core.errors import BerthError, FieldError, InvalidInputError, MalformedBodyError, NotFoundError

_PARAMETER_PLACES = frozenset({"query", "header", "cookie"})


def error_from_validation(errors: Sequence[ErrorDetails], *, body: object) -> BerthError:
    """Return the domain error for a request that failed FastAPI's validation.

    Args:
        errors: As `RequestValidationError.errors()` gives them: `loc` begins with where the value came from.
        body: The parsed body, which tells real keys in `loc` from pydantic's own labels of union members.
    """
    places = {str(error["loc"][0]) for error in errors}
    if "path" in places:
        return NotFoundError("there is nothing at this address")
    malformed = next((error for error in errors if error["type"] == "json_invalid"), None)
    if malformed is not None:
        return MalformedBodyError(
            f"the body is not JSON: {_reason(malformed)} at byte {malformed['loc'][-1]}"
        )
    fields = tuple(_field_error(error, body) for error in errors)
    count = "one place is" if len(fields) == 1 else f"{len(fields)} places are"
    return InvalidInputError(f"{count} not valid: {fields[0].message}", fields=fields)


def body_fields(errors: Sequence[ErrorDetails], *, body: object) -> tuple[FieldError, ...]:
    """Return the places of errors whose `loc` starts at the document itself."""
    return tuple(
        FieldError(pointer=pointer_to(error["loc"], body), message=error["msg"], code=error["type"])
        for error in errors
    )


def _field_error(error: ErrorDetails, body: object) -> FieldError:
    place, *rest = error["loc"]
    if place in _PARAMETER_PLACES:
        return FieldError(pointer="", parameter=str(rest[0]), message=error["msg"], code=error["type"])
    return FieldError(pointer=pointer_to(rest, body), message=error["msg"], code=error["type"])


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    return str(context.get("error", error["msg"]))


def pointer_to(location: Sequence[int | str], document: object) -> str:
    """Return the JSON pointer of a pydantic location.

    Pydantic puts the tag of a union's member into the location, which stands nowhere in the document: a
    part that leads nowhere is left out, unless it is the last one and so names a missing key.
    """
    pointer = ""
    here = document
    for position, part in enumerate(location):
        names_missing_key = position == len(location) - 1 and _is_object(here) and isinstance(part, str)
        found, value = _step(here, part)
        if found or names_missing_key:
            pointer += "/" + str(part).replace("~", "~0").replace("/", "~1")
            here = value
    return pointer


def _is_object(here: object) -> bool:
    return isinstance(here, Mapping)


def _step(here: object, part: int | str) -> tuple[bool, object]:
    """Follow one part of a location; say whether it leads anywhere."""
    if isinstance(here, Mapping) and part in here:
        return True, cast("Mapping[object, object]", here)[part]
    if isinstance(here, list) and isinstance(part, int):
        items = cast("list[object]", here)
        return 0 <= part < len(items), items[part] if 0 <= part < len(items) else None
    return False, None
