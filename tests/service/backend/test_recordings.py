"""What the official CLI once asked, asked again: a regression shows without a CLI."""

import gzip
import json
from pathlib import Path

import httpx
import pytest

from tests.service.backend.exchanges import PLACES, TIMES, Binder, Exchange, load, without

RECORDINGS = {
    path.stem: path.read_text() for path in sorted(Path(__file__).with_name("recordings").glob("*.jsonl"))
}
TRACES = ("plain text of a secret", "cGxhaW4gdGV4dC", "a-persons-token", "/home", "/tmp/", "/root")  # noqa: S108 -- looked for, not used


async def replay(http: httpx.AsyncClient, exchange: Exchange, binder: Binder) -> list[str]:
    """Ask again and return how the answer differs."""
    authorization = str(binder.fill(exchange.authorization))
    if authorization == "token":
        authorization = "token a-persons-token"
    headers = {"User-Agent": exchange.agent}
    if authorization:
        headers["Authorization"] = authorization
    content = b""
    if exchange.request is not None:
        content = gzip.compress(json.dumps(binder.fill(exchange.request)).encode())
        headers["Content-Encoding"] = "gzip"
    path = str(binder.fill(exchange.path)).removeprefix("/api")
    answer = await http.request(exchange.method, path, content=content, headers=headers)
    if answer.status_code != exchange.status:
        return [f"{answer.status_code} instead of {exchange.status}: {answer.text}"]
    said = json.loads(answer.content) if answer.content else None
    return list(binder.differences(exchange.answer, without(said, TIMES | PLACES)))


@pytest.mark.parametrize("recording", RECORDINGS)
async def test_a_recorded_session_is_answered_as_it_was(http: httpx.AsyncClient, recording: str) -> None:
    """Every request of the session gets the answer that the CLI got, whatever ids and keys this run has."""
    binder = Binder()
    for number, exchange in enumerate(load(RECORDINGS[recording])):
        differences = await replay(http, exchange, binder)
        assert not differences, f"exchange {number}, {exchange.title}: {differences}"


def test_recordings_hold_no_secret_and_tell_nothing_of_the_machine() -> None:
    """Plain text, tokens and paths of the recording stay out of the data."""
    assert RECORDINGS
    for name, text in RECORDINGS.items():
        for trace in TRACES:
            assert trace not in text, (name, trace)
