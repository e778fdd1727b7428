"""A posted agenda changes only visibly: its card shows all that changed, and a fresh message says it.

What changes within a few minutes, or in quiet hours, is one message; what comes and goes in between is none.
Who is invited to their own item only, a patient or a carer, is told by mail when that has moved or is off.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from agendas.agenda import Agenda
from agendas.render import Words
from cards.card import Card, Items
from handlers.agenda.card import (
    change_lines,
    changed_card,
    draft_card,
    frozen,
    posted_card,
    subject,
    why_left,
)
from handlers.agenda.look import Look
from handlers.agenda.times import due_times
from handlers.invitations import invitations
from pathway.conference import Conference, Deadline, State
from storage.agendas import Shown

GATHERED = timedelta(minutes=5)
"""So long changes are gathered before they are told."""


def keep_up(shown: Shown, look: Look) -> datetime | None:
    """Brings one posted agenda up to date. When it must be looked at again, if something of it waits."""
    conference = look.clinic.conferences.of_number(shown.conference)
    if conference is None or shown.posted is None or shown.told is None:
        return None
    match conference.state:
        case State.PLANNED if look.now < conference.ends:
            if not _lies_ahead_again(conference, shown.told, look):
                return _follow(conference, shown, shown.posted, shown.told, look)
            _take_back(conference, shown, shown.told, look)
        case State.CANCELLED:
            _call_off(conference, shown, shown.told, look)
        case _:
            _freeze(conference, shown, shown.told, why_left(conference), look)
    return None


def _follow(
    conference: Conference, shown: Shown, posted: Agenda, told: Agenda, look: Look
) -> datetime | None:
    """Shows a posted agenda as it is now, and tells what changed once it has been gathered."""
    agenda = look.draft(conference)
    card = posted_card(agenda, posted, conference, look.words, look.clinic)
    if look.is_new(conference.ref, card):
        look.clinic.outbox.show(subject(conference), conference.team, card, look.now)
    lines = change_lines(told, agenda, look.words)
    if not lines:
        return None
    waiting = f"{conference.ref} since"
    at = look.roster.team.hours.quiet_until(look.since(waiting) + GATHERED)
    if look.now < at < conference.starts:
        return at
    look.is_over(waiting)
    fresh = changed_card(conference, lines)
    look.clinic.outbox.announce(conference.team, fresh, look.now, subject=subject(conference))
    look.clinic.agendas.put_shown(replace(shown, told=agenda))
    # It has been gathered here already.
    invitations.changed(look.clinic, look.now, conference=conference, at_once=True)
    look.clinic.journal.write("agenda changed", conference.ref, look.now)
    return None


def _lies_ahead_again(conference: Conference, told: Agenda, look: Look) -> bool:
    """Whether it was moved so far that its agenda would not have been posted yet."""
    if conference.starts == told.slot.starts:
        return False
    return look.now < due_times(conference, look.roster, look.clinic)[Deadline.AGENDA]


def _take_back(conference: Conference, shown: Shown, told: Agenda, look: Look) -> None:
    """The agenda is a draft again, posted anew when its time comes."""
    _unpost(conference, shown, look)
    due = due_times(conference, look.roster, look.clinic)
    look.clinic.conferences.set_deadlines(conference.number, due)
    says = (
        f"The conference was moved to {look.words.when(conference.starts)}. "
        f"Its agenda is a draft again, and is posted {look.words.when(due[Deadline.AGENDA])}."
    )
    _say(conference, told, says, (), look)


def _call_off(conference: Conference, shown: Shown, told: Agenda, look: Look) -> None:
    """The conference was cancelled: where those who were on it come instead."""
    _unpost(conference, shown, look)
    following = next(iter(look.clinic.conferences.upcoming(conference.team, look.now, 1)), None)
    after = look.draft(following) if following else None
    lines = tuple(f"{each.patient} {_comes(each.patient, after, look.words)}." for each in told.items)
    _say(conference, told, "The conference was cancelled.", lines, look)


def _unpost(conference: Conference, shown: Shown, look: Look) -> None:
    draft_again = replace(conference, agenda_posted_at=None)
    look.clinic.conferences.put(draft_again, "agenda taken back", look.now)
    look.clinic.agendas.put_shown(replace(shown, open=False, posted=None, told=None))
    invitations.changed(look.clinic, look.now, conference=draft_again)


def _comes(patient: str, after: Agenda | None, words: Words) -> str:
    """When somebody comes instead, by the next conference's agenda."""
    if after is None:
        return "waits for a conference that is planned"
    if any(each.patient == patient for each in after.items):
        return f"comes {words.when(after.slot.starts)}"
    waiting = next((each for each in after.waiting if each.patient == patient), None)
    if waiting is None:
        return "needs no conference any more"
    return f"comes {words.when(waiting.comes)}" if waiting.comes else "waits for a later conference"


def _say(conference: Conference, told: Agenda, says: str, lines: tuple[str, ...], look: Look) -> None:
    """Says on the card and in a fresh message, after quiet hours, that the posted agenda holds no more."""
    _leave(conference, told, says, look)
    fresh = Card(f"The agenda of {conference.ref} holds no more", (Items((says, *lines)),))
    at = look.roster.team.hours.quiet_until(look.now)
    look.clinic.outbox.announce(conference.team, fresh, look.now, subject=subject(conference), send_after=at)


def _freeze(conference: Conference, shown: Shown, told: Agenda, says: str, look: Look) -> None:
    """Leaves the agenda standing as it was last told: what happens now is shown elsewhere."""
    _leave(conference, told, says, look)
    look.clinic.agendas.put_shown(replace(shown, open=False))


def _leave(conference: Conference, told: Agenda, says: str, look: Look) -> None:
    card = frozen(draft_card(told, conference, look.words, look.clinic), says)
    look.clinic.outbox.show(subject(conference), conference.team, card, look.now, in_rooms=False)
