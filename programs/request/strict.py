"""The one way request models are made: strict, frozen, and with errors that say what to write instead."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, LiteralString, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

Integer = Annotated[int, Strict()]
"""A whole number; a string, a float or a boolean is not taken for one."""

Boolean = Annotated[bool, Strict()]
"""true or false; no other spelling is taken for one."""


class StrictModel(BaseModel):
    """A part of the request: unknown keys are errors that name the keys there are, instances never change."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _explain_errors(cls, document: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(document)
        except ValidationError as invalid:
            details = [_explained(error, cls) for error in _causes(invalid.errors(include_url=False))]
        raise ValidationError.from_exception_data(cls.__name__, details, hide_input=True)


def field_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys a document may have in this part, as written (aliases applied), in declared order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _causes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out errors that only follow from others: defaults not computed, lists short of refused items."""
    places = [error["loc"] for error in errors]

    def only_follows(error: ErrorDetails) -> bool:
        if error["type"] == "default_factory_not_called":
            return len(errors) > 1
        loc = error["loc"]
        return error["type"] == "too_short" and any(
            len(place) > len(loc) and place[: len(loc)] == loc for place in places
        )

    return [error for error in errors if not only_follows(error)]


def _explained(error: ErrorDetails, model: type[BaseModel]) -> InitErrorDetails:
    loc = tuple(_without_tags(error["loc"]))
    is_explained = "text" in error.get("ctx", {})
    message = error["msg"] if is_explained else _message(error, loc, model)
    error_type = cast("LiteralString", error["type"])
    reason = PydanticCustomError(error_type, "{text}", {"text": message})
    return InitErrorDetails(type=reason, loc=loc, input=error["input"])


def _without_tags(loc: tuple[int | str, ...]) -> Iterator[int | str]:
    """Leave out what pydantic adds for the members of a union, so that a place is one in the document."""
    return (part for part in loc if not (isinstance(part, str) and part.startswith("<")))


def _message(error: ErrorDetails, loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    match error["type"]:
        case "extra_forbidden" if len(loc) == 1:
            return _unknown_key_message(str(loc[0]), field_keys(model))
        case "model_type" | "model_attributes_type" | "dataclass_type":
            return f"expected a mapping with the keys {', '.join(field_keys(model))}"
        case "value_error":
            return error["msg"].removeprefix("Value error, ")
        case "missing":
            wanted = f"`{loc[-1]}` is required here"
        case "string_pattern_mismatch":
            wanted = "not of the form that this takes"
        case _:
            wanted = error["msg"].replace("Input should", "should").replace("Tuple", "the list")
    return f"{wanted}{_example(loc, model)}"


def _example(loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """An example of the field at fault, to write instead."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    field = fields.get(str(loc[0])) if loc else None
    if field is None or not field.examples:
        return ""
    return f"; write for instance {json.dumps(field.examples[0])}"


def _unknown_key_message(key: str, allowed: tuple[str, ...]) -> str:
    near = get_close_matches(key, allowed, n=1)
    suggestion = f"did you mean `{near[0]}`? " if near else ""
    return f"unknown key; {suggestion}the keys allowed here are {', '.join(allowed)}"


def is_default(model: StrictModel, name: str) -> bool:
    """Return whether a field says what it would without the request: forms write defaults out."""
    field = type(model).model_fields[name]
    usual: object = field.get_default(call_default_factory=True, validated_data={})
    return bool(getattr(model, name) == usual)
