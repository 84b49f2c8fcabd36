"""Structured logs: one JSON object a line, or colours where a person looks on."""

import logging
import sys

import structlog
from structlog.types import Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


PROBES = ("/livez", "/readyz", "/metrics")


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Tell a caller's request from a probe in uvicorn's access log, whose third argument is the path."""
    return not (isinstance(record.args, tuple) and len(record.args) > 2 and record.args[2] in PROBES)  # noqa: PLR2004


def set_up_logging(*, as_json: bool, level: str = "INFO") -> None:
    """Send the logs of structlog and of the libraries to standard error in one format.

    Tracebacks come without the values of local variables, which may be secrets.
    """
    renderer: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    # Which plugins Alembic has, and that a probe was answered, is of no interest to anyone.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").addFilter(_is_worth_a_line)
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True
        library.setLevel(logging.NOTSET)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
