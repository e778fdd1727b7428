"""Logs: one JSON object a line, with ids, numbers and times, and never a word that a person wrote.

    log = structlog.get_logger()
    log.info("handoff_accepted", handoff="H-12", member=by.id, seconds=0.02)

An event is a name in small letters and underscores. What else may be said is listed below by key: anything
under another key, and anything that is not of its key's shape, is left out and counted in `dropped`. Of an
exception the class and the places in the code are kept; its message, notes and variables are not. What a
library says is reduced to who said it, where in its code, and how grave it was.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, WrappedLogger

# fmt: off
IDS = frozenset((
    "org", "request", "member", "room", "team", "subject", "handoff", "outgoing", "platform", "kind",
    "outcome", "link", "setting", "logger", "at", "command", "device", "error", "error_id", "host",
    "revision", "version",
))
# fmt: on
NUMBERS = frozenset(("seconds", "count", "port", "attempts", "status", "seq", "pid", "late_seconds"))
TIMES = frozenset(("due", "since", "until"))
FROM_EXCEPTIONS = ("frames", "causes")  # made here alone: given by a caller, they are left out

EVENT = re.compile(r"[a-z][a-z_]{0,59}", re.ASCII)
ID = re.compile(r"[\w@!#$:.+/=-]{1,255}", re.ASCII)  # one word: a sentence does not fit
FRAMES = 30
CAUSES = 5


def set_up(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Log from `level` upwards to `stream` (standard error), for ourselves and for every library.

    Libraries are heard from WARNING upwards. Uncaught exceptions go the same way. Give uvicorn
    `log_config=None`, so that it does not set up logs of its own.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _reduce_exception,
            _keep,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
    )
    logging.raiseExceptions = False  # a failing handler would print the record with its arguments
    logging.captureWarnings(True)
    for name in list(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    logging.root.handlers[:] = [Libraries(logging.WARNING)]
    logging.root.setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = lambda met: _uncaught(met.exc_type, met.exc_value, met.exc_traceback)
    sys.unraisablehook = lambda met: _uncaught(met.exc_type, met.exc_value, met.exc_traceback)


class Libraries(logging.Handler):
    """Passes on that a library said something, without what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log who spoke, where, how gravely, and the class of the exception if there is one."""
        structlog.get_logger().log(
            min(max(record.levelno // 10, 3), 5) * 10,  # libraries have levels of their own between ours
            "library_said",
            logger=record.name,
            at=_place(record.pathname, record.lineno),
            exc_info=record.exc_info,
        )


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("uncaught", exc_info=(kind, error, trace))


def _reduce_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the class and the code's places of an exception, and of those that caused it, in its place."""
    for ours in FROM_EXCEPTIONS:
        event.pop(ours, None)
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        first, *causes = _chain(error)
        event.update(first)
        if causes:
            event["causes"] = causes
    return event


def _chain(error: BaseException | None) -> Iterator[dict[str, Any]]:
    for _ in range(CAUSES):
        if error is None:
            return
        frames = [_place(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
        yield {"error": _class(error), "frames": frames[-FRAMES:]}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _class(error: BaseException) -> str:
    """The class of an exception; of a group, those of its members too."""
    name = type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        return f"{name}:{'+'.join(_class(part) for part in error.exceptions[:CAUSES])}"
    return name


def _place(path: str, line: int) -> str:
    """The last two parts of a file's path, and the line."""
    return f"{'/'.join(PurePath(path).parts[-2:])}:{line}"


def _keep(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Only what is known to be an id, a number or a time under its own key."""
    kept: EventDict = {"event": event.pop("event", "unnamed")}
    dropped = 0
    if not (isinstance(kept["event"], str) and EVENT.fullmatch(kept["event"])):
        kept["event"], dropped = "unnamed", 1
    for key, value in event.items():
        good, plain = (True, value) if key in FROM_EXCEPTIONS else _value(key, value)
        if good:
            kept[key] = plain
        else:
            dropped += 1
    if dropped:
        kept["dropped"] = dropped
    return kept


def _value(key: str, value: Any) -> tuple[bool, Any]:
    """Whether a value is of its key's shape, and how it is written."""
    if key in IDS:
        plain = str(value) if isinstance(value, (str, int, UUID)) else ""
        return bool(ID.fullmatch(plain)), plain
    if key in NUMBERS:
        return isinstance(value, (int, float)), value
    if key in TIMES and isinstance(value, datetime):
        return True, value.isoformat()
    return False, None
