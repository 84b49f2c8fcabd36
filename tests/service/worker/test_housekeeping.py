"""A fault in what a worker does besides running operations ends nothing else."""

from datetime import date

import pytest

from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.plans.rules import plan_rules
from service.settings import Settings
from service.worker import rescue
from service.worker.housekeeping import keep_house
from service.worker.records import rescue_run
from tests.service.worker.rows import Records
from tests.service.worker.test_runs import claimed_run


async def test_fault_in_a_chore_stays_there(uow_factory: UnitOfWorkFactory) -> None:
    """A chore that raises whatever it may is passed over; the next one is done."""
    done: list[str] = []

    async def reads_nonsense(_uow: UnitOfWork, _settings: Settings) -> None:
        date.fromisoformat("nonsense")

    async def is_well(_uow: UnitOfWork, _settings: Settings) -> None:
        done.append("well")

    await keep_house(uow_factory, Settings(), (reads_nonsense, is_well))
    assert done == ["well"]


async def test_run_that_cannot_be_rescued_keeps_no_other_waiting(
    uow_factory: UnitOfWorkFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what one run left behind cannot be read, the others are rescued all the same."""
    runs = [await claimed_run(uow_factory) for _ in range(2)]
    records = Records(database_url)
    for run in runs:
        records.expire(run.operation_id)
    unreadable = runs[0]

    async def rescue_unless_unreadable(uow: UnitOfWork, run: object, **rest: object) -> None:
        if run == unreadable:
            raise ValueError("nonsense")
        await rescue_run(uow, run, **rest)  # pyright: ignore[reportArgumentType] -- passed on as they came

    monkeypatch.setattr(rescue, "rescue_run", rescue_unless_unreadable)
    rescued = await rescue.rescue_once(uow_factory, automatic_recoveries=0, rules=plan_rules(Settings()))
    assert rescued == 1
    assert [records.operation(run.operation_id)["state"] for run in runs] == ["running", "interrupted"]
