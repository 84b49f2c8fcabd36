"""Rotation of keys as a process of its own, where the API's settings are at hand."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from service.backend.context import make_backend_context
from service.backend.keyring import Keyring
from service.backend.model import StackName
from service.backend.rotation import rewrap_data_keys, rotate_data_key
from service.core.database import make_engine
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from service.settings import Settings


async def rewrap_all(settings: Settings) -> int:
    """Close every data key with the present wrapping key; return how many were closed anew.

    Raises:
        ValueError: the settings name no database or no usable key.
        DecryptionError: a data key was closed with a key that the settings do not name.
    """
    async with _keys(settings) as (uows, keyring):
        return await rewrap_data_keys(uows, keyring)


async def rotate(settings: Settings, stack: StackName) -> int:
    """Give a stack a new data key and return its generation.

    Raises:
        ValueError: as for `rewrap_all`.
        StackNotFoundError: there is no such stack.
    """
    async with _keys(settings) as (uows, keyring):
        return await rotate_data_key(uows, keyring, stack)


@asynccontextmanager
async def _keys(settings: Settings) -> AsyncGenerator[tuple[UnitOfWorkFactory, Keyring]]:
    if settings.database_url is None:
        raise ValueError("BERTH_DATABASE_URL is not set")
    keyring = make_backend_context(settings).keyring
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=2)
    try:
        yield unit_of_work_factory(engine), keyring
    finally:
        await engine.dispose()
