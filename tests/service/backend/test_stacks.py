"""Stacks over HTTP: naming, listing, reading, importing, deleting."""

import gzip
import json

import httpx
import pytest
from sqlalchemy import insert

from service.backend.tables import StackRow
from service.core.ids import new_stack_id
from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.backend.engine_client import EngineClient, deployment, made, root, thing, thing_urn


async def test_a_new_stack_is_empty_and_listed(person: EngineClient) -> None:
    """A stack that was just made exports an empty deployment that the CLI can read."""
    await person.init()
    assert (await person.exported())["manifest"]["version"] == ""
    (listed,) = (await person.send("GET", "/user/stacks")).json()["stacks"]
    assert (listed["orgName"], listed["projectName"], listed["stackName"]) == ("shop", "environments", "dev")
    shown = (await person.ask("GET", "")).json()
    assert (shown["activeUpdate"], shown["version"], "currentOperation" in shown) == ("", 0, False)


async def test_a_name_is_taken_once(person: EngineClient) -> None:
    """The CLI recognizes the answer by its words."""
    await person.init()
    again = await person.send("POST", "/stacks/shop/environments", {"stackName": "dev"})
    assert (again.status_code, "already exists" in again.json()["message"]) == (409, True)


async def test_names_that_are_no_names_are_refused(person: EngineClient) -> None:
    """Path tricks, blanks and lengths are refused before anything is written."""
    for name in ("", "..", "a/b", "a b", "x" * 101, "a\x00", "%2e%2e", "ä"):
        answer = await person.send("POST", "/stacks/shop/environments", {"stackName": name})
        assert answer.status_code == 400, name
    assert (await person.send("GET", "/user/stacks")).json()["stacks"] == []


async def test_lists_are_paged_and_filtered(person: EngineClient, uow_factory: UnitOfWorkFactory) -> None:
    """Every stack appears once over all pages; organization, project and tags narrow the list."""
    async with uow_factory() as uow:
        await uow.session.execute(
            insert(StackRow),
            [
                {
                    "id": new_stack_id(),
                    "team": "shop" if number % 2 else "pay",
                    "project": "environments" if number % 3 else "tools",
                    "name": f"s{number:03}",
                    "tags": {"tier": str(number % 5)},
                }
                for number in range(230)
            ],
        )
        await uow.commit()

    async def names(query: str) -> list[str]:
        found, token = [], ""
        while True:
            answer = (await person.send("GET", f"/user/stacks?{query}{token}")).json()
            found += [stack["stackName"] for stack in answer["stacks"]]
            if answer["continuationToken"] is None:
                return found
            token = f"&continuationToken={answer['continuationToken']}"

    assert len(await names("")) == len(set(await names(""))) == 230
    assert len(await names("organization=shop")) == 115
    assert len(await names("project=tools")) == 77
    assert len(await names("tagName=tier&tagValue=3")) == 46
    assert await names("tagName=other") == []


async def test_a_token_that_was_not_made_here_is_refused(person: EngineClient) -> None:
    """Continuation tokens are read with care."""
    for token in ("x", "AAAA", "WzFd", "e30=", "%F0%9F"):
        answer = await person.send("GET", f"/user/stacks?continuationToken={token}")
        assert answer.status_code == 400, token


async def test_tags_are_replaced(person: EngineClient) -> None:
    """Tags are exactly those of the last request."""
    await person.init()
    await person.ask("PATCH", "/tags", {"a": "1", "b": "2"})
    await person.ask("PATCH", "/tags", {"b": "3"})
    assert (await person.ask("GET", "")).json()["tags"] == {"b": "3"}


async def test_a_stack_with_resources_is_deleted_by_force_only(person: EngineClient) -> None:
    """The CLI asks for force when it reads these words."""
    await person.init()
    await person.start()
    await person.journal(made(1, 1, root()))
    await person.complete()
    refused = await person.ask("DELETE", "")
    assert refused.json() == {"code": 400, "message": "Bad Request: Stack still contains resources."}
    assert (await person.ask("DELETE", "?force=true")).status_code == 204
    assert (await person.ask("GET", "")).status_code == 404


@pytest.mark.usefixtures("scene")
async def test_an_environments_stack_is_not_deleted_by_hand(person: EngineClient) -> None:
    """What Berth made is destroyed through Berth, whatever the force."""
    refused = await person.ask("DELETE", "?force=true")
    assert refused.status_code == 409
    assert "belongs to environment" in refused.json()["message"]


async def test_a_state_is_imported_and_every_version_stays_readable(person: EngineClient) -> None:
    """An import is the next version; the one before can still be exported."""
    await person.init()
    for name in ("one", "two"):
        state = {"version": 3, "deployment": deployment(root(), thing(name))}
        answer = await person.ask("POST", "/import", state)
        status = (await person.ask("GET", f"/update/{answer.json()['updateId']}")).json()
        assert (status["status"], "continuationToken" in status) == ("succeeded", False)
    assert (await person.urns())[1] == thing_urn("two")
    assert (await person.exported(1))["resources"][1]["urn"] == thing_urn("one")
    assert (await person.ask("GET", "/export/3")).status_code == 404


