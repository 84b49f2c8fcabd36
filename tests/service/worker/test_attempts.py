"""What a run has done when one of its attempts did not even begin."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError  # pyright: ignore[reportMissingTypeStubs]

from programs.facts import Cloud, Facts
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.protocol import Engine, EngineName, Outcome, Result, RunnerJob, StackAddress
from service.environments.model import EnvironmentStatus
from service.operations.model import OperationFailure, OperationKind
from service.operations.runs import Conclusion, Stood
from service.settings import Settings
from service.worker.active_run import ActiveRun
from service.worker.attempts import Attempts
from service.worker.aws import fault_of_facts
from service.worker.faults import PassingError
from service.worker.recording import EventRecorder
from tests.service.documents import create
from tests.service.lifecycle.engine import End, ScriptedRunners
from tests.service.lifecycle.world import World, open_world
from tests.service.worker.test_runs import claimed_run

READY = Stood(EnvironmentStatus.READY, is_paused=False)
THROTTLED = Result(
    outcome=Outcome.FAILED, failure=OperationFailure(code="throttled", message="slow down", retryable=True)
)
SUCCEEDED = Result(outcome=Outcome.SUCCEEDED)
JOB = RunnerJob(
    operation_id="op_1",
    kind=OperationKind.DEPLOY,
    request={},
    facts=Facts(
        environment_id="env_1",
        cloud=Cloud.SANDBOX,
        account_id="123456789012",
        region="us-east-1",
        availability_zone_names=(),
    ),
    stack=StackAddress(name="shop/environments/dev", project="environments", backend_url="", token=""),
    engine=Engine(name=EngineName.SANDBOX, root="", version="1.0.0"),
    parallelism=1,
    debug_providers={},
    lease_deadline=0,
)


class Hasty(ActiveRun):
    """A run that does not wait between its attempts."""

    async def pause(self, seconds: float) -> None:
        del seconds


async def attempted(
    uow_factory: UnitOfWorkFactory, *steps: Result | Exception, clean_up: Exception | None = None
) -> Conclusion:
    """Return how a run concludes whose attempts end with these results, or do not begin for these reasons."""
    runners = ScriptedRunners()
    left = iter(steps)
    ending: list[asyncio.Task[None]] = []

    async def end(result: Result) -> None:
        (await runners.expected).end(result)

    async def make_job() -> RunnerJob:
        step = next(left)
        if isinstance(step, Exception):
            raise step
        runners.expect()
        ending.append(asyncio.create_task(end(step)))
        return JOB

    async def close_what_is_open() -> None:
        if clean_up is not None:
            raise clean_up

    recorder = EventRecorder(uow_factory, await claimed_run(uow_factory))
    active = Hasty(grace_seconds=1)
    attempts = Attempts(
        runners.as_warm(), active, recorder, close_what_is_open, retries=len(steps) - 1, before=READY
    )
    conclusion = await attempts.run(make_job)
    await asyncio.gather(*ending)
    return conclusion


@pytest.mark.parametrize(
    ("steps", "code", "untouched"),
    [
        ([RuntimeError("no such account")], "not_started", READY),
        ([THROTTLED, RuntimeError("no token")], "throttled", None),
        ([PassingError("slow down"), SUCCEEDED], None, None),
        ([PassingError("slow down"), RuntimeError("no token")], "facts_unavailable", READY),
        ([THROTTLED, PassingError("slow down"), SUCCEEDED], None, None),
    ],
)
async def test_what_did_not_begin_changed_nothing(
    uow_factory: UnitOfWorkFactory,
    steps: Sequence[Result | Exception],
    code: str | None,
    untouched: Stood | None,
) -> None:
    """A run ends as its last attempt that began; where none did, the environment is as it was."""
    conclusion = await attempted(uow_factory, *steps)
    assert (conclusion.failure and conclusion.failure.code, conclusion.untouched) == (code, untouched)


async def test_attempt_that_cannot_be_cleaned_up_is_the_last(uow_factory: UnitOfWorkFactory) -> None:
    """Where what an attempt left open cannot be closed, the run ends as that attempt did."""
    conclusion = await attempted(uow_factory, THROTTLED, SUCCEEDED, clean_up=OSError("no route"))
    assert conclusion.failure is not None
    assert conclusion.failure.code == "throttled"


@pytest.mark.parametrize(
    ("refused", "passes"),
    [
        (ClientError({"Error": {"Code": "RequestLimitExceeded"}}, "DescribeSubnets"), True),
        (ClientError({"Error": {"Code": "UnauthorizedOperation"}}, "DescribeSubnets"), False),
        (EndpointConnectionError(endpoint_url="https://sts.us-east-1.amazonaws.com"), True),
    ],
)
def test_facts_that_aws_may_tell_later(refused: ClientError | EndpointConnectionError, passes: bool) -> None:
    """Throttling and lost connections pass; what AWS refuses does not."""
    assert isinstance(fault_of_facts(refused), PassingError) is passes


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """An installation whose only worker runs what a test tells it to."""
    async with open_world(settings) as opened:
        yield opened


@pytest.mark.parametrize("path", ["pause", "destroy", "deploy"])
async def test_environment_is_as_it_was_after_an_operation_that_did_not_begin(
    world: World, path: str
) -> None:
    """Neither a pause nor a destroy whose facts could not be found has done anything."""
    environment, _ = await create(world.client)
    await world.begin()
    await world.end(End.SUCCEEDS)
    url = f"/v1/environments/{environment['id']}"
    asked = {"pause": ("/pause", None)}.get(path, ("/operations", {"kind": path}))
    answer = await world.client.post(url + asked[0], json=asked[1])
    assert answer.status_code == 202, answer.text
    world.fault_of_facts = RuntimeError("no such account")
    await world.begin()
    shown = (await world.client.get(url)).json()
    assert (shown["status"], shown["paused"]) == ("ready", False)
