"""What of a value may be shown: secrets become `{"secret": true}`, whatever the engine wrapped them in."""

from service.state.json_values import JsonObject, JsonValue

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
"""Marks an object of Pulumi's deployment format as something else than a plain object."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- a marker of the format
MASK: JsonObject = {"secret": True}


def is_secret(value: JsonValue) -> bool:
    """Whether the value is a secret of the deployment format."""
    return isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE


def mask(value: JsonValue) -> JsonValue:
    """Return the value with every secret masked, and without NUL characters, which Postgres cannot hold."""
    match value:
        case dict():
            return dict(MASK) if is_secret(value) else mask_object(value)
        case list():
            return [mask(item) for item in value]
        case str():
            return displayable(value)
        case _:
            return value


def mask_object(value: JsonObject) -> JsonObject:
    """Mask every field of an object."""
    return {displayable(key): mask(item) for key, item in value.items()}


def displayable(text: str) -> str:
    """Replace NUL characters by the replacement character."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def contains_secret(value: JsonValue) -> bool:
    """Whether a secret is anywhere in the value."""
    match value:
        case dict():
            return is_secret(value) or any(contains_secret(item) for item in value.values())
        case list():
            return any(contains_secret(item) for item in value)
        case _:
            return False
