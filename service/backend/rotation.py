"""Rotation of keys while everything runs."""

from service.backend import stacks_repository
from service.backend.errors import StackNotFoundError
from service.backend.keyring import Keyring
from service.backend.model import StackName
from service.core.unit_of_work import UnitOfWorkFactory

BATCH = 100
"""Data keys rewrapped in one transaction; several processes may work at once."""


async def rewrap_data_keys(uows: UnitOfWorkFactory, keyring: Keyring) -> int:
    """Close every data key with the present wrapping key and return how many were closed anew.

    Afterwards the previous wrapping keys are needed no more.
    """
    total = 0
    while True:
        async with uows() as uow:
            closed = await keyring.rewrap(uow, limit=BATCH)
            await uow.commit()
        total += closed
        if not closed:
            return total


async def rotate_data_key(uows: UnitOfWorkFactory, keyring: Keyring, address: StackName) -> int:
    """Give a stack a new data key and return its generation; what older ones sealed still opens."""
    async with uows() as uow:
        stack = await stacks_repository.find(uow, address, lock=True)
        if stack is None:
            raise StackNotFoundError(f"Stack '{address}' not found")
        generation = await keyring.rotate_data_key(uow, stack)
        await uow.commit()
    return generation
