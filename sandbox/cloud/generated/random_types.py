"""The types of the package `random`."""

import base64
import secrets
import string
from collections.abc import Mapping
from uuid import uuid4

from sandbox.cloud.generated.provider import GeneratedType
from sandbox.cloud.generated.spec import resource_spec
from sandbox.cloud.wire.values import Properties, Value, text_of, texts_of

VERSION = "4.18.0"

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES = (
    ("lower", "minLower", string.ascii_lowercase),
    ("upper", "minUpper", string.ascii_uppercase),
    ("numeric", "minNumeric", string.digits),
)
_CHARACTERS = {
    "keepers": "map",
    "length": "whole!",
    "lower": "flag",
    "minLower": "whole",
    "minNumeric": "whole",
    "minSpecial": "whole",
    "minUpper": "whole",
    "number": "flag",
    "numeric": "flag",
    "overrideSpecial": "text",
    "special": "flag",
    "upper": "flag",
}
_ADJECTIVES = ("brave", "calm", "eager", "gentle", "keen", "lively", "proud", "quiet", "swift", "wise")
_ANIMALS = ("badger", "crane", "falcon", "heron", "lynx", "otter", "raven", "seal", "tern", "wren")


def _text(inputs: Properties) -> str:
    special = text_of(inputs, "overrideSpecial") or _SPECIAL
    classes = [*_CLASSES, ("special", "minSpecial", special)]
    allowed = "".join(letters for flag, _, letters in classes if inputs.get(flag) is not False)
    least = [secrets.choice(letters) for _, name, letters in classes for _ in range(_whole(inputs, name, 0))]
    rest = [secrets.choice(allowed) for _ in range(_whole(inputs, "length", 16) - len(least))]
    drawn = least + rest
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _string(inputs: Properties) -> Properties:
    drawn = _text(inputs)
    return {"id": drawn, "result": drawn}


def _password(inputs: Properties) -> Properties:
    return {"id": "none", "result": _text(inputs), "bcryptHash": f"$2a$10${secrets.token_hex(26)}"}


def _id(inputs: Properties) -> Properties:
    drawn, prefix = secrets.token_bytes(_whole(inputs, "byteLength", 8)), text_of(inputs, "prefix")
    url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return {
        "id": url,
        "b64Std": prefix + base64.b64encode(drawn).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(drawn)),
        "hex": prefix + drawn.hex(),
    }


def _pet(inputs: Properties) -> Properties:
    count, separator = _whole(inputs, "length", 2), text_of(inputs, "separator", "-")
    words = [*(secrets.choice(_ADJECTIVES) for _ in range(count - 1)), secrets.choice(_ANIMALS)]
    prefix = text_of(inputs, "prefix")
    return {"id": separator.join([prefix, *words] if prefix else words)}


def _integer(inputs: Properties) -> Properties:
    least, most = _whole(inputs, "min", 0), _whole(inputs, "max", 100)
    drawn = least + secrets.randbelow(most - least + 1)
    return {"id": str(drawn), "result": drawn}


def _uuid(inputs: Properties) -> Properties:
    del inputs
    drawn = str(uuid4())
    return {"id": drawn, "result": drawn}


def _shuffle(inputs: Properties) -> Properties:
    drawn = texts_of(inputs, "inputs")
    secrets.SystemRandom().shuffle(drawn)
    wanted: list[Value] = [*drawn[: _whole(inputs, "resultCount", len(drawn))]]
    return {"id": "-", "results": wanted}


def _whole(inputs: Properties, name: str, default: int) -> int:
    value = inputs.get(name)
    return value if isinstance(value, int) else default


_ALL_CLASSES: Mapping[str, Value] = {
    "lower": True,
    "minLower": 0,
    "minNumeric": 0,
    "minSpecial": 0,
    "minUpper": 0,
    "number": True,
    "numeric": True,
    "special": True,
    "upper": True,
}

RANDOM_TYPES: Mapping[str, GeneratedType] = {
    item.spec.token: item
    for item in (
        GeneratedType(
            resource_spec("random:index/randomString:RandomString", _CHARACTERS, {"result": "text"}),
            _string,
            _ALL_CLASSES,
        ),
        GeneratedType(
            resource_spec(
                "random:index/randomPassword:RandomPassword",
                _CHARACTERS,
                {"result": "text", "bcryptHash": "text"},
                ("result", "bcryptHash"),
            ),
            _password,
            _ALL_CLASSES,
        ),
        GeneratedType(
            resource_spec(
                "random:index/randomId:RandomId",
                {"byteLength": "whole!", "keepers": "map", "prefix": "text"},
                {"b64Std": "text", "b64Url": "text", "dec": "text", "hex": "text"},
            ),
            _id,
        ),
        GeneratedType(
            resource_spec(
                "random:index/randomPet:RandomPet",
                {"keepers": "map", "length": "whole", "prefix": "text", "separator": "text"},
                {},
            ),
            _pet,
            {"length": 2, "separator": "-"},
        ),
        GeneratedType(
            resource_spec(
                "random:index/randomInteger:RandomInteger",
                {"keepers": "map", "max": "whole!", "min": "whole!", "seed": "text"},
                {"result": "whole"},
            ),
            _integer,
        ),
        GeneratedType(
            resource_spec("random:index/randomUuid:RandomUuid", {"keepers": "map"}, {"result": "text"}), _uuid
        ),
        GeneratedType(
            resource_spec(
                "random:index/randomShuffle:RandomShuffle",
                {"inputs": "texts!", "keepers": "map", "resultCount": "whole", "seed": "text"},
                {"results": "texts"},
            ),
            _shuffle,
        ),
    )
}
