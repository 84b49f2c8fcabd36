"""JSON over HTTP to a backend: one kept connection per thread, retries where a repeat does no harm."""

import gzip
import http.client
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import Json, JsonObject, dump, load_object, number, text
from sandbox.engine.version import DISPLAY_VERSION

_ACCEPT = "application/vnd.pulumi+8"
_TIMEOUT_SECONDS = 60
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0
# A person is soon told that the backend is away. A running update waits for its restart: what it has done
# so far is in the cloud, and giving up would leave it half recorded.
_PATIENCE_SECONDS = 2.0
_PATIENCE_OF_UPDATES_SECONDS = 120.0
_GZIP_FROM_BYTES = 1024
_UNAVAILABLE = frozenset({502, 503, 504})


class HttpError(EngineError):
    """The backend refused a request."""

    def __init__(self, code: int, message: str) -> None:
        """Keep the status beside the text."""
        super().__init__(f"[{code}] {message}")
        self.code = code
        self.reason = message


class HttpClient:
    """Speaks to one backend with one credential."""

    def __init__(self, url: str, token: str) -> None:
        """Take where the backend is and the access token of its user; nothing is asked yet."""
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EngineError(f"unknown backend URL {url!r}")
        self._secure = parts.scheme == "https"
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path
        self._credential = f"token {token}" if token else ""
        self._connections = threading.local()

    def get(self, path: str) -> JsonObject:
        """The answer to a GET."""
        return self._ask("GET", path, None, None, repeat=True)

    def post(self, path: str, body: Mapping[str, Json], *, compress: bool = False) -> JsonObject:
        """The answer to a POST that may be repeated."""
        return self._ask("POST", path, body, None, repeat=True, compress=compress)

    def post_once(self, path: str, body: Mapping[str, Json], *, compress: bool = False) -> JsonObject:
        """The answer to a POST that is not repeated."""
        return self._ask("POST", path, body, None, repeat=False, compress=compress)

    def send(
        self, method: str, path: str, body: Mapping[str, Json] | None = None, lease: str | None = None
    ) -> JsonObject:
        """The answer to any request; with a lease it is made in the name of a running update."""
        return self._ask(method, path, body, lease, repeat=True, compress=body is not None)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Json] | None,
        lease: str | None,
        *,
        repeat: bool,
        compress: bool = False,
    ) -> JsonObject:
        content = dump(body).encode() if body is not None else b""
        headers = self._headers(f"update-token {lease}" if lease else self._credential)
        if compress and len(content) >= _GZIP_FROM_BYTES:
            content = gzip.compress(content, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        patience_seconds = _PATIENCE_OF_UPDATES_SECONDS if lease else _PATIENCE_SECONDS
        gives_up_at = time.monotonic() + (patience_seconds if repeat else 0)
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            is_last = time.monotonic() + pause_seconds > gives_up_at
            try:
                status, answer = self._exchange(method, path, content, headers)
            except OSError as failure:
                if is_last:
                    raise EngineError(f"could not reach {self._host}: {failure}") from failure
            else:
                if status not in _UNAVAILABLE or is_last:
                    return _decode(status, answer)
            time.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _headers(self, credential: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
            "User-Agent": f"pulumi-cli/1 ({DISPLAY_VERSION}; linux)",
        }
        if credential:
            headers["Authorization"] = credential
        return headers

    def _exchange(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            connection.request(method, self._prefix + path, content or None, headers)
            response = connection.getresponse()
            answer = response.read()
        except http.client.HTTPException as failure:
            connection.close()
            raise ConnectionError(str(failure)) from failure
        except OSError:
            connection.close()
            raise
        encoded = response.headers.get("Content-Encoding") == "gzip"
        return response.status, gzip.decompress(answer) if encoded else answer

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._connections, "kept", None)
        if kept is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            kept = kind(self._host, self._port, timeout=_TIMEOUT_SECONDS)
            self._connections.kept = kept
        return kept


def _decode(status: int, answer: bytes) -> JsonObject:
    if status < 400:  # noqa: PLR2004 -- where HTTP's errors begin
        return load_object(answer) if answer.strip() else {}
    try:
        document = load_object(answer)
    except ValueError:
        document = {}
    message = text(document, "message") or text(document, "detail") or answer.decode(errors="replace").strip()
    raise HttpError(int(number(document, "code")) or status, message)
