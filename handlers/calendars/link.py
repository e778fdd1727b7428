"""A member's own calendar and mailbox: where their calendar program fetches, and where invitations go."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Facts, Text, Tone
from cards.form import Kind, ask
from cards.mail import BadAddress, read_address
from handlers.conferences.step import may_plan
from handlers.invitations import invitations
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.invitee import member_key
from storage.clinic import Clinic

TASKS, EVENTS = "tasks", "events"
NONE = "none"


@dataclass(frozen=True)
class Link:
    """How actions stand in it."""

    actions: str = ask("Actions as tasks or events", default=EVENTS, example=TASKS)


@dataclass(frozen=True)
class Mailbox:
    """A mail address."""

    address: str = ask(
        "Mail address", example="ana@example.org", hint="Or “none”, for no invitations by mail."
    )


def link(asked: Link, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The secret address of the caller's own calendar, for their calendar program."""
    if not clinic.base_url:
        raise Refused("Calendars need an address of this service: whoever runs it sets BATON_BASE_URL.")
    word = asked.actions.strip().lower()
    if word not in (TASKS, EVENTS):
        raise Refused("Actions are shown as tasks or as events: say `calendar link tasks`, or `events`.")
    made = clinic.feeds.make(by.id, word == TASKS, now)
    address = f"{clinic.base_url}/calendar/{made.token}.ics"
    says = "Give it to your calendar program as a subscription. Whoever has it sees when you meet: keep it."
    parts = (
        Facts((("Address", address),)), Text(says), Text("No patient is named in it.", Tone.QUIET)
    )  # fmt: skip
    card = Card("Your own calendar", parts, (Choice("End this address", "calendar end"),))
    if by.lane.direct:
        return card
    clinic.outbox.tell([by.id], card, now)
    return Card("The address of your calendar comes to you in private.")


def end(_: object, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Ends the address of the caller's calendar."""
    if not clinic.feeds.end(by.id, now):
        raise Refused("You have no calendar address: `calendar link` makes one.")
    return Card("Your calendar address works no more.", (), (Choice("Make a new one", "calendar link"),))


def mailbox(asked: Mailbox, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Where the caller's invitations go."""
    typed = asked.address.strip()
    try:
        address = "" if typed.lower() == NONE else read_address(typed)
    except BadAddress as error:
        raise Refused(str(error)) from error
    if address:
        clinic.addresses.accept(clinic.addresses.of(address).id)
    clinic.people.save(replace(by.member, email=address))
    clinic.journal.write("mail address", f"member:{by.id}", now, by=by.id)
    for ref in clinic.invitees.subjects_of(member_key(by.id)):
        invitations.look_again(ref, clinic, now)
    if not address:
        return Card("You get no invitations by mail any more.")
    return Card("Your invitations go there from now on.", (), (Choice("Your own calendar", "calendar link"),))


@dataclass(frozen=True)
class Again:
    """An invitation, and to whom."""

    which: str = ask("Conference or series", Kind.CONFERENCE_OR_SERIES, example="C-12")
    whom: str = ask("To whom", Kind.LINE, example="I-4")


def again(asked: Again, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Sends somebody an invitation again, also where an address was refused."""
    to = clinic.conferences.find(asked.which) or clinic.series.find(asked.which)
    if to is None or (there := by.within(clinic.people.roster(to.team))).role is None:
        raise Refused(f"There is no {asked.which} in your team.")
    may_plan(there)
    told = {key: each for key, each in clinic.invites.told(asked.which).items() if key == asked.whom}
    if not told:
        raise Refused(f"{asked.whom} was sent nothing about {asked.which}.")
    for key, each in told.items():
        clinic.addresses.accept(each.address)
        invitations.again(asked.which, key, clinic, now)
    return Card(f"The invitation to {asked.which} is sent again.")
