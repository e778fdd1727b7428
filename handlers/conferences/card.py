"""How a planned conference is shown: when, for everybody in their own zone, where, and what can be done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cards.card import Card, Choice, Facts, Items, Part, Text, Tone
from pathway.conference import Conference, State
from pathway.conference_words import say_elsewhere, say_slot
from pathway.invitee import FOR_ONE_ITEM, Answer, Answered, Invitee, Kind
from pathway.people import Roster
from pathway.series import Series
from pathway.when import say_standing


def planned_card(
    conference: Conference,
    series: Series | None,
    roster: Roster,
    now: datetime,
    zone: str = "",
    expected: tuple[Part, ...] = (),
) -> Card:
    """The living card of a conference that has not begun; `zone` is whose clock it shows, "" for the team's.

    `expected` says who is coming.

    Its title, which a locked phone shows, holds nothing that anybody typed.
    """
    zone = zone or conference.zone
    pairs = [("When", say_slot(conference.starts, conference.minutes, zone, now, say=say_standing))]
    zones = [each.member.zone for each in roster.places if each.member.zone]
    if elsewhere := say_elsewhere(conference.starts, zone, [conference.zone, *zones]):
        pairs.append(("Elsewhere", elsewhere))
    if conference.where:
        pairs.append(("Where", conference.where))
    if series is not None:
        pairs.append(("Series", series.ref))
    parts: list[Part] = [Text(conference.title), Facts(tuple(pairs))]
    if moved := _moved(conference, zone, now):
        parts.append(Text(moved, Tone.QUIET))
    parts += expected
    return Card(f"{conference.ref} · {conference.state} · {_short(conference, zone, now)}", tuple(parts),
        choices(conference))  # fmt: skip


def _short(conference: Conference, zone: str, now: datetime) -> str:
    return say_standing(conference.starts, zone, now, zone_name=True)


def _moved(conference: Conference, zone: str, now: datetime) -> str:
    if conference.recurs_at is None or conference.recurs_at == conference.starts:
        return ""
    return f"Moved: the series has it {say_standing(conference.recurs_at, zone, now, zone_name=True)}."


def rsvp(to: Conference | Series) -> tuple[Choice, ...]:
    """The answers that somebody who is invited can give, as buttons and reactions."""
    return (
        Choice("Coming", f"conference accept {to.ref}", reaction="👍"),
        Choice("Maybe", f"conference maybe {to.ref}", reaction="🤔"),
        Choice("Can't come", f"conference decline {to.ref}", reaction="👎"),
    )


def guests_part(guests: Sequence[Invitee], answers: Mapping[str, Answered]) -> tuple[Items, ...]:
    """Who is invited, and what they answered; patients and carers by code alone."""
    lines = tuple(f"{called(each)}{_said(answers.get(each.key))}" for each in sorted(guests, key=called))
    return (Items(lines, "Invited"),) if lines else ()


def _said(answered: Answered | None) -> str:
    if answered is None or answered.answer is Answer.NEEDS_ACTION:
        return ""
    return f": {answered.answer.value.lower()}"


def called(guest: Invitee) -> str:
    """How somebody who is invited is called where everybody reads it: patients and carers by code alone."""
    if guest.kind in FOR_ONE_ITEM:
        who = "patient" if guest.kind is Kind.PATIENT else "a carer of"
        return f"{guest.key} ({who} {guest.patient})"
    return guest.name if guest.member else f"{guest.key} ({guest.name})"


def choices(conference: Conference) -> tuple[Choice, ...]:
    """What can be done with it now, as buttons."""
    show = Choice("Show", f"conference show {conference.ref}")
    match conference.state:
        case State.PLANNED:
            return (*rsvp(conference), show)
        case State.CANCELLED:
            return (show,)
        case _:
            return ()
