"""The stacks' data keys: made at first need, kept wrapped in the database, opened in bounded memory."""

import os
from collections import OrderedDict
from collections.abc import Iterable

from service.backend import keys_repository
from service.backend.ciphers import KEY_BYTES, DataKey, KeyWrapper, generation_of
from service.backend.errors import DecryptionError
from service.backend.model import Stack
from service.core.ids import StackId
from service.core.unit_of_work import UnitOfWork

MAX_OPEN_KEYS = 1024
"""Data keys held open per process; the least recently used is forgotten first."""


class Keyring:
    """Opens data keys with the wrapping key that closed them; new ones are wrapped by `current`."""

    def __init__(self, current: KeyWrapper, previous: Iterable[KeyWrapper] = ()) -> None:
        self._current = current
        self._wrappers = {wrapper.key_id: wrapper for wrapper in (*previous, current)}
        self._open: OrderedDict[tuple[StackId, int], DataKey] = OrderedDict()

    async def encrypt(self, uow: UnitOfWork, stack: Stack, plaintexts: list[bytes]) -> list[bytes]:
        """Seal values under the stack's newest data key, making its first where there is none."""
        key = await self._newest(uow, stack)
        return [key.encrypt(plaintext) for plaintext in plaintexts]

    async def decrypt(self, uow: UnitOfWork, stack_id: StackId, ciphertexts: list[bytes]) -> list[bytes]:
        """Open values, each with the generation it names; raise DecryptionError if one does not open."""
        generations = {generation_of(ciphertext) for ciphertext in ciphertexts}
        keys = {generation: await self._opened(uow, stack_id, generation) for generation in generations}
        return [keys[generation_of(ciphertext)].decrypt(ciphertext) for ciphertext in ciphertexts]

    async def rotate_data_key(self, uow: UnitOfWork, stack: Stack) -> int:
        """Add a generation that seals from now on; older ones still open. Does not commit."""
        return (await self._add_generation(uow, stack.id, stack.key_generation + 1)).generation

    async def rewrap(self, uow: UnitOfWork, *, limit: int) -> int:
        """Close up to `limit` data keys anew with the current wrapping key; return how many.

        Does not commit.
        """
        stale = await keys_repository.keys_not_wrapped_by(uow, self._current.key_id, limit=limit)
        for stack_id, generation in stale:
            key = await self._opened(uow, stack_id, generation)
            wrapped = await self._current.wrap(key.key, stack_id=stack_id)
            await keys_repository.replace_wrapping(
                uow, stack_id, generation, wrapped_key=wrapped, wrapping_key_id=self._current.key_id
            )
        return len(stale)

    async def _newest(self, uow: UnitOfWork, stack: Stack) -> DataKey:
        if stack.key_generation:
            return await self._opened(uow, stack.id, stack.key_generation)
        return await self._add_generation(uow, stack.id, 1)

    async def _add_generation(self, uow: UnitOfWork, stack_id: StackId, generation: int) -> DataKey:
        """Another process may add the same generation at the same time: the first one's key counts."""
        key = os.urandom(KEY_BYTES)
        wrapped = await self._current.wrap(key, stack_id=stack_id)
        await keys_repository.add_generation(
            uow, stack_id, generation, wrapped_key=wrapped, wrapping_key_id=self._current.key_id
        )
        return await self._load(uow, stack_id, generation)

    async def _opened(self, uow: UnitOfWork, stack_id: StackId, generation: int) -> DataKey:
        opened = self._open.get((stack_id, generation))
        if opened is None:
            opened = await self._load(uow, stack_id, generation)
            self._open[stack_id, generation] = opened
        self._open.move_to_end((stack_id, generation))
        while len(self._open) > MAX_OPEN_KEYS:
            self._open.popitem(last=False)
        return opened

    async def _load(self, uow: UnitOfWork, stack_id: StackId, generation: int) -> DataKey:
        stored = await keys_repository.wrapped_key(uow, stack_id, generation)
        if stored is None:
            raise DecryptionError(f"the stack has no data key of generation {generation}")
        wrapper = self._wrappers.get(stored.wrapping_key_id)
        if wrapper is None:
            raise DecryptionError(f"the wrapping key {stored.wrapping_key_id} is not configured")
        return DataKey(stack_id, generation, await wrapper.unwrap(stored.wrapped_key, stack_id=stack_id))
