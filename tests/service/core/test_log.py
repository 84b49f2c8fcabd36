import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from service.core.log import set_up_logging


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, configuration = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


def test_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Own and libraries' lines come in one format, with what is bound to the request."""
    set_up_logging(as_json=True)
    with structlog.contextvars.bound_contextvars(request_id="req_1"):
        structlog.stdlib.get_logger("service.x").info("done", count=3)
        logging.getLogger("uvicorn").warning("odd %s", "thing")
    own, foreign = map(json.loads, capsys.readouterr().err.splitlines())
    assert (own["event"], own["count"], own["level"], own["request_id"]) == ("done", 3, "info", "req_1")
    assert (foreign["event"], foreign["logger"], foreign["request_id"]) == ("odd thing", "uvicorn", "req_1")


def test_probes_leave_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Probes are answered every few seconds: they are left out of the access log, callers are not."""
    set_up_logging(as_json=True)
    access = logging.getLogger("uvicorn.access")
    for path in ("/readyz", "/v1/system"):
        access.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", path, "1.1", 200)
    assert ["/v1/system" in line for line in capsys.readouterr().err.splitlines()] == [True]
