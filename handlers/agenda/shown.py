"""The agenda in chat: shown, who is not on it, and posted before its time."""

from dataclasses import dataclass, replace
from datetime import datetime

from agendas.agenda import Agenda
from agendas.render import waiting_card
from cards.card import Card, Choice
from cards.form import Kind, ask
from handlers.agenda.card import draft_card, frozen, no_conference, own_words, posted_card
from handlers.agenda.draft import draft
from handlers.agenda.post import post
from handlers.issues import outstanding
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.handoff import Refused
from storage.clinic import Clinic


@dataclass(frozen=True)
class Which:
    """Which conference; the next one, if it is left out."""

    conference: str = ask("Conference", Kind.CONFERENCE, default="", example="C-12")


def show(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The agenda as it stands now: what is on, why, and what is not and why."""
    conference, by = which(asked.conference, by, clinic, now)
    if conference is None:
        return no_conference()
    words = own_words(by, clinic, now)
    known = clinic.agendas.shown(conference.number)
    if conference.state is not State.PLANNED:
        if known is None or known.told is None:
            raise Refused(f"{conference.ref} is {conference.state}, and its agenda was not posted.")
        return frozen(
            draft_card(known.told, conference, words, clinic), f"{conference.ref} is {conference.state}."
        )
    agenda = current(conference, clinic, now)
    if known is not None and known.posted is not None:
        return posted_card(agenda, known.posted, conference, words, clinic)
    card = draft_card(agenda, conference, words, clinic)
    if not by.may("conference"):
        return card
    return replace(card, choices=(*card.choices, Choice("Post it now", f"agenda post {conference.ref}")))


def waiting(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Everybody who is not on, with why, and when they come."""
    conference, by = which(asked.conference, by, clinic, now)
    if conference is None:
        return no_conference()
    return waiting_card(current(conference, clinic, now), own_words(by, clinic, now))


def post_it(asked: Which, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Posts the agenda now, before its time; from then on its changes are told."""
    conference, by = planned(asked.conference, by, clinic, now)
    if conference.agenda_posted_at is not None:
        raise Refused(f"The agenda of {conference.ref} is posted already; what changes is told by itself.")
    outstanding.up_to_date(conference.team, clinic, now)
    post(conference, clinic, now, by=by.id)
    return Card(f"The agenda of {conference.ref} is posted.")


def current(conference: Conference, clinic: Clinic, now: datetime) -> Agenda:
    """The agenda of a conference with all that has changed up to this moment."""
    outstanding.up_to_date(conference.team, clinic, now)
    return draft(conference, clinic, now)


def which(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Conference | None, Caller]:
    """The conference that is meant, by its reference or the team's next, and the caller in its team."""
    if ref:
        return access.conference(ref, by, clinic)
    return clinic.conferences.next_of(by.roster.team.id, now), by


def planned(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Conference, Caller]:
    """The same, for who prepares conferences, and of one that is still to come. Raises Refused."""
    conference, by = which(ref, by, clinic, now)
    if not by.may("conference"):
        raise Refused(f"That belongs to {by.roster.team.name}, where your role can't change agendas.")
    if conference is None:
        raise Refused("No conference is planned: `conference schedule` plans one.")
    if conference.state is not State.PLANNED:
        raise Refused(f"{conference.ref} is {conference.state}: its agenda can't be changed any more.")
    return conference, by
