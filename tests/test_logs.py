"""Identifying text is fed in everywhere it could get in; none of it may come out."""

import ast
import asyncio
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from bot.logs import EVENT, IDS, NUMBERS, TIMES, set_up

NAME = "Synthia Testcase"
SOURCE = sorted((Path(__file__).parent.parent / "bot").rglob("*.py"))
SAYS = ("debug", "info", "warning", "error", "critical", "exception")
log = structlog.get_logger()


@pytest.fixture
def said() -> Iterator[StringIO]:
    """What has been logged. Everything that logging set up for the process is put back afterwards."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root = logging.root.handlers[:], logging.root.level, logging.raiseExceptions
    logged = structlog.get_config()
    loggers = {name: logging.getLogger(name) for name in logging.root.manager.loggerDict}
    before = {name: (one.handlers[:], one.propagate) for name, one in loggers.items()}
    stream = StringIO()
    set_up("DEBUG", stream)
    yield stream
    logging.captureWarnings(False)
    structlog.configure(**logged)
    structlog.contextvars.clear_contextvars()
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.root.handlers[:], logging.raiseExceptions = root[0], root[2]
    logging.root.setLevel(root[1])
    for name, (handlers, propagate) in before.items():
        loggers[name].handlers[:], loggers[name].propagate = handlers, propagate


def lines(stream: StringIO) -> list[dict[str, Any]]:
    """The logged objects without their times; the identifying text is in none of them."""
    whole = stream.getvalue()
    assert "Synthia" not in whole
    assert "Testcase" not in whole
    found = [json.loads(line) for line in whole.splitlines()]
    for one in found:
        assert datetime.fromisoformat(one.pop("timestamp")).tzinfo is not None
    return found


def test_ids_numbers_and_times_are_kept(said: StringIO) -> None:
    structlog.contextvars.bind_contextvars(request="Ev0123", room="!aB:example.org")
    log.info(
        "handoff_accepted",
        handoff="H-12",
        outgoing=UUID(int=7),
        seconds=0.25,
        due=datetime(2024, 6, 1, tzinfo=UTC),
    )
    assert lines(said) == [
        {
            "event": "handoff_accepted",
            "level": "info",
            "request": "Ev0123",
            "room": "!aB:example.org",
            "handoff": "H-12",
            "outgoing": "00000000-0000-0000-0000-000000000007",
            "seconds": 0.25,
            "due": "2024-06-01T00:00:00+00:00",
        }
    ]


def test_text_under_any_key_or_in_the_event_is_left_out_and_counted(said: StringIO) -> None:
    structlog.contextvars.bind_contextvars(patient=NAME)
    log.info("patient_added", name=NAME, note={"name": NAME}, **{NAME: 1}, handoff="H-1")
    log.info(f"{NAME} was added")
    log.info("added %s", NAME)
    log.info(NAME)
    log.warning("sent", subject=NAME, seconds=NAME, due=NAME, error=f"no {NAME}", stack_info=True)
    log.info("sent", frames=[NAME], causes=[{"error": NAME}], error="KeyError")
    assert lines(said) == [
        {"event": "patient_added", "level": "info", "handoff": "H-1", "dropped": 4},
        {"event": "unnamed", "level": "info", "dropped": 2},
        {"event": "unnamed", "level": "info", "dropped": 2},
        {"event": "unnamed", "level": "info", "dropped": 2},
        {"event": "sent", "level": "warning", "dropped": 6},
        {"event": "sent", "level": "info", "error": "KeyError", "dropped": 1},
    ]


def fail(name: str) -> None:
    """Fail with identifying text in the message, a note, a cause and the local variables."""
    try:
        phones: dict[str, str] = {}
        phones[name]
    except KeyError as error:
        worse = ValueError(f"no phone for {name}")
        worse.add_note(name)
        raise worse from error


def test_an_exception_is_its_class_and_the_places_in_the_code(said: StringIO) -> None:
    try:
        fail(NAME)
    except ValueError:
        log.exception("request_failed", request="Ev1", error_id="E-4K")
    (found,) = lines(said)
    frames, (cause,) = found.pop("frames"), found.pop("causes")
    assert found == {
        "event": "request_failed",
        "level": "error",
        "request": "Ev1",
        "error_id": "E-4K",
        "error": "ValueError",
    }
    assert [frame.partition(":")[0] for frame in frames] == ["tests/test_logs.py"] * 2
    assert cause["error"] == "KeyError"


def test_exceptions_of_groups_and_of_the_database_are_reduced_too(said: StringIO) -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            connection.execute(text("insert into patients values (:name)"), {"name": NAME})
    except Exception as error:
        log.critical("commit_failed", exc_info=error)
        log.critical("both", exc_info=ExceptionGroup(NAME, [error, ValueError(NAME)]))
    engine.dispose()
    assert [(one["error"], one.get("causes", [{}])[0].get("error")) for one in lines(said)] == [
        ("OperationalError", "OperationalError"),
        ("ExceptionGroup:OperationalError+ValueError", None),
    ]


@pytest.mark.parametrize(
    "name", ["nio.rooms", "slack_bolt.AsyncApp", "uvicorn.access", "sqlalchemy.engine", "aiohttp"]
)
def test_a_library_is_heard_without_its_words(said: StringIO, name: str) -> None:
    library = logging.getLogger(name)
    library.setLevel(logging.NOTSET)  # servers of other tests have set theirs
    library.info("message from %s", NAME)
    library.warning("could not decrypt %s", NAME, extra={"body": NAME})
    library.log(35, NAME)
    library.error("wrong number of arguments %s %s", NAME)
    try:
        fail(NAME)
    except ValueError:
        library.exception(NAME, stack_info=True)
    found = lines(said)
    assert {(one["event"], one["logger"], one["at"].partition(":")[0]) for one in found} == {
        ("library_said", name, "tests/test_logs.py")
    }
    assert [(one["level"], one.get("error")) for one in found] == [
        ("warning", None),
        ("warning", None),
        ("error", None),
        ("error", "ValueError"),
    ]


def test_handlers_that_libraries_had_made_are_taken_away(
    said: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    library = logging.getLogger("some.library")
    library.addHandler(logging.StreamHandler(sys.stderr))
    library.propagate = False
    set_up("DEBUG", said)
    library.warning(NAME)
    assert [one["logger"] for one in lines(said)] == ["some.library"]
    assert capsys.readouterr().err == ""


def in_a_thread() -> None:
    thread = threading.Thread(target=fail, args=(NAME,))
    thread.start()
    thread.join()


def in_a_forgotten_task() -> None:
    async def forget() -> None:
        async def task() -> None:
            fail(NAME)

        asyncio.get_running_loop().create_task(task(), name=NAME)
        await asyncio.sleep(0)

    asyncio.run(forget())


def in_a_destructor() -> None:
    class Fails:
        def __del__(self) -> None:
            fail(NAME)

    Fails()


def at_the_top() -> None:
    try:
        fail(NAME)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


@pytest.mark.parametrize("happen", [in_a_thread, in_a_forgotten_task, in_a_destructor, at_the_top])
def test_what_nobody_caught_is_logged_in_the_same_way(
    said: StringIO, happen: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    happen()
    assert [one["error"] for one in lines(said)] == ["ValueError"]
    assert "Synthia" not in capsys.readouterr().err


def test_warnings_are_heard_without_their_words(said: StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(NAME, stacklevel=1)
    assert [one["logger"] for one in lines(said)] == ["py.warnings"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(sorted(IDS | NUMBERS | TIMES)) | st.text(max_size=9),
    before=st.text(max_size=5),
    after=st.text(max_size=5),
)
def test_no_sentence_gets_through(said: StringIO, key: str, before: str, after: str) -> None:
    said.truncate(0)
    said.seek(0)
    sentence = f"{before}{NAME}{after}"
    log.bind(**{key: sentence}).info("sent")
    log.info(sentence)
    assert len(lines(said)) == 2


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the source by which something is logged, or noted for what will be, with its place."""
    for path in SOURCE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whole = f"{path.name}:{node.lineno} {ast.unparse(node)}"
                noted = node.func.attr.startswith("bind") and node.keywords
                if noted or (node.func.attr in SAYS and node.args):
                    yield whole, node


def names(event: ast.expr) -> set[str]:
    """What an event may be: a text, or what an attribute is said to be in the classes of the source."""
    if isinstance(event, ast.Constant):
        return {str(event.value)}
    assert isinstance(event, ast.Attribute), ast.unparse(event)
    trees = (ast.parse(path.read_text("utf-8")) for path in SOURCE)
    given = [each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.Assign)]
    said = [each.value for each in given if ast.unparse(each.targets[0]) == event.attr]
    return {str(each.value) for each in said if isinstance(each, ast.Constant)}


def test_whatever_the_source_logs_has_a_name_and_known_keys() -> None:
    found = list(calls())
    assert len(found) > 25
    events = [(place, name) for place, call in found for each in call.args for name in names(each)]
    assert [each for each in events if not EVENT.fullmatch(each[1])] == []
    keys = [(place, each.arg) for place, call in found for each in call.keywords]
    assert [each for each in keys if each[1] not in IDS | NUMBERS | TIMES | {"exc_info"}] == []
