"""A member shares their own calendar, so that times are proposed at which they are free."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cards.card import Card, Text, Tone
from cards.form import ask
from handlers.request import Caller
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True)
class Free:
    """The secret address of one's own calendar."""

    address: str = ask(
        "Address of your calendar", default="", longest=1000, example="https://calendar.example/secret.ics",
        hint="The secret iCal address that your calendar program gives you; off to take it back.",
    )  # fmt: skip


def free(asked: Free, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes the address of the caller's calendar, takes it back, or says how it stands."""
    said = asked.address.strip()
    if said.casefold() in ("off", "none", "stop"):
        if not clinic.busy.take_back(by.id, now):
            raise Refused("You have shared no calendar.")
        return Card("Your calendar is not read any more, and what it said is forgotten.")
    if not said:
        return _standing(by, clinic, now)
    if not by.lane.direct:
        raise Refused("That address is a secret: say it in a direct message with Baton, and make a new one.")
    address = f"https://{said[len('webcal://') :]}" if said.lower().startswith("webcal://") else said
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or " " in address:
        raise Refused("Type the address that your calendar program gives you: it begins with https://.")
    clinic.busy.give(by.id, address, now)
    kept = Text("It is read every hour. When you are busy is kept, and nothing else of it.", Tone.QUIET)
    return Card("Your calendar is read from now on, to propose times at which you are free.", (kept,))


def _standing(by: Caller, clinic: Clinic, now: datetime) -> Card:
    calendar = clinic.busy.of(by.id)
    if calendar is None:
        raise Refused("You have shared no calendar: say `calendar free` and its address in private.")
    read = f"It was read {say_when(calendar.read_at, by.zone, now)}." if calendar.read_at else "Not read yet."
    wrong = (Text(calendar.wrong, Tone.WARNING),) if calendar.wrong else ()
    return Card("Your calendar is shared.", (Text(read), *wrong))