async def test_a_stack_may_be_made_with_a_state(person: EngineClient) -> None:
    """Creation takes a first deployment, gzip or not."""
    body = {"stackName": "dev", "state": {"version": 3, "deployment": deployment(root())}}
    answer = await person.http.post(
        "/stacks/shop/environments",
        content=gzip.compress(json.dumps(body).encode()),
        headers={"Authorization": "token x", "Content-Encoding": "gzip"},
    )
    assert answer.status_code == 200
    assert len(await person.urns()) == 1


BROKEN_STATES: list[object] = [
    {"version": 9, "deployment": deployment()},
    {"version": 3, "deployment": deployment(thing("a"))},
    {"version": 3, "deployment": deployment(root(), root())},
    {"version": 3, "deployment": deployment(thing("a", parent="", provider="x::y"))},
    {"version": 3, "deployment": {"manifest": {"version": "v1", "magic": "no"}}},
    {"version": 3, "deployment": {"resources": "none"}},
    {"version": 3, "deployment": deployment({"urn": "", "type": ""})},
    [],
    None,
]


async def test_a_broken_state_is_not_imported(person: EngineClient) -> None:
    """Whatever breaks the engine's rules is refused, and the stack keeps what it had."""
    await person.init()
    for state in BROKEN_STATES:
        assert (await person.ask("POST", "/import", state)).status_code == 400, state
    assert (await person.ask("GET", "")).json()["version"] == 0


async def test_history_pages_newest_first(person: EngineClient) -> None:
    """Pages have no gaps; the newest update shows its configuration; previews have a list of their own."""
    await person.init()
    for _ in range(5):
        await person.start()
        await person.complete()
    await person.start("preview")
    first = (await person.ask("GET", "/updates?pageSize=2&page=1")).json()["updates"]
    third = (await person.ask("GET", "/updates?pageSize=2&page=3")).json()["updates"]
    assert [update["version"] for update in (*first, *third)] == [5, 4, 1]
    assert len((await person.ask("GET", "/updates")).json()["updates"]) == 5
    assert (await person.ask("GET", "/updates/latest")).json()["info"]["version"] == 5
    assert (await person.ask("GET", "/updates/2")).json()["info"]["result"] == "succeeded"
    previews = (await person.ask("GET", "/updates/latest/previews?asc=false&pageSize=1&page=1")).json()
    assert previews["updates"] == [{"updateID": person.update_id}]


async def test_events_are_read_in_order_and_by_kind(person: EngineClient) -> None:
    """A watcher pages through what the engine posted and learns when no more can come."""
    await person.init()
    await person.start()
    events = [
        {"sequence": 0, "preludeEvent": {"config": {}}},
        {"sequence": 1, "resourcePreEvent": {"metadata": {"urn": thing_urn("a"), "op": "create"}}},
        {"sequence": 2, "summaryEvent": {"resourceChanges": {"create": 1}}},
    ]
    for batch in (events[2:], events[:2], events[:2]):
        assert (await person.write("POST", "/events/batch", {"events": batch})).status_code == 200
    url = f"/update/{person.update_id}/events"
    running = (await person.ask("GET", url)).json()
    assert (running["events"], running["continuationToken"]) == (events, "2")
    await person.complete()
    done = (await person.ask("GET", url + "?continuationToken=0")).json()
    assert ([event["sequence"] for event in done["events"]], done["continuationToken"]) == ([1, 2], None)
    by_type = (await person.ask("GET", url + "?type=resourcePreEvent")).json()
    by_urn = (await person.ask("GET", f"{url}?urn={thing_urn('a')}")).json()
    assert by_type["events"] == by_urn["events"] == [events[1]]
    assert (await person.ask("GET", "/updates/latest")).json()["info"]["resourceChanges"] == {"create": 1}


async def test_what_is_not_served_says_so(person: EngineClient) -> None:
    """Unknown endpoints answer 404 in the form that the CLI prints."""
    for path in (
        "/orgs/shop/policypacks",
        "/stacks/a/b/c/deployments/settings",
        "/nonsense",
        "/esc/environments",
    ):
        answer = await person.send("GET", path)
        assert answer.status_code == 404
        assert answer.json()["code"] == 404
        assert "not served" in answer.json()["message"]


async def test_nobody_without_a_token_is_served(http: httpx.AsyncClient) -> None:
    """Only what the server can do is told to everyone."""
    assert (await http.get("/capabilities")).status_code == 200
    for path in ("/user", "/user/stacks", "/stacks/shop/environments/dev"):
        assert (await http.get(path)).status_code == 401
        assert (await http.get(path, headers={"Authorization": "token bst_guess"})).status_code == 401
