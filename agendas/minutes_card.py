"""The minutes as a card: who was there, each item with what came of it, what comes again, what was amended.

What is said by codes only (`Detail.CODE`) is made of codes, references, states, times and names of members.
Names of guests, questions and what people wrote are clinical.
"""

from collections.abc import Callable
from datetime import datetime

from agendas.minutes import Agreed, Amendment, Attended, Discussed, Minutes, Written
from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from pathway.session import State
from pathway.when import say_standing

NO_DECISION = "discussed; nothing was decided"
NOTHING = "discussed; nothing was written down"


def minutes_card(
    minutes: Minutes, zone: str, now: datetime, sees: Callable[[str], bool] = lambda code: True
) -> Card:
    """The minutes on the clock of `zone`. Of patients whom the reader may not see, no word is in it."""
    parts: list[Part] = [Facts(_facts(minutes, zone, now))]
    parts.append(Items(tuple(_present(each) for each in minutes.attended) or ("Nobody.",), "There"))
    guests = tuple(_guest(each) for each in minutes.attended if each.guest)
    if guests:
        parts.append(Items(guests, "Guests", Detail.CLINICAL))
    for item in minutes.items:
        parts += _item(item, zone, now, sees(item.patient))
    if minutes.remark:
        parts.append(Text(minutes.remark, Tone.QUOTE, Detail.CLINICAL))
    seen = [each for each in minutes.amendments if not each.patient or sees(each.patient)]
    if minutes.amendments:
        outside = tuple(_amended(each, zone, now) for each in minutes.amendments)
        parts.append(Items(outside, "Amended after signing"))
        words = tuple(f"{_amended(each, zone, now)}: {each.text}" for each in seen)
        parts.append(Items(words, detail=Detail.CLINICAL))
    return Card(_title(minutes), tuple(parts), _choices(minutes), whole=f"minutes {minutes.ref}")


def _title(minutes: Minutes) -> str:
    state = "signed" if minutes.signed_at else "draft"
    count = len(minutes.discussed)
    items = "1 item discussed" if count == 1 else f"{count} items discussed"
    return f"Minutes of {minutes.ref} · {state} · {items}"


def _facts(minutes: Minutes, zone: str, now: datetime) -> tuple[tuple[str, str], ...]:
    began, ended = say_standing(minutes.began_at, zone, now), say_standing(minutes.ended_at, zone, now)
    pairs = [
        ("Team", minutes.team),
        ("Time", f"{began} to {ended}, {minutes.took} of {minutes.minutes} min"),
        ("Chair", minutes.chair or "nobody"),
        ("Scribe", minutes.scribe or "nobody"),
    ]
    if minutes.signed_at:
        pairs.append(("Signed", f"{minutes.signed_by}, {say_standing(minutes.signed_at, zone, now)}"))
    if minutes.again:
        pairs.append(("Comes again", ", ".join(each.patient for each in minutes.again)))
    return tuple(pairs)


def _present(each: Attended) -> str:
    """A member by name, a guest by discipline alone: a guest may be the patient."""
    name = "A guest" if each.guest else each.name
    of = f", {each.discipline}" if each.discipline else ""
    return f"{name}{of}: {each.minutes} min"


def _guest(each: Attended) -> str:
    return f"{each.name}, {each.discipline}" if each.discipline else each.name


def _item(item: Discussed, zone: str, now: datetime, seen: bool) -> list[Part]:
    heading = f"{item.place}. {item.patient}: {standing(item)}"
    outside = outside_lines(item, zone, now)
    parts: list[Part] = [Items(outside, heading) if outside else Text(f"{heading}.")]
    lines = clinical_lines(item, zone, now) if seen else ()
    if lines:
        parts.append(Items(lines, detail=Detail.CLINICAL))
    return parts


def standing(item: Discussed) -> str:
    """What became of an item, with the time that it took, in words."""
    if item.state is State.DONE:
        over = f", {item.over} min over its time" if item.over else ""
        wrote = NO_DECISION if item.written or item.actions or item.outcome else NOTHING
        decided = "" if item.decisions else f", {wrote}"
        return f"{item.took} of {item.minutes} min{over}{decided}"
    again = f", {_times(item.carried)} by now" if item.carried > 1 else ""
    began = f", after {item.took} min" if item.took else ""
    said = "left out, comes again" if item.state is State.SKIPPED else str(item.state)
    return f"{said}{again}{began}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def outside_lines(item: Discussed, zone: str, now: datetime) -> tuple[str, ...]:
    """What was written down, by references, sorts, owners and days only."""
    written = [f"{each.ref}: {each.sort}" for each in item.written]
    return (*written, *(f"{each.ref}: {_who(each, zone, now)}" for each in item.actions))


def clinical_lines(item: Discussed, zone: str, now: datetime) -> tuple[str, ...]:
    """What matters to the person first, the question, and all that was written down, in words."""
    told = (("What matters most", item.goal), ("Question", item.question), ("Outcome", item.outcome))
    lines = [f"{label}: {said}" for label, said in told if said]
    lines += [f"Why: {item.reason}"] if item.reason else []
    lines += [written_line(each) for each in (*item.decisions, *item.beside)]
    return (*lines, *(f"{each.ref}: {each.text}. {_who(each, zone, now)}" for each in item.actions))


def written_line(each: Written) -> str:
    """A decision with its rationale, a referral with whom it goes to, anything else as it is."""
    why = f" (because: {each.rationale})" if each.rationale else ""
    to = f" to {each.discipline}" if each.discipline else ""
    return f"{each.ref}, {each.sort}{to}: {each.text}{why}"


def _who(each: Agreed, zone: str, now: datetime) -> str:
    absent = ", who was not there" if each.absent else ""
    said = "" if each.confirmed else "; not confirmed yet"
    return f"{each.owner}{absent}, due {say_standing(each.due_at, zone, now)}{said}"


def _amended(each: Amendment, zone: str, now: datetime) -> str:
    of = f", {each.patient}" if each.patient else ""
    return f"{each.by}, {say_standing(each.at, zone, now)}{of}"


def _choices(minutes: Minutes) -> tuple[Choice, ...]:
    ref = minutes.ref
    onward = (Choice("Print", f"conference papers {ref}"), Choice("Billing", f"conference billing {ref}"))
    if minutes.signed_at:
        return (Choice("Amend", f"minutes amend {ref}"), *onward)
    return (
        Choice("Correct an item", f"minutes correct {ref}"),
        Choice("Add a remark", f"minutes remark {ref}"),
        Choice("Sign", f"minutes sign {ref}", urgent=True),
        *onward,
    )
