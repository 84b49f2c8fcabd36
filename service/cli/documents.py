"""Reads request documents as people write them: YAML or JSON, from a file or standard input."""

import sys
from pathlib import Path

import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode

_JSON_VALUE: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def read_document(source: str) -> dict[str, JsonValue]:
    """Read one document from a path, or from standard input where `source` is `-`.

    Raises CommandError naming the line where it is not YAML or JSON.
    """
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        document = _JSON_VALUE.validate_python(yaml.safe_load(text))
    except OSError as error:
        raise CommandError(f"cannot read {source}: {error.strerror}", exit_code=ExitCode.USAGE) from error
    except yaml.YAMLError as error:
        raise CommandError(f"{source} is neither YAML nor JSON: {error}", exit_code=ExitCode.USAGE) from error
    except ValidationError as error:
        hint = "quote dates and other values that YAML reads as its own types"
        raise CommandError(
            f"{source} holds a value that JSON has not", hint=hint, exit_code=ExitCode.USAGE
        ) from error
    if not isinstance(document, dict):
        raise CommandError(f"{source} is not a document of keys and values", exit_code=ExitCode.USAGE)
    return document
