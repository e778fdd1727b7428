"""`conference screen`: a link for whoever asks, by which a screen follows the conference."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.card import Card, Text, Tone
from cards.form import Kind, ask
from handlers.address import outside_address
from handlers.live.screen_link import link_for, token_of
from handlers.patients import access
from handlers.request import Caller
from pathway.conference import Conference, State
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic

AHEAD = timedelta(days=1)
"""So long before a conference its screen can be asked for."""


@dataclass(frozen=True)
class Wanted:
    """Which conference's screen, and whether it shows more than codes."""

    conference: str = ask("Conference", Kind.CONFERENCE, default="", example="C-12")
    codes: bool = ask(
        "Codes only?", Kind.YES_NO, default="no", word=True,
        hint="For a screen that people see who do not look after the patients.",
    )  # fmt: skip


def link(asked: Wanted, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes the link and shows it in private: it is a key."""
    conference, by = meant(asked.conference, by, clinic, now)
    if conference.state in (State.CANCELLED, State.SIGNED):
        raise Refused(f"{conference.ref} is {conference.state}, so it has no screen.")
    if conference.starts > now + AHEAD:
        at = say_when(conference.starts, by.zone, now)
        raise Refused(f"{conference.ref} is {at}: ask for its screen on that day.")
    address = outside_address(clinic, "A screen", "notes")
    made = link_for(conference, by.id, now, codes=asked.codes)
    clinic.journal.write("conference screen", conference.ref, now, by=by.id)
    shows = (
        Text("It shows codes only, whoever sees it.")
        if asked.codes
        else Text(
            "It shows what you may see, to everybody who sees the screen. For a room with others: "
            f"`conference screen {conference.ref} codes yes`.",
            Tone.WARNING,
        )
    )
    parts = (
        Text(f"{address}/screen/{token_of(made, clinic)}"),
        shows,
        Text(
            "Whoever has the link sees the same until then. Nobody can change anything with it.", Tone.QUIET
        ),
    )
    until = say_when(made.until, by.zone, now)
    return in_private(Card(f"The screen of {conference.ref}, until {until}", parts), by, clinic, now)


def meant(ref: str, by: Caller, clinic: Clinic, now: datetime) -> tuple[Conference, Caller]:
    """The conference that is named; else the team's that runs, is next, or was last. Raises Refused."""
    if ref:
        return access.conference(ref, by, clinic)
    team = by.roster.team.id
    found = clinic.conferences.next_of(team, now) or next(iter(clinic.conferences.past(team, 1)), None)
    if found is None:
        raise Refused("No conference is planned: `conference schedule` plans one.")
    return found, by


def in_private(card: Card, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """The card for the caller alone: as the answer in a direct message, else sent to one."""
    if by.lane.direct:
        return card
    clinic.outbox.tell([by.id], card, now)
    return Card("It is in your direct messages with Baton.")
