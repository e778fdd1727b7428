"""Whether the questions that Baton asks all day use an index: `python -m benchmarks.plans URL`.

The statements are not copied here: Baton's own functions are called, what they send to the database is
noted, and the database is asked how it would do it.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event

from benchmarks.cast import TEAM, Cast, member_id
from benchmarks.load import open_store
from cards.card import Card
from handlers.answer import identify
from handlers.request import Request
from pathway.conference import Deadline
from storage.clinic import Clinic, Store, TooLate
from storage.lanes import Lanes
from storage.rounds import Kind

INDEXES = re.compile(
    r"USING (?:COVERING )?INDEX (\w+)"  # SQLite
    r"|Index (?:Only )?Scan (?:Backward )?using (\w+)|Bitmap Index Scan on (\w+)"  # PostgreSQL
)
SCANS = re.compile(
    r"\bSCAN (?!CONSTANT)(\w+)(?! USING)|\bSEARCH (\w+) USING INDEX (?!outgoing_unsent)\w+ \(org=\?\)"
    r"|\bSeq Scan on (\w+)"
    r"|\bScan using (?!outgoing_unsent)\w+ on (\w+).*\n\s+Index Cond: \(\(?org = '[^']*'::text\)\n"
)
"""A table read from end to end; an index of which nothing is used but the organisation is no help.

