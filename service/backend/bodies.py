"""Reading request bodies: plain or gzip-compressed, never more than the backend takes."""

import zlib

from fastapi import Request

from service.backend.errors import BodyTooLargeError
from service.state.json_values import DocumentError

MAX_BODY_BYTES = 128 * 1024 * 1024
"""Of the decompressed body: a deployment of 100 MB and what is wrapped around it."""

_GZIP_WINDOW = 31  # zlib's way of saying: gzip header and trailer
_STEP_BYTES = 1024 * 1024


async def read_body(request: Request) -> bytes:
    """Return the request's body, decompressed.

    Raises:
        BodyTooLargeError: it has more than MAX_BODY_BYTES, known as early as it shows.
        DocumentError: the compression is damaged or unknown, or the body ends too early.
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return await _read_plain(request, MAX_BODY_BYTES)
    if encoding in {"gzip", "x-gzip"}:
        return await _read_gzip(request, MAX_BODY_BYTES)
    raise DocumentError(f"content encoding {encoding[:40]!r} is not supported: gzip is")


async def _read_plain(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLargeError(f"the body has more than {max_bytes} bytes")
    return bytes(body)


async def _read_gzip(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    opener = zlib.decompressobj(_GZIP_WINDOW)
    try:
        async for chunk in request.stream():
            waiting = chunk
            while waiting and not opener.eof:
                body += opener.decompress(waiting, _STEP_BYTES)
                waiting = opener.unconsumed_tail
                if len(body) > max_bytes:
                    raise BodyTooLargeError(f"the body has more than {max_bytes} bytes")
        body += opener.flush()
    except zlib.error as error:
        raise DocumentError("the body is not gzip") from error
    if not opener.eof:
        raise DocumentError("the gzip body is cut off")
    return bytes(body)
