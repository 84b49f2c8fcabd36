"""Keyset pages: a page's token names the last item seen, so that deep pages cost what the first one does."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from service.core.errors import FieldError, InvalidInputError

MAX_PAGE_SIZE = 200
_DIGEST_BYTES = 6

ItemT = TypeVar("ItemT")


class Page(BaseModel, Generic[ItemT]):
    """A page of a list, newest first."""

    items: list[ItemT]
    next_page_token: str | None = Field(
        description="Ask with it as `page_token` and the same filters for what follows; null on the last page"
    )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: `size` items with keys before `before`, or the first ones."""

    size: int
    before: str | None
    filters: Mapping[str, str]

    @property
    def limit(self) -> int:
        """Rows to read: one more than shown tells whether another page follows."""
        return self.size + 1


def read_page_request(size: int, token: str | None, filters: Mapping[str, str | None]) -> PageRequest:
    """Understand a page token.

    Raises:
        InvalidInputError: the token was not made here, or for other filters.
    """
    present = {name: value for name, value in filters.items() if value is not None}
    before = None if token is None else _open_token(token, present)
    return PageRequest(size=size, before=before, filters=present)


def make_page(request: PageRequest, rows: Sequence[ItemT], key_of: Callable[[ItemT], str]) -> Page[ItemT]:
    """Cut what was read to one page and name where the next one begins."""
    items = list(rows[: request.size])
    has_more = len(rows) > request.size
    token = _make_token(key_of(items[-1]), request.filters) if has_more else None
    return Page[ItemT](items=items, next_page_token=token)


def _digest(key: str, filters: Mapping[str, str]) -> bytes:
    text = "\n".join([key, *(f"{name}={filters[name]}" for name in sorted(filters))])
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]


def _make_token(key: str, filters: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(_digest(key, filters) + key.encode()).decode().rstrip("=")


def _open_token(token: str, filters: Mapping[str, str]) -> str:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        digest, key = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:].decode()
    except (binascii.Error, ValueError) as error:
        raise _unusable_token() from error
    if digest != _digest(key, filters):
        raise _unusable_token()
    return key


def _unusable_token() -> InvalidInputError:
    message = "not a page token of this list with these filters"
    return InvalidInputError(
        message,
        hint="begin again without page_token",
        fields=(FieldError(pointer="", parameter="page_token", message=message, code="page_token"),),
    )
