"""Routine flags, gathered into one message a day: when work begins, to each who must answer them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from cards.card import Card, Choice, Detail, Items, Part
from handlers.fallen_due import FallenDue, of_kind
from handlers.flags.lists import MOST_BUTTONS, MOST_ROWS, more, overdue
from handlers.flags.post import answerers, severity_of
from pathway.flag import UNANSWERED, Flag, State
from pathway.ladder import still_asked
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic
from storage.rounds import Kind, Round

BEGUN = "begun"
"""The first look at a team only says when the next is: a digest comes when work begins, not in between."""
MOST_FLAGS = 1000


def next_due(clinic: Clinic, now: datetime, left: Collection[str]) -> FallenDue | None:
    """The next team whose routine flags are to be gathered and is not `left`, locked, and what to do."""
    due = clinic.rounds.due(Kind.DIGEST, now, of_kind(left, "digest:"))
    return FallenDue(f"digest:{due.team}", due.next_at, lambda: _gather(due, clinic, now)) if due else None


def _gather(due: Round, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(due.team)
    hours = roster.team.hours
    clinic.rounds.put(Kind.DIGEST, due.team, hours.next_opening(now), (BEGUN,))
    if BEGUN not in due.told or not hours.open_at(now):
        return
    waiting: dict[str, list[Flag]] = defaultdict(list)
    for flag in clinic.flags.open_of_team(due.team, MOST_FLAGS):
        if severity_of(flag, clinic).digest:
            for each in _concerned(flag, roster, clinic, now):
                waiting[each].append(flag)
    for member, flags in waiting.items():
        clinic.outbox.tell([member], _card(flags, member, roster, clinic, now), now,
            send_after=hours.quiet_until(now),
        )  # fmt: skip


def _concerned(flag: Flag, roster: Roster, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Who hears of a flag: those who may answer it; who holds it, when that is due today or tomorrow."""
    asked = still_asked(flag, answerers(roster, clinic), now)
    if flag.state in UNANSWERED:
        return asked or roster.standing_in(roster.leads(), now)
    if flag.state is State.EXPIRED:
        return tuple(dict.fromkeys((*asked, *roster.standing_in(roster.leads(), now))))
    soon = roster.team.hours.end_of_next_day(now)
    if flag.state is State.CLAIMED and flag.answer_by is not None and flag.answer_by <= soon:
        return roster.standing_in([flag.holder], now)
    return ()


def _card(flags: Sequence[Flag], member: str, roster: Roster, clinic: Clinic, now: datetime) -> Card:
    """What a member is told: codes and times, and to who may see the patient what it is about."""
    zone = roster.team.hours.zone
    title = f"{len(flags)} routine flags wait for you" if len(flags) > 1 else "A routine flag waits for you"
    shown = flags[:MOST_ROWS]
    parts: list[Part] = [Items(tuple(_line(each, zone, now) for each in shown)), *more(len(flags))]
    seen = [each for each in shown if clinic.patients.may_see(each.patient, member, now)]
    if seen:
        parts.append(Items(tuple(f"{each.ref}: {each.label}" for each in seen), "About", Detail.CLINICAL))
    choices = tuple(Choice(f"Show {each.ref}", f"flag show {each.ref}") for each in flags[:MOST_BUTTONS])
    return Card(title, tuple(parts), choices)


def _line(flag: Flag, zone: str, now: datetime) -> str:
    raised = f"{flag.ref} ({flag.patient}), raised {say_when(flag.raised_at, zone, now)}"
    if flag.state is State.CLAIMED:
        what = "say what was done"
    else:
        what = "nobody has taken it" if overdue(flag, now) else "your answer"
    due = f" by {say_when(flag.answer_by, zone, now)}" if flag.answer_by and flag.answer_by > now else ""
    return f"{raised}: {what}{due}"
