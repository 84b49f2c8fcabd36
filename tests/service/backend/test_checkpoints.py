"""Whole checkpoints, verbatim ones and deltas of them."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backend.deltas import apply_delta, verbatim_member
from service.state.json_values import DocumentError
from tests.service.backend.engine_client import Scene, deployment, root, thing, thing_urn


def text_of(*resources: object) -> str:
    return json.dumps({"version": 3, "deployment": deployment(*resources)}, indent=1)


def edit(start: int, end: int, new: str) -> dict[str, object]:
    return {"Span": {"uri": "", "start": {"offset": start}, "end": {"offset": end}}, "NewText": new}


def delta(before: str, after: str, sequence: int) -> dict[str, object]:
    return {
        "version": 3,
        "checkpointHash": hashlib.sha256(after.encode()).hexdigest(),
        "sequenceNumber": sequence,
        "deploymentDelta": [edit(0, len(before.encode()), after)],
    }


def verbatim(text: str, sequence: int) -> dict[str, object]:
    return {"version": 3, "sequenceNumber": sequence, "untypedDeployment": json.loads(text)}


async def test_the_last_checkpoint_becomes_the_state(scene: Scene) -> None:
    """An engine without a journal writes whole checkpoints; the last one counts."""
    await scene.engine.start(journal=0)
    for resources in ((root(),), (root(), thing("a"))):
        body = {"isInvalid": False, "version": 3, "deployment": deployment(*resources)}
        assert (await scene.engine.write("PATCH", "/checkpoint", body)).status_code == 200
    await scene.engine.complete()
    assert (await scene.engine.urns())[1] == thing_urn("a")


async def test_deltas_follow_a_verbatim_checkpoint(scene: Scene) -> None:
    """A delta applies to the exact text before it; sent again it changes nothing."""
    engine = scene.engine
    await engine.start(journal=0)
    sent = verbatim(text_of(root()), 1)
    assert (await engine.write("PATCH", "/checkpointverbatim", sent)).status_code == 200
    before = json.dumps(sent["untypedDeployment"])
    after = text_of(root(), thing("a"))
    for _ in range(2):
        assert (await engine.write("PATCH", "/checkpointdelta", delta(before, after, 2))).status_code == 200
    await engine.complete()
    assert len(await engine.urns()) == 2


async def test_a_delta_with_another_hash_is_refused_and_the_checkpoint_stays(scene: Scene) -> None:
    """The engine learns that it has to send the whole checkpoint."""
    engine = scene.engine
    await engine.start(journal=0)
    lonely = await engine.write("PATCH", "/checkpointdelta", delta("", text_of(root()), 1))
    assert lonely.status_code == 409
    sent = verbatim(text_of(root()), 1)
    await engine.write("PATCH", "/checkpointverbatim", sent)
    before = json.dumps(sent["untypedDeployment"])
    wrong = {**delta(before, text_of(root(), thing("a")), 2), "checkpointHash": "0" * 64}
    assert (await engine.write("PATCH", "/checkpointdelta", wrong)).status_code == 409
    outside = {**delta(before, before, 2), "deploymentDelta": [edit(0, 10**6, "")]}
    assert (await engine.write("PATCH", "/checkpointdelta", outside)).status_code == 400
    await engine.complete()
    assert len(await engine.urns()) == 1


async def test_a_broken_checkpoint_is_refused_and_the_one_before_stays(scene: Scene) -> None:
    """Integrity is checked with every write, not only at the end."""
    engine = scene.engine
    await engine.start(journal=0)
    for resources, status in (((root(),), 200), ((thing("a"),), 400)):
        body = {"version": 3, "deployment": deployment(*resources)}
        assert (await engine.write("PATCH", "/checkpoint", body)).status_code == status
    await engine.complete()
    assert len(await engine.urns()) == 1


@given(text=st.text(), data=st.data())
def test_edits_apply_like_slices(text: str, data: st.DataObject) -> None:
    """Any set of edits that do not overlap gives the text with the slices replaced, counted in bytes."""
    before = text.encode()
    cuts = sorted(
        data.draw(
            st.lists(st.integers(0, len(before)), min_size=2, max_size=6, unique=True)
            if len(before) > 6
            else st.just([])
        )
    )
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    texts = [data.draw(st.text(max_size=5)) for _ in spans]
    expected, position = b"", 0
    for (start, end), new in zip(spans, texts, strict=True):
        expected += before[position:start] + new.encode()
        position = end
    edits = [edit(start, end, new) for (start, end), new in zip(spans, texts, strict=True)]
    assert apply_delta(before, list(reversed(edits))) == expected + before[position:]


@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_a_member_is_found_to_the_byte(value: object) -> None:
    """Whatever stands around it, the member's text comes back exactly as it was sent."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    body = f'{{ "a" : [1, {{"b": "}}"}}], "b"\n: {text} , "c":null}}'
    assert verbatim_member(body.encode(), "b") == text.encode()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a":1}', b'{"b":', b"\xff", b'{"b" 1}', b"{" * 5000])
def test_a_body_without_the_member_is_refused(body: bytes) -> None:
    """Anything but an object with that member is no request."""
    with pytest.raises(DocumentError):
        verbatim_member(body, "b")
