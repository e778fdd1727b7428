"""Whom no chat reaches is asked by mail when they can come: people outside, and who has only a mailbox."""

import re
from dataclasses import replace
from datetime import datetime

from agendas import poll_mail
from agendas.event import Time
from agendas.invite_mail import Reader
from cards.language import nearest
from handlers.conferences import plain_words
from handlers.conferences.guests import as_invitee
from handlers.conferences.invite import ADDRESS, address_in
from handlers.invitations.invitations import address_of
from handlers.invitations.links import poll_page_of
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.invitee import Invitee, Kind
from pathway.people import Roster
from pathway.poll import Poll, State
from storage.clinic import Clinic
from storage.outbox import Kind as Post

MOST_GUESTS = 10
NAME_THEM = "Name each with a mail address, like `guests Dr Gray gray@practice.example`."


def read_guests(text: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Invitee, ...]:
    """Those who were typed, with commas between; whose address is a member's is asked as a member."""
    theirs = {each.member.email.casefold() for each in by.roster.places if each.member.email}
    found: list[Invitee] = []
    for each in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        address = ADDRESS.search(each)
        if address is None:
            raise Refused(f"“{each[:40]}” has no mail address. {NAME_THEM}")
        name = ADDRESS.sub("", each).strip(" <>\"'")
        plain_words.check(name, by, clinic, now)
        email = address_in(address)
        if email.casefold() not in theirs:
            found.append(Invitee(clinic.invitees.next_key(), Kind.OUTSIDE, name or email, email))
    if len(found) > MOST_GUESTS:
        raise Refused(f"A poll can ask {MOST_GUESTS} people outside.")
    return tuple(found)


def guests(poll: Poll, clinic: Clinic) -> tuple[Invitee, ...]:
    """The people outside who are asked: whom its conference invites, or who were named when it was opened."""
    conference = clinic.conferences.of_number(poll.conference) if poll.conference else None
    asked = clinic.invitees.of_conference(conference) if conference else clinic.invitees.of_poll(poll)
    return tuple(each for each in asked if each.kind is Kind.OUTSIDE)


def ask_by_mail(poll: Poll, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Asks by mail those whom no chat reaches and who have not answered; after their quiet hours."""
    if not clinic.mail_from:
        return
    members = [
        as_invitee(each.member, roster, clinic)
        for each in roster.places
        if each.member.email and not clinic.outbox.direct_lanes(each.member.id)
    ]
    for each in (*guests(poll, clinic), *members):
        if each.email and each.key not in poll.votes:
            _ask(poll, each, roster, clinic, now)


def _ask(poll: Poll, person: Invitee, roster: Roster, clinic: Clinic, now: datetime) -> None:
    address = address_of(person, clinic)
    at = replace(roster.team.hours, zone=person.zone or roster.team.hours.zone).quiet_until(now)
    times = {
        place: Time(starts, poll.minutes) for place, starts in enumerate(poll.slots, start=1) if starts > at
    }
    if address is None or address.refused or not times:
        return
    page = poll_page_of(poll.ref, person.key, clinic)
    reader = Reader(nearest(person.language), person.zone or poll.zone, page=page)
    mail = poll_mail.asking(subject_of(poll), times, reader, at)
    clinic.outbox.mail(address.lane, mail, now, subject=called(poll), send_after=at, kind=Post.ASK)


def subject_of(poll: Poll) -> str:
    """What a time is looked for, by its reference: the conference's, else the poll's own."""
    return f"C-{poll.conference}" if poll.conference else poll.ref


def called(poll: Poll) -> str:
    """What its mails are called in the outbox."""
    return f"ask:{poll.ref}"


def settled(poll: Poll, clinic: Clinic) -> None:
    """Nobody is asked any more: what waits for the morning does not go out."""
    if poll.state is not State.OPEN:
        clinic.outbox.hush(called(poll))


def asked_at(address: str, clinic: Clinic) -> dict[str, Invitee]:
    """Who at this mail address is asked in a poll that is open, by the team that asks them."""
    found: dict[str, Invitee] = {}
    for team in clinic.people.teams():
        for poll in clinic.polls.open_of_team(team.id):
            for each in guests(poll, clinic):
                if each.email.casefold() == address.casefold():
                    found.setdefault(team.id, each)
    return found
