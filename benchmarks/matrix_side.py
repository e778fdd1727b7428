"""(a) A line typed in an encrypted room until another client shows the answer, beside a bare echo bot."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks import baton
from benchmarks.databases import Databases
from benchmarks.processes import running
from benchmarks.series import Series, Table, in_turn, met, millis, times
from bot.homeserver import Homeserver
from tests.matrix_person import MatrixPerson

PASSWORD = "correct horse battery staple"
REST = 0.05
ANSWERED_WITHIN = 30.0
BARE = "bare nio: echoes"
KINDS = {"mine": "`mine`, reads", "away": "`away` / `back`, writes"}
AIM = 1.15


def measure(homeserver: Homeserver, databases: Databases, rounds: int, folder: Path) -> Mapping[str, Series]:
    """The bare bot and Baton with each SQLite database, each in a room of its own, in turn."""
    person = MatrixPerson(homeserver.url, homeserver.register("bench", PASSWORD, "Bench"), PASSWORD).login()
    subjects: dict[str, Callable[[], float]] = {}
    try:
        with ExitStack() as stack:
            bot = homeserver.register("bare", PASSWORD, "Bare")
            settings = baton.bare_matrix(homeserver.url, bot, PASSWORD)
            stack.enter_context(running(["benchmarks.bare_nio"], settings, folder / "bare", baton.READY))
            subjects[BARE] = _saying(person, _room(person, bot), bot, itertools.repeat("help"))
            for number, database in enumerate(each for each in databases.all if each.kind == "SQLite"):
                bot = homeserver.register(f"baton-{number}", PASSWORD, "Baton")
                where = folder / f"baton-{database.rows}"
                ours = baton.settings(database, databases.key, where)
                theirs = baton.matrix(homeserver.url, bot, PASSWORD)
                stack.enter_context(running(baton.RUN, ours | theirs, where, baton.READY))
                room = _team(person, bot)
                for kind in KINDS:
                    subjects[f"{database.label}: {kind}"] = _saying(person, room, bot, _lines(kind))
            return in_turn(subjects, rounds, REST)
    finally:
        person.close()


def table(series: Mapping[str, Series], databases: Databases) -> Table:
    """The figures and their ratios to the bare bot's."""
    bare = series[BARE]
    rows = [(BARE, "", millis(bare.p50), millis(bare.p95), "", "", "")]
    for name, each in series.items():
        if name == BARE:
            continue
        label, _, kind = name.rpartition(": ")
        fine = each.p50 <= AIM * bare.p50 and each.p95 <= AIM * bare.p95
        ratios = times(each.p50, bare.p50), times(each.p95, bare.p95)
        rows.append((f"Baton, {label}", KINDS[kind], millis(each.p50), millis(each.p95), *ratios, met(fine)))
    says = (
        "From the moment when a person's client begins to send a line until the same client has decrypted "
        f"the bot's answer. The aim is at most {AIM} times the bare bot's p50 and p95."
    )
    head = ("", "line", "p50", "p95", "p50 to bare", "p95 to bare", "aim")
    return Table("(a) Matrix, encrypted: line typed to answer seen", says, head, tuple(rows))


def _room(person: MatrixPerson, bot: str) -> str:
    """An encrypted room of these two."""
    room = person.create_room("bench", invite=[bot])
    person.wait_until(lambda: bot in person.members(room), "the bot to join", ANSWERED_WITHIN)
    return room


def _team(person: MatrixPerson, bot: str) -> str:
    """A room in which the person has set up a team."""
    room = _room(person, bot)
    setup = iter(["team setup name='Bench team' phone='01632 960001'"])
    _saying(person, room, bot, setup)()
    time.sleep(1)  # what else follows a set-up
    return room


def _lines(kind: str) -> Iterator[str]:
    if kind == "mine":
        return itertools.repeat("!care mine")
    return itertools.cycle(("!care away until 'in 5 minutes'", "!care back"))


def _saying(person: MatrixPerson, room: str, bot: str, typed: Iterator[str]) -> Callable[[], float]:
    """Says the next line; the seconds until something new from the bot can be read."""

    def answers() -> int:
        return sum(
            event.sender == bot and event.kind == "m.room.message" for event in person.events(room)[seen:]
        )

    seen = 0

    def say() -> float:
        nonlocal seen
        seen = len(person.events(room))
        line = next(typed)
        began = time.perf_counter()
        person.say(room, line)
        person.wait_until(lambda: answers() > 0, "the answer", ANSWERED_WITHIN)
        return time.perf_counter() - began

    return say