`outgoing_unsent` holds only what waits to be sent, however long the past is.
"""
SMALL = frozenset(
    {"teams", "rooms", "members", "places", "absences", "accounts", "lanes", "heads", "counters"}
)
"""Tables that hold staff or places, not patients or history: reading one whole is no matter."""


@dataclass(frozen=True)
class Plan:
    """How a question is answered: by which indexes, and which tables are read from end to end."""

    question: str
    indexes: tuple[str, ...]
    scanned: tuple[str, ...]

    @property
    def flat(self) -> bool:
        """Whether it stays as fast when history grows."""
        return not set(self.scanned) - SMALL


Ask = Callable[[Clinic, datetime], object]
CAST = Cast()
ASKED: dict[str, Ask] = {
    "what has fallen due (`Handoffs.due`)": lambda clinic, now: clinic.handoffs.due(now),
    "a team's open handoffs (`Handoffs.open_of_team`)": lambda clinic, now: (
        clinic.handoffs.open_of_team(TEAM)
    ),
    "what waits for me (`Handoffs.open_of_member`)": lambda clinic, now: (
        clinic.handoffs.open_of_member(member_id(TEAM, "bo"), [TEAM])
    ),
    "which flags have fallen due (`Flags.due`)": lambda clinic, now: clinic.flags.due(now),
    "a patient's open flags (`Flags.open_of_patient`)": lambda clinic, now: (
        clinic.flags.open_of_patient("P-2222")
    ),
    "what was answered already (`Flags.closed_of_patient`)": lambda clinic, now: (
        clinic.flags.closed_of_patient("P-2222", ["depression-severe"])
    ),
    "a team's open flags (`Flags.open_of_team`)": lambda clinic, now: clinic.flags.open_of_team(TEAM),
    "which flags wait for me (`Flags.open_of_member`)": lambda clinic, now: (
        clinic.flags.open_of_member(member_id(TEAM, "bo"), [TEAM])
    ),
    "whom a patient's flags need (`Flags.asked_about`)": lambda clinic, now: (
        clinic.flags.asked_about("P-2222")
    ),
    "which flags were not needed (`Flags.closed_by_people`)": lambda clinic, now: (
        clinic.flags.closed_by_people(TEAM, now - timedelta(days=31), now)
    ),
    "who is on duty (`Duty.rotas`)": lambda clinic, now: clinic.duty.rotas(clinic.people.teams()[0], now),
    "how often people were disturbed (`Duty.interruptions`)": lambda clinic, now: (
        clinic.duty.interruptions([member_id(TEAM, "bo"), member_id(TEAM, "cy")], now, 7)
    ),
    "which team is looked at next (`Rounds.due`)": lambda clinic, now: clinic.rounds.due(Kind.DIGEST, now),
    "what earlier conferences tell (`Sessions.past`)": lambda clinic, now: clinic.sessions.past(TEAM),
    "when they were last discussed (`Sessions.last_discussed`)": lambda clinic, now: (
        clinic.sessions.last_discussed(["P-2222", "P-3333"])
    ),
    "where somebody was discussed (`Sessions.discussed_in`)": lambda clinic, now: (
        clinic.sessions.discussed_in("P-2222")
    ),
    "the items of a conference (`Sessions.items`)": lambda clinic, now: clinic.sessions.items(7),
    "which conference is over its time (`Conferences.due`)": lambda clinic, now: (
        clinic.conferences.due(Deadline.CLOCK, now)
    ),
    "which actions have fallen due (`Actions.due`)": lambda clinic, now: clinic.actions.due(now),
    "what is mine to do (`Actions.of_owner`)": lambda clinic, now: (
        clinic.actions.of_owner(member_id(TEAM, "bo"))
    ),
    "a team's open actions (`Actions.open_of_team`)": lambda clinic, now: clinic.actions.open_of_team(TEAM),
    "a patient's actions (`Actions.of_patient`)": lambda clinic, now: clinic.actions.of_patient("P-2222"),
    "what a conference gave people to do (`Actions.of_source`)": lambda clinic, now: (
        clinic.actions.of_source("C-7")
    ),
    "a patient's care plan (`Plans.of_patient`)": lambda clinic, now: clinic.plans.of_patient("P-2222"),
    "what a conference wrote (`Plans.of_source`)": lambda clinic, now: clinic.plans.of_source("C-7"),
    "a plan's history (`Plans.history`)": lambda clinic, now: clinic.plans.history("P-2222"),
    "what I can undo (`PlanChanges.last_by`)": lambda clinic, now: (
        clinic.plan_changes.last_by(member_id(TEAM, "bo"), now - timedelta(minutes=10))
    ),
    "how somebody saw an entry (`PlanChanges.seen`)": lambda clinic, now: (
        clinic.plan_changes.seen("E-7", member_id(TEAM, "bo"), now)
    ),
    "one handoff (`Handoffs.find`)": lambda clinic, now: clinic.handoffs.find("H-7"),
    "was this event answered (`Memory.answered`)": lambda clinic, now: clinic.memory.answered("E1"),
    "who speaks, and where (`identify`)": lambda clinic, now: identify(
        Request("E1", CAST.chat_id("ana"), CAST.lane, "help"), clinic, now
    ),
    "a patient by record number (`Patients.by_record`)": lambda clinic, now: (
        clinic.patients.by_record("MRN-7")
    ),
    "a patient by name (`Patients.by_name`)": lambda clinic, now: clinic.patients.by_name("Tess Sample9"),
    "my patients (`Patients.seen_by`)": lambda clinic, now: (
        clinic.patients.seen_by(member_id(TEAM, "cy"), TEAM)
    ),
    "a patient's measures (`Measures.history`)": lambda clinic, now: clinic.measures.history(
        clinic.patients.seen_by(member_id(TEAM, "cy"), TEAM)[0].code
    ),
    "whom time looks at (`Measures.next_review`)": lambda clinic, now: clinic.measures.next_review(now),
    "what is due of a team (`Measures.due_of_team`)": lambda clinic, now: (
        clinic.measures.due_of_team(TEAM, now)
    ),
    "what is due of mine (`Measures.due_of_member`)": lambda clinic, now: (
        clinic.measures.due_of_member(member_id(TEAM, "cy"), now)
    ),
    "what is outstanding of a team (`Issues.of_team`)": lambda clinic, now: clinic.issues.of_team(TEAM),
    "what is outstanding of a patient (`Issues.of_patient`)": lambda clinic, now: (
        clinic.issues.of_patient("P-2222")
    ),
    "which reports are there (`Issues.reports`)": lambda clinic, now: clinic.issues.reports(TEAM),
    "whose issues are collected next (`Issues.next_look`)": lambda clinic, now: clinic.issues.next_look(now),
    "whose of a team (`Issues.due_of_team`)": lambda clinic, now: clinic.issues.due_of_team(TEAM, now, 200),
    "what is asked about a patient (`Questions.open_of_patient`)": lambda clinic, now: (
        clinic.questions.open_of_patient("P-2222")
    ),
    "what a conference answered (`Questions.answered_in`)": lambda clinic, now: (
        clinic.questions.answered_in("C-1", "P-2222")
    ),
    "what came of a message (`Questions.open_of_message`)": lambda clinic, now: (
        clinic.questions.open_of_message("https://chat.example.org/1")
    ),
    "when a patient was reached (`Contacts.last`)": lambda clinic, now: clinic.contacts.last("P-2222"),
    "a patient's timeline (`Journal.of`)": lambda clinic, now: clinic.journal.of(patient="P-2222"),
    "a card in every room (`Outbox.show`)": lambda clinic, now: clinic.outbox.show("H-7", TEAM, _card(), now),
    "which card is this (`Memory.post_at`)": lambda clinic, now: clinic.memory.post_at("slack", "C1:1.2"),
}  # fmt: skip
POSTING: dict[str, Callable[[Lanes, datetime], object]] = {
    "which lanes are due (`Lanes.due`)": lambda lanes, now: lanes.due(["slack"], now),
    "the next post of a lane (`Lanes.take`)": lambda lanes, now: lanes.take(CAST.lane, now),
    "how much waits (`Lanes.waiting`)": lambda lanes, now: lanes.waiting(now),
}


def plans(store: Store) -> Iterator[Plan]:
    """The plans of everything that is asked again and again. Nothing is changed for good."""
    now = datetime.now(UTC)
    _let_a_post_wait(store, now)
    for question, ask in ASKED.items():
        yield plan_of(question, ask, store, now)
    for question, look in POSTING.items():
        with _noted(store) as noted:
            look(Lanes(store, "plans"), now)
        yield _plan(question, noted, store)


def plan_of(question: str, ask: Ask, store: Store, now: datetime) -> Plan:
    """How one question is answered. Nothing is changed for good."""
    with _noted(store) as noted, _rolled_back(store, now) as clinic:
        ask(clinic, now)
    return _plan(question, noted, store)


def _card() -> Card:
    return Card("Nothing waits for you.")


def _let_a_post_wait(store: Store, now: datetime) -> None:
    with store.clinic(now) as clinic:
        clinic.outbox.say(CAST.lane, _card(), now)


@contextmanager
def _rolled_back(store: Store, now: datetime) -> Iterator[Clinic]:
    """A unit of work without effects."""
    with suppress(TooLate), store.clinic(now, may_commit=lambda: False) as clinic:
        yield clinic


@contextmanager
def _noted(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters."""
    noted: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if not statement.startswith(("BEGIN", "INSERT")):
            noted.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _plan(question: str, noted: list[tuple[str, Any]], store: Store) -> Plan:
    explain = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"
    said = []
    with store.engine.connect() as connection:
        for statement, parameters in noted:
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            said += [str(row[-1]) for row in rows]
        connection.rollback()
    text = "\n".join(said)
    indexes = dict.fromkeys(next(filter(None, found)) for found in INDEXES.findall(text))
    scanned = dict.fromkeys(next(filter(None, found)) for found in SCANS.findall(text))
    return Plan(question, tuple(indexes), tuple(scanned))


def main() -> None:
    store = open_store(sys.argv[1], os.environ["BATON_SECRET_KEYS"])
    for plan in plans(store):
        mark = " " if plan.flat else "!"
        sys.stdout.write(f"{mark} {plan.question}: {', '.join(plan.indexes)} {plan.scanned or ''}\n")
    store.close()


if __name__ == "__main__":
    main()
