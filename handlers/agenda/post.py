"""The agenda is posted: from then on it stands in the team's rooms, and its changes are told."""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice
from handlers.agenda import readiness
from handlers.agenda.card import draft_card, room_words, subject
from handlers.agenda.draft import draft
from handlers.invitations import invitations
from pathway.conference import Conference, Deadline
from storage.agendas import Shown
from storage.clinic import Clinic


def post(conference: Conference, clinic: Clinic, now: datetime, *, by: str = "") -> Conference:
    """Posts the agenda in the team's rooms, as it is now; the lead hears in private what is not ready.

    Patients and carers who are invited to their own item are told by mail when it is.
    """
    roster = clinic.people.roster(conference.team)
    agenda = draft(conference, clinic, now)
    posted = replace(conference, agenda_posted_at=now)
    clinic.conferences.put(posted, "agenda posted", now, by=by)
    known = clinic.agendas.shown(conference.number) or Shown(conference.number, conference.team)
    clinic.agendas.put_shown(replace(known, open=True, posted=agenda, told=agenda))
    clinic.conferences.set_deadlines(conference.number, {Deadline.AGENDA: None})
    invitations.changed(clinic, now, conference=posted)
    card = draft_card(agenda, posted, room_words(roster, clinic, now), clinic)
    if clinic.outbox.stands(subject(conference)):  # one that was taken back: an edit alone is not seen
        shows = (Choice("Show it", f"agenda {conference.ref}"),)
        again = Card(f"The agenda of {conference.ref} is posted anew", (), shows)
        clinic.outbox.announce(roster.team.id, again, now, subject=subject(conference))
    clinic.outbox.show(subject(conference), roster.team.id, card, now)
    readiness.offer_deferral(agenda, posted, roster, clinic, now)
    return posted
