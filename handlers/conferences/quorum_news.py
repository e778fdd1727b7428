"""An answer takes a quorum away or brings it back: the lead hears of both, each once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Items
from handlers.agenda.times import due_times
from handlers.conferences.quorum import quorum_lacks
from pathway.conference import Conference, Deadline
from pathway.people import Roster
from pathway.when import say_when
from storage.agendas import Shown
from storage.clinic import Clinic


def after_answer(
    conference: Conference, had: bool, told: bool, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Somebody has answered. `had`: there was a quorum before. `told`: the lead knows that it is lost."""
    if now >= conference.starts:
        return
    known = clinic.agendas.shown(conference.number) or Shown(conference.number, conference.team)
    of_this_time = f"{conference.starts.isoformat()} "
    lacks = [each.says for each in quorum_lacks(conference, clinic, now)]
    was_told = {each for each in known.asked if each.startswith(of_this_time)}
    when = say_when(conference.starts, roster.team.hours.zone, now)
    if lacks and (had or told):
        looks = _looks(conference, roster, clinic, now)
        keys = {f"{of_this_time}{look}: {says}" for look in looks for says in lacks}
        clinic.agendas.put_shown(replace(known, asked=known.asked | keys))
        if not told:
            _tell(f"{conference.ref}, {when}, has lost its quorum", lacks, conference, roster, clinic, now)
    elif was_told and not lacks:
        clinic.agendas.put_shown(replace(known, asked=known.asked - was_told))
        _tell(f"{conference.ref}, {when}, has its quorum again", (), conference, roster, clinic, now)


def _looks(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """At which looks it is told: at the answer, and at the one under way, which need not tell it again."""
    if now < due_times(conference, roster, clinic)[Deadline.QUORUM]:
        return ("answer",)
    last = clinic.conferences.deadline(conference.number, Deadline.QUORUM)
    return ("answer", "ahead" if last else "last")


def _tell(
    title: str, lines: Iterable[str], conference: Conference, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    said = tuple(lines)
    show = (Choice("Show", f"conference show {conference.ref}"),)
    leads = roster.leading(now)
    card = Card(title, (Items(said),) if said else (), show)
    clinic.outbox.tell(leads, card, now, send_after=roster.team.hours.quiet_until(now))
