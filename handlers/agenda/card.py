"""How the agenda of a conference is shown: as a draft, as posted, and what changed since."""

from dataclasses import replace
from datetime import datetime, timedelta

from agendas.agenda import Agenda
from agendas.change import changes, slot_changes
from agendas.render import Words, agenda_card
from cards.card import Card, Choice, Items, Part, Text, Tone
from handlers.agenda.times import due_times
from handlers.request import Caller
from pathway.conference import Conference, Deadline, State
from pathway.people import Roster
from storage.clinic import Clinic

NO_CONFERENCE = "No conference is planned"
MOST_LINES = 15
LATE = timedelta(minutes=2)


SUBJECT = "agenda:"


def subject(conference: Conference) -> str:
    """What the posted agenda of a conference, and what is told of it, is about."""
    return f"{SUBJECT}{conference.ref}"


def room_words(roster: Roster, clinic: Clinic, now: datetime) -> Words:
    """For a room, where it stands for days; how much of a patient that shows is the room's own matter."""
    return Words(clinic.definition, roster.name, roster.team.hours.zone, now, dated=True)


def own_words(by: Caller, clinic: Clinic, now: datetime) -> Words:
    """For one person: on their clock, and what was written of the patients whom they may see."""
    return Words(
        clinic.definition, by.roster.name, by.zone, now,
        sees=lambda code: clinic.patients.may_see(code, by.id, now),
    )  # fmt: skip


def draft_card(agenda: Agenda, conference: Conference, words: Words, clinic: Clinic) -> Card:
    """The agenda before it is posted, or as it stands since; it says which."""
    card = agenda_card(agenda, words)
    return replace(card, parts=(standing(conference, words, clinic), *card.parts))


def posted_card(agenda: Agenda, posted: Agenda, conference: Conference, words: Words, clinic: Clinic) -> Card:
    """The posted agenda as it is now, with all that changed since it was posted."""
    card = draft_card(agenda, conference, words, clinic)
    lines = change_lines(posted, agenda, words)
    first, *rest = card.parts
    return replace(card, parts=(first, *changed_parts(lines), *rest))


def standing(conference: Conference, words: Words, clinic: Clinic) -> Text:
    """Whether it is a draft, or posted, and when."""
    at = conference.agenda_posted_at
    if at is not None:
        roster = clinic.people.roster(conference.team)
        usual = roster.team.hours.quiet_until(due_times(conference, roster, clinic)[Deadline.AGENDA])
        late = f", and not {words.when(usual)} as usual" if at - usual > LATE else ""
        return Text(f"Posted {words.when(at)}{late}. Changes are told.", Tone.QUIET)
    if conference.state is not State.PLANNED:
        return Text("The conference has begun.", Tone.QUIET)
    due = clinic.conferences.deadline(conference.number, Deadline.AGENDA)
    when = f" It is posted {words.when(due)}." if due else ""
    return Text(f"A draft, kept up to date.{when}", Tone.QUIET)


def change_lines(before: Agenda, after: Agenda, words: Words) -> tuple[str, ...]:
    """What changed of the conference and of its items, each with why, by codes and times only."""
    return (*slot_changes(before, after, words), *(each.why for each in changes(before, after, words)))


def changed_parts(lines: tuple[str, ...], heading: str = "Changed since it was posted") -> list[Part]:
    """The changes as a list; more than fit are counted."""
    if not lines:
        return []
    rest = len(lines) - MOST_LINES
    return [Items((*lines[:MOST_LINES], *([f"and {rest} more changes"] if rest > 0 else [])), heading)]


def changed_card(conference: Conference, lines: tuple[str, ...]) -> Card:
    """A fresh message about what changed."""
    shows = (Choice("Show it", f"agenda {conference.ref}"),)
    return Card(f"The agenda of {conference.ref} has changed", tuple(changed_parts(lines, "")), shows)


def no_conference() -> Card:
    """What stands in place of an agenda when there is nothing that it could be for."""
    return Card(NO_CONFERENCE, (Text("Plan one with `conference schedule`: its agenda is there at once."),))


def left_card(conference: Conference, roster: Roster, clinic: Clinic, now: datetime) -> Card | None:
    """The agenda as it was left standing, as its changes are told no more; None while they are."""
    shown = clinic.agendas.shown(conference.number)
    if shown is not None and shown.open:
        return None
    if shown is None or shown.told is None:
        return Card(f"The agenda of {conference.ref} holds no more")
    card = draft_card(shown.told, conference, room_words(roster, clinic, now), clinic)
    return frozen(card, why_left(conference))


def why_left(conference: Conference) -> str:
    """Why the changes of an agenda are told no more."""
    if conference.state is State.PLANNED:
        return "The conference was not held."
    return "The conference has begun: this is how it was."


def frozen(card: Card, says: str) -> Card:
    """A card on which nothing can be done any more, below why."""
    return replace(card, parts=(Text(says, Tone.QUIET), *card.parts[1:]), choices=())
