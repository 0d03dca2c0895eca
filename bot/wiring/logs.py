"""Structured logs: JSON when standard error is not a terminal. Incident and job ids come from context
variables; titles, names and what people wrote have no place in a log line, and secrets are masked."""

from __future__ import annotations

import io
import logging
import re
import sys
import traceback
from collections.abc import Collection, Mapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from bot.core import measures
from bot.core.errors import loggable

MASK = "•••"
# Vendors' libraries log too much; warnings and errors are enough.
_OF_OTHERS = logging.WARNING
# Apprise names the numbers and addresses that it could not reach; the job that failed says which channel.
_TELLS_ON_PEOPLE = ("apprise",)
_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")


class LossyStream(io.TextIOBase):
    """Writes to ``stream``. A line that cannot be written, as on a full disk, is counted and let go: it
    must not cost somebody their incident.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            measures.LOG_LINES_LOST.inc()
            return 0

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            measures.LOG_LINES_LOST.inc()


def configure(level: str = "info", hidden: Collection[str] = ()) -> None:
    """Set up once, at start. ``hidden`` are the values that no line may show."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown = structlog.processors.ExceptionRenderer(_where)
    last: list[Processor] = [_of_asyncio, shown, redactor(hidden), _renderer()]
    stream = cast("TextIO", LossyStream(sys.stderr))
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    for name in _TELLS_ON_PEOPLE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.basicConfig(level=max(number, _OF_OTHERS), handlers=[handler], force=True)


def _where(exc_info: ExcInfo) -> str:
    """How a fault is found: the lines it came by and its type. Its words only where they quote nobody."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        told.append("".join([*traceback.format_tb(error.__traceback__), loggable(error)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich came of\n\n".join(told)


def _of_asyncio(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """asyncio writes the whole of a task, and of its error, below its first line."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).split("\n", 1)[0]
    return event


def _renderer() -> Processor:
    if sys.stderr.isatty():
        # Not rich's tracebacks: they show the values of variables.
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def redactor(hidden: Collection[str]) -> Processor:
    """A processor that blots out ``hidden`` and the passwords of addresses, wherever they stand."""
    # The longest first: one secret may be a part of another.
    words = [re.escape(word) for word in sorted(hidden, key=len, reverse=True) if word]
    secret = re.compile("|".join(words) or r"(?!)")

    def clean(text: str) -> str:
        return secret.sub(MASK, _PASSWORD.sub(rf"\1:{MASK}@", text))

    def cleaned(value: object) -> Any:
        match value:
            case str():
                return clean(value)
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {clean(str(key)): cleaned(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [cleaned(item) for item in value]
            case _:
                return clean(repr(value))

    def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {key: cleaned(value) for key, value in event.items()}

    return redact
