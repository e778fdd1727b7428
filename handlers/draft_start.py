"""How a form filled in by talking begins, here or in private, and how one put aside is gone on with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Text, Tone
from cards.form import Form
from cards.question import question
from handlers.command import Command
from handlers.draft import ask_next
from handlers.read import form_for
from handlers.reading import Reading
from handlers.request import Caller, Outcome, Reply, Request
from pathway.handoff import Refused
from storage.clinic import Clinic
from storage.memory import Draft
from storage.outbox import Lane, direct_lane

NO_NAMES = "Names, numbers and addresses do not belong in a channel."
CODES_ONLY = "What is written about a patient does not belong here."


def begin_privately(form: Form, request: Request, by: Caller, clinic: Clinic, now: datetime) -> Reply:
    """Keeps a form that asks for what a room must not hold, and asks its questions in direct messages."""
    lane = direct_lane(request.sender.platform, request.sender.account)
    if request.lane == lane:
        return begin(form, request, by, clinic, now)
    asked = begin(form, replace(request, lane=lane, thread=""), by, clinic, now)
    if asked.card is not None:
        clinic.outbox.say(lane, asked.card, now)
    says = CODES_ONLY if form.clinical else NO_NAMES
    note = Text(says, Tone.QUIET)
    return Reply(Outcome.DONE, Card(f"I ask you for `{form.command}` in private.", (note,)))


def begin(form: Form, request: Request, by: Caller, clinic: Clinic, now: datetime) -> Reply:
    """Keeps the form and asks its first open question. Another that was open here can be gone on with."""
    earlier = clinic.memory.draft(request.lane, by.id)
    draft = Draft(by.id, request.lane, request.thread, form.command, "", dict(form.values))
    reply = ask_next(form, draft, clinic, now)
    if earlier is None or reply.card is None or earlier.values.items() <= form.values.items():
        return reply
    clinic.memory.keep_draft(replace(earlier, lane=_aside(request.lane)), now)
    note = Text(f"`{earlier.command}` is put aside; nothing that you wrote is lost.", Tone.QUIET)
    resume = Choice(f"Go on with {earlier.command}", "resume")
    card = replace(reply.card, parts=(*reply.card.parts, note), choices=(*reply.card.choices, resume))
    return replace(reply, card=card)


def resume(by: Caller, clinic: Clinic, now: datetime, menu: Sequence[Command]) -> Card:
    """Goes on with a form that was put aside here; one that is open now is put aside for it."""
    aside = clinic.memory.draft(_aside(by.lane), by.id)
    command = next((each for each in menu if aside is not None and each.name == aside.command), None)
    if aside is None or command is None:
        raise Refused("No form is put aside here.")
    clinic.memory.drop_draft(aside)
    current = clinic.memory.draft(by.lane, by.id)
    if current is not None:
        clinic.memory.keep_draft(replace(current, lane=_aside(by.lane)), now)
    clinic.memory.keep_draft(replace(aside, lane=by.lane), now)
    return question(form_for(command, aside.values, {}, Reading(by, clinic, now)), aside.field)


def _aside(lane: Lane) -> Lane:
    """Where a form is kept that was put aside at this place."""
    return Lane(lane.platform, f"{lane.target} aside")
