"""Exchanges between the CLI and the backend as data: recorded with everything changeable given a name.

Ids, lease tokens, ciphertexts and plaintexts become `<update-1>`, `<lease-1>` and so on: the recorder names
what it sees, the replay binds each name to what this backend answers and sends that from then on.
"""

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

Json = object

NAMED_IN_ANSWERS = {
    "updateID": "update",
    "updateId": "update",
    "activeUpdate": "update",
    "token": "lease",
    "ciphertext": "ciphertext",
    "id": "stack",
}
TIMES = frozenset({"startTime", "endTime", "tokenExpiration", "lastUpdate", "started", "time"})
PLACES = frozenset({"sourcePosition", "stackTrace", "environment"})
"""What tells of the machine that recorded."""

_NAME = re.compile(r"<[a-z]+-\d+>")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. `authorization` is the scheme and, of a lease, its name."""

    method: str
    path: str
    authorization: str
    agent: str
    request: Json
    status: int
    answer: Json

    @property
    def title(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


def dump(exchanges: list[Exchange]) -> str:
    """Write one exchange per line, so that a difference shows where it is."""
    return "".join(json.dumps(asdict(exchange), sort_keys=True) + "\n" for exchange in exchanges)


def load(text: str) -> list[Exchange]:
    return [Exchange(**json.loads(line)) for line in text.splitlines()]


def walk(value: Json, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string with the key it stands under; the keys of `plaintexts` are ciphertexts."""
    if isinstance(value, dict):
        for name, item in value.items():
            if key == "plaintexts":
                yield "ciphertext", name
                yield "plaintext", str(item)
            else:
                yield from walk(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, key.removesuffix("s"))
    elif isinstance(value, str):
        yield key, value


def without(value: Json, keys: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return {name: without(item, keys) for name, item in value.items() if name not in keys}
    if isinstance(value, list):
        return [without(item, keys) for item in value]
    return value


def substitute(value: Json, names: dict[str, str]) -> Json:
    """Replace strings that hold a known value, in keys, values and the middle of longer strings."""
    text = json.dumps(value)
    for old in sorted(names, key=len, reverse=True):
        text = text.replace(json.dumps(old)[1:-1], names[old])
    return json.loads(text)


@dataclass(slots=True)
class Namer:
    """Gives names to what differs from run to run."""

    url: str
    names: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.names[self.url] = "http://backend"

    def _name(self, value: str, kind: str) -> None:
        if value and value not in self.names:
            number = 1 + sum(name.startswith(f"<{kind}-") for name in self.names.values())
            self.names[value] = f"<{kind}-{number}>"

    def record(self, seen: Exchange) -> Exchange:
        """Return the exchange as it is kept."""
        for key, value in walk(seen.request):
            if key == "plaintext":
                self._name(value, "plaintext")
        for key, value in walk(seen.answer):
            if key in NAMED_IN_ANSWERS and seen.path != "/api/user":
                self._name(value, NAMED_IN_ANSWERS[key])
            elif key in {"ciphertext", "plaintext"}:
                self._name(value, key)
        request, answer = (without(value, TIMES | PLACES) for value in (seen.request, seen.answer))
        return replace(
            seen,
            path=str(substitute(seen.path, self.names)),
            authorization=_scheme(str(substitute(seen.authorization, self.names))),
            request=substitute(request, self.names),
            answer=substitute(answer, self.names),
        )


def _scheme(authorization: str) -> str:
    """Keep a lease's name; whose personal token it was does not matter."""
    scheme, _, token = authorization.partition(" ")
    return f"{scheme} {token}" if _NAME.fullmatch(token) else scheme


@dataclass(slots=True)
class Binder:
    """Gives names their values of this run."""

    values: dict[str, str] = field(default_factory=dict[str, str])

    def fill(self, value: Json) -> Json:
        """Return a recorded request with this run's values; a plaintext that nobody has seen is made up."""
        for name in _NAME.findall(json.dumps(value)):
            if name not in self.values:
                assert name.startswith("<plaintext-"), f"{name} is used before it was answered"
                self.values[name] = base64.b64encode(os.urandom(24)).decode()
        return substitute(value, self.values)

    def differences(self, recorded: Json, answered: Json, place: str = "") -> Iterator[str]:
        """Compare an answer with the recorded one, binding names at first sight."""
        if isinstance(recorded, dict) and isinstance(answered, dict):
            yield from self._compare_objects(recorded, answered, place)
        elif isinstance(recorded, list) and isinstance(answered, list) and len(recorded) == len(answered):
            for index, pair in enumerate(zip(recorded, answered, strict=True)):
                yield from self.differences(*pair, f"{place}/{index}")
        elif isinstance(recorded, str) and isinstance(answered, str) and _NAME.fullmatch(recorded):
            if self.values.setdefault(recorded, answered) != answered:
                yield f"{place}: {recorded} changed"
        elif self.fill(recorded) != answered:
            yield f"{place}: {answered!r} instead of {recorded!r}"

    def _compare_objects(
        self, recorded: dict[str, Json], answered: dict[str, Json], place: str
    ) -> Iterator[str]:
        wanted = {str(self.fill(name)): item for name, item in recorded.items()}
        if wanted.keys() != answered.keys():
            yield f"{place}: has {sorted(answered)} instead of {sorted(wanted)}"
            return
        for name, item in wanted.items():
            yield from self.differences(item, answered[name], f"{place}/{name}")
