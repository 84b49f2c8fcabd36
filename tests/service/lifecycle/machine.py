"""The life of one environment, by whatever callers, workers and time may do to it in any order."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import TypeVar

import httpx
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import booleans, integers, sampled_from

from tests.service.documents import shop
from tests.service.lifecycle.engine import End
from tests.service.lifecycle.model import ENDS, Model, Seen
from tests.service.lifecycle.world import World

ANSWER = TypeVar("ANSWER")
CLASSES = ("standard", "ephemeral", "production")
KINDS = ("deploy", "preview", "refresh", "destroy", "detect_drift", "repair")
QUEUES = ("queue", "refuse", "replace", "latest")
STEPS_TO_THE_END = 12

kinds = sampled_from(KINDS)
queues = sampled_from(QUEUES)
# Which of the operations there are; any number will do.
picks = integers(0, 9)
_numbers = count()


class Life(RuleBasedStateMachine):
    """Each rule says what is expected of it by the model; the invariants look at what is shown."""

    def __init__(self, world: World, runner: asyncio.Runner) -> None:
        super().__init__()
        self._world = world
        self._runner = runner
        self._model = Model(has_ttl=False)
        self._environment = ""
        self._running: Seen | None = None

    @initialize(environment_class=sampled_from(CLASSES), operation=sampled_from(("deploy", "preview")))
    def create(self, environment_class: str, operation: str) -> None:
        self._team = f"team-{next(_numbers)}"
        self._model.has_ttl = environment_class == "ephemeral"
        document = shop(team=self._team, **{"class": environment_class})
        answer = self._post("/v1/environments", document, operation=operation)
        assert answer.status_code == 202, answer.text
        self._environment = answer.json()["environment"]["id"]
        self._model.is_protected = environment_class == "production"
        self._look()

    @rule(kind=kinds, queue=queues)
    def start(self, kind: str, queue: str) -> None:
        refusal = self._model.refusal_of_start(kind, queue)
        self._expect(self._post(f"{self._path}/operations", {"kind": kind, "queue": queue}), refusal)

    @rule()
    def ask_for_the_end(self) -> None:
        refusal = self._model.refusal_of_start("destroy")
        self._expect(self._ask("DELETE", self._path), refusal)

    @rule(queue=queues, is_protected=sampled_from((None, True, False)))
    def change(self, queue: str, is_protected: bool | None) -> None:
        refusal = self._model.refusal_of_start("deploy", queue)
        patch: dict[str, object] = {"tags": {"n": str(next(_numbers))}}
        patch |= {} if is_protected is None else {"protected": is_protected}
        self._expect(self._ask("PATCH", self._path, patch, queue=queue), refusal)
        if refusal is None and is_protected is not None:
            self._model.is_protected = is_protected

    @rule(pause=booleans())
    def turn(self, pause: bool) -> None:
        refusal = self._model.refusal_of_turn(pause=pause)
        answer = self._post(f"{self._path}/{'pause' if pause else 'resume'}")
        if refusal is None:
            self._model.pauses[answer.json()["operation"]["id"]] = pause
        self._expect(answer, refusal)

    @rule()
    def extend(self) -> None:
        refusal = self._model.refusal_of_extension()
        self._expect(self._post(f"{self._path}/extend", {"ttl": "P3D"}), refusal, accepted=200)

    @rule()
    def freeze(self) -> None:
        wish = {"team": self._team, "reason": "a test", "ends_at": "2027-01-01T00:00:00Z"}
        answer = self._post("/v1/freezes", wish)
        assert answer.status_code == 201, answer.text
        self._model.freezes.append(answer.json()["id"])

    @precondition(lambda self: self._model.freezes)
    @rule()
    def lift(self) -> None:
        self._lift()

    @precondition(lambda self: self._model.operations)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        operation = self._pick(self._model.operations, pick)
        refusal = "operation_state" if operation.state in ENDS else None
        self._expect(self._post(f"/v1/operations/{operation.id}/cancel"), refusal)

    @precondition(lambda self: self._model.operations)
    @rule(pick=picks)
    def retry(self, pick: int) -> None:
        operation = self._pick(self._model.operations, pick)
        refusal = self._model.refusal_of_retry(operation)
        self._expect(self._post(f"/v1/operations/{operation.id}/retry"), refusal)

    @precondition(lambda self: self._awaiting())
    @rule(pick=picks, word=sampled_from(("approve", "approve", "reject")))
    def decide(self, pick: int, word: str) -> None:
        self._decide(self._pick(self._awaiting(), pick), word)

    @precondition(lambda self: self._awaiting())
    @rule()
    def give_up_approvals(self) -> None:
        self._run(self._world.give_up_approvals())
        self._look()
        assert not self._awaiting()

    @precondition(lambda self: self._running is None)
    @rule()
    def begin(self) -> None:
        self._begin()

    @precondition(lambda self: self._running is not None)
    @rule(end=sampled_from(End))
    def end(self, end: End) -> None:
        self._end(end)

    @precondition(lambda self: self._running is not None)
    @rule()
    def lose_the_worker(self) -> None:
        self._run(self._world.lose_the_worker())
        self._ended("interrupted")

    @precondition(lambda self: self._running is not None)
    @rule()
    def notice_cancel_requests(self) -> None:
        if self._run(self._world.notice_cancel_requests()):
            self._ended("cancelled")

    @rule()
    def reach_the_end_of_life(self) -> None:
        self._run(self._world.reach_the_end_of_life(self._environment))
        self._look()

    @invariant()
    def one_runs_at_most(self) -> None:
        running = [one.id for one in self._model.operations if one.state == "running"]
        assert running == ([] if self._running is None else [self._running.id])

    @invariant()
    def what_is_shown_agrees(self) -> None:
        if not self._environment:
            return
        shown = self._ask("GET", self._path).json()
        model = self._model
        assert (shown["status"], shown["paused"]) == (model.status, model.is_paused)
        assert shown["protected"] == model.is_protected
        assert shown["current_operation_id"] == (None if self._running is None else self._running.id)

    @invariant()
    def line_holds_what_can_run(self) -> None:
        in_line = {one.id for one in self._model.operations if one.state in ("queued", "running")}
        assert set(self._run(self._world.jobs(self._environment))) == in_line

    def teardown(self) -> None:
        try:
            if self._environment:
                self._reach_destroyed()
        finally:
            self._run(self._world.forget())

    def _reach_destroyed(self) -> None:
        """From wherever it is, by what callers can do and a worker that works, it comes to its end."""
        while self._model.freezes:
            self._lift()
        if self._running is not None:
            self._end(End.SUCCEEDS)
        if self._model.is_protected and not self._model.is_ending:
            self._expect(self._ask("PATCH", self._path, {"protected": False}, queue="latest"), None)
            self._model.is_protected = False
        for _ in range(STEPS_TO_THE_END):
            if self._model.status == "destroyed":
                return
            wish = {"kind": "destroy", "queue": "latest"}
            self._expect(self._post(f"{self._path}/operations", wish), None)
            for operation in self._awaiting():
                self._decide(operation, "approve")
            self._begin()
            if self._running is not None:
                self._end(End.SUCCEEDS)
        raise AssertionError("there is no way out: " + str(self._model))

    def _begin(self) -> None:
        begun = self._run(self._world.begin())
        queued = [one for one in self._model.operations if one.state == "queued"]
        if begun is None:
            assert not queued or self._model.freezes, queued
            return
        operation = self._model.find(begun.operation_id)
        assert operation in queued
        if begun.is_frozen:
            assert self._model.freezes
            return
        self._model.begin(operation)
        if begun.runs:
            self._running = operation
        self._look()
        if not begun.runs:
            self._model.end(operation, self._model.find(operation.id).state)

    def _end(self, end: End) -> None:
        assert self._running is not None
        self._run(self._world.end(end))
        kind = self._running.kind
        state = {
            End.SUCCEEDS: "succeeded",
            End.FAILS: "failed",
            End.LEAVES_RESOURCES: "succeeded",
            End.DIES: "interrupted",
            End.DIES_IN_A_STEP: "interrupted",
            End.STOPS: "cancelled",
        }[end]
        if end is End.LEAVES_RESOURCES and kind == "destroy":
            state = None
        self._ended(state)

    def _ended(self, state: str | None) -> None:
        """Note how the run has ended; None where that depends on what stood before."""
        operation, self._running = self._running, None
        assert operation is not None
        self._look()
        shown = self._model.find(operation.id).state
        assert shown in ENDS
        assert state in (None, shown)
        self._model.end(operation, shown)

    def _decide(self, operation: Seen, word: str) -> None:
        path = f"/v1/operations/{operation.id}"
        digest = self._ask("GET", f"{path}/plan").json()["digest"]
        answer = self._post(f"{path}/{word}", {"digest": digest})
        is_stale = answer.status_code == 409 and answer.json()["code"] == "plan_stale"
        assert answer.status_code == 202 or (is_stale and word == "approve"), answer.text
        self._look()

    def _lift(self) -> None:
        answer = self._post(f"/v1/freezes/{self._model.freezes.pop()}/lift")
        assert answer.status_code == 200, answer.text

    def _awaiting(self) -> list[Seen]:
        return [one for one in self._model.operations if one.state == "awaiting_approval"]

    @staticmethod
    def _pick(operations: list[Seen], pick: int) -> Seen:
        return operations[pick % len(operations)]

    def _expect(self, answer: httpx.Response, refusal: str | None, *, accepted: int = 202) -> None:
        """Compare an answer with what the model expects, and look at what has become of everything."""
        if refusal is None:
            assert answer.status_code == accepted, answer.text
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, refusal), answer.text
        self._look()

    def _look(self) -> None:
        """Read every operation, and hold it against what was seen before."""
        answer = self._ask("GET", f"{self._path}/operations", page_size="200").json()
        shown = [
            Seen(
                one["id"],
                one["kind"],
                one["state"],
                one["retry_of"],
                one["created_by"],
                one["plan_operation_id"],
            )
            for one in answer["items"]
        ]
        self._model.look(shown)
        note(f"{self._model.status}: " + ", ".join(f"{one.kind} {one.state}" for one in shown))

    @property
    def _path(self) -> str:
        return f"/v1/environments/{self._environment}"

    def _post(self, path: str, body: object = None, **params: str) -> httpx.Response:
        return self._ask("POST", path, body, **params)

    def _ask(self, method: str, path: str, body: object = None, **params: str) -> httpx.Response:
        headers = {"If-Match": "*"} if method == "PATCH" else {}
        return self._run(self._world.client.request(method, path, json=body, params=params, headers=headers))

    def _run(self, awaited: Coroutine[object, object, ANSWER]) -> ANSWER:
        return self._runner.run(awaited)
