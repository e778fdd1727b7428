"""How a running conference is shown: one card for the whole, one for the roll call, one for each item's turn.

Each turn of an item has a card of its own, which comes fresh and is edited while it lasts: so a button or a
reaction on it means this item, also when somebody else was faster.
"""

from collections.abc import Sequence
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from pathway.conference import Conference
from pathway.conference import State as Held
from pathway.people import Roster
from pathway.roll_call import Attendance, present
from pathway.session import TO_COME, Item, Session, State
from pathway.session_clock import closes_at
from pathway.when import say_standing


def subject_of(conference: Conference, item: Item) -> str:
    """The subject of the card of an item's present turn."""
    turn = f", turn {item.turns}" if item.turns > 1 else ""
    return f"{conference.ref} {item.patient}{turn}"


def roll_subject(conference: Conference) -> str:
    """The subject of the roll call's card."""
    return f"{conference.ref} roll call"


def conference_card(
    conference: Conference, session: Session, stays: Sequence[Attendance], roster: Roster, now: datetime
) -> Card:
    """The living card of a conference that runs or is over: where it stands, item by item."""
    parts: list[Part] = []
    zone = roster.team.hours.zone
    if late := _late(conference, session, now):
        parts.append(Text(late, Tone.WARNING))
    parts.append(Facts(_facts(conference, stays, roster, zone, now)))
    parts.append(Items(tuple(item_line(each, zone, now) for each in session.items) or ("Nothing is on.",)))
    reasons = tuple(f"{each.patient}: {each.reason}" for each in session.items if each.reason)
    if reasons:
        parts.append(Items(reasons, "Reasons", Detail.CLINICAL))
    done = sum(each.state not in TO_COME | {State.CURRENT} for each in session.items)
    count = f"{done} of {len(session.items)} items"
    title = f"{conference.ref} · {conference.state} · {count}"
    return Card(title, tuple(parts), _choices(conference), whole=f"minutes {conference.ref}")


def _late(conference: Conference, session: Session, now: datetime) -> str:
    over = (now - closes_at(conference)).total_seconds() // 60
    if conference.state is not Held.RUNNING or over < 1:
        return ""
    left = sum(each.state in TO_COME for each in session.items)
    return f"{int(over)} min over its time; {left or 'no'} {'item' if left == 1 else 'items'} not reached."


def _facts(
    conference: Conference, stays: Sequence[Attendance], roster: Roster, zone: str, now: datetime
) -> tuple[tuple[str, str], ...]:
    here = present(stays) if conference.state is Held.RUNNING else stays
    names = dict.fromkeys(name_of(each, roster) for each in here)
    pairs = [
        ("Chair", roster.name(conference.chair) if conference.chair else "nobody yet"),
        ("Scribe", roster.name(conference.scribe) if conference.scribe else "nobody yet"),
        ("Here" if conference.state is Held.RUNNING else "Were here", ", ".join(names) or "nobody yet"),
    ]
    if conference.began_at:
        pairs.append(("Began", say_standing(conference.began_at, zone, now)))
    if conference.state is Held.RUNNING:
        pairs.append(("Until", say_standing(closes_at(conference), zone, now)))
    elif conference.ended_at:
        pairs.append(("Ended", say_standing(conference.ended_at, zone, now)))
    return tuple(pairs)


def name_of(stay: Attendance, roster: Roster) -> str:
    """Who is there: a member by name, a guest not, who may be the patient."""
    return roster.name(stay.member) if stay.member else "a guest"


def item_line(item: Item, zone: str, now: datetime) -> str:
    """An item in one line, by codes and times only: `2. P-7K3K · now · until 14:20`."""
    start = f"{item.place}. {item.patient} · {standing(item)}"
    took = item.seconds(now) // 60
    over = f", {item.over(now)} min over its time" if item.over(now) else ""
    if item.state is State.CURRENT:
        until = f"until {say_standing(item.runs_out_at, zone, now)}" if item.runs_out_at else ""
        return f"{start} · {f'{item.over(now)} min over its time' if over else until}"
    if item.state is State.SETTLED and item.closed_at:
        return f"{start}, {say_standing(item.closed_at, zone, now)}"
    carried = f" · carried over {_times(item.carried_before)} before" if item.carried_before else ""
    if item.spent:
        return f"{start} · {took} of {item.minutes + item.extended} min{over}{carried}"
    return f"{start} · {item.minutes} min{carried}"


def standing(item: Item) -> str:
    """Where an item stands, in the words of a list."""
    return {State.CURRENT: "now", State.SKIPPED: "left out, comes again"}.get(item.state, str(item.state))


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _choices(conference: Conference) -> tuple[Choice, ...]:
    ref = conference.ref
    match conference.state:
        case Held.RUNNING:
            return (
                Choice("I am here", f"conference join {ref}", reaction="👋"),
                Choice("Screen", f"conference screen {ref}"),
                Choice("End", f"conference end {ref}"),
            )
        case Held.ENDED:
            return (Choice("Minutes", f"minutes {ref}"), Choice("Go on", f"conference start {ref}"))
        case Held.SIGNED:
            return (Choice("Minutes", f"minutes {ref}"),)
    return ()


def roll_card(
    conference: Conference, session: Session, stays: Sequence[Attendance], roster: Roster, now: datetime
) -> Card:
    """Who is here by discipline, and who of the team is not; with the way to the first item."""
    here = tuple(f"{name_of(each, roster)}{_of(each.discipline)}" for each in present(stays))
    there = {each.member for each in present(stays)}
    missing = [each.member.name for each in roster.places if each.member.id not in there]
    parts: list[Part] = [Items(here or ("Nobody yet.",), "Here")]
    if conference.state is not Held.RUNNING:
        return Card(f"Roll call of {conference.ref}: it is over")
    if missing:
        parts.append(Text(f"Not here: {', '.join(missing)}.", Tone.QUIET))
    first = session.upcoming[:1] if session.current is None else ()
    begin = tuple(Choice("First item", f"conference take {each.patient}", urgent=True) for each in first)
    choices = (
        Choice("I am here", f"conference join {conference.ref}", reaction="👋"),
        Choice("I write the minutes", f"conference scribe {conference.ref}"),
        *begin,
    )
    return Card(f"Roll call of {conference.ref}: who is here?", tuple(parts), choices)


def _of(discipline: str) -> str:
    return f", {discipline}" if discipline else ""
