"""How one turn of an item is shown: what matters to the person first, the clock, what is known."""

from collections.abc import Sequence
from datetime import datetime

from cards.card import Card, Choice, Detail, Facts, Items, Part, Text, Tone
from cards.chart import Chart
from handlers.live.brief import Brief, Last
from handlers.live.card import standing
from handlers.measures.chart import picture
from pathway.action import Action
from pathway.action import State as Acted
from pathway.conference import Conference
from pathway.conference import State as Held
from pathway.definition import Definition
from pathway.people import Roster
from pathway.plan import Entry, Sort
from pathway.session import Item, Session, State
from pathway.when import say_standing

EXTEND_BY = 3


def item_card(
    told: Brief,
    chart: Chart | None,
    session: Session,
    conference: Conference,
    roster: Roster,
    definition: Definition,
    now: datetime,
) -> Card:
    """One turn of an item: what matters to the person first, then the clock, the question, what is known."""
    item, zone = told.item, roster.team.hours.zone
    parts: list[Part] = []
    if told.goal:
        parts.append(Text(f"What matters most to them: {told.goal}", Tone.QUOTE, Detail.CLINICAL))
    parts.append(clock(item, zone, now))
    if not told.consent:
        parts.append(Text("Consent to share in the team is not noted yet.", Tone.WARNING))
    facts = (("Question", item.question), ("Language", told.language), ("Outcome", item.outcome))
    parts.append(Facts(tuple(pair for pair in facts if all(pair)), Detail.CLINICAL))
    parts += [picture(chart)] if chart else []
    parts += _known(told, roster, definition, zone, now)
    parts += _written(told, roster, zone, now)
    title = f"{item.patient} · item {item.place} of {len(session.items)} in {conference.ref}"
    running = conference.state is Held.RUNNING
    if item.state is not State.CURRENT:
        title = f"{title} · {standing(item)}"
    left = session.upcoming if running and session.current is None else ()
    choices = item_choices(item) if item.state is State.CURRENT else _onward(left)
    return Card(title, tuple(parts), choices, whole=f"plan show {item.patient}")


def clock(item: Item, zone: str, now: datetime) -> Text:
    """How long it has, or by how much it is longer than that, in words."""
    given = item.minutes + item.extended
    if item.state is not State.CURRENT or item.runs_out_at is None:
        return Text(f"It took {-(-item.seconds(now) // 60)} of {given} min.")
    if now >= item.runs_out_at:
        over = item.over(now)
        said = f"{over} min over its time" if over else "Its time is over"
        return Text(f"{said}: {given} min, until {say_standing(item.runs_out_at, zone, now)}.", Tone.WARNING)
    return Text(f"{given} min, until {say_standing(item.runs_out_at, zone, now)}.")


def item_choices(item: Item) -> tuple[Choice, ...]:
    """What can be done with the current item: first what is written down, then where it goes.

    Each line names the item, so that a second press means no other.
    """
    code, of = item.patient, f"patient={item.patient}"
    more = item.minutes + item.extended + EXTEND_BY
    return (
        Choice("Decision", f"conference decide {of}"),
        Choice("Action", f"conference act {of}"),
        Choice("Barrier", f"conference barrier {of}"),
        Choice("Goal", f"conference goal {of}"),
        Choice("Referral", f"conference refer {of}"),
        Choice("Note", f"conference note {of}"),
        Choice("Next", f"conference next {code}", urgent=True, reaction="➡️"),
        Choice(f"{EXTEND_BY} min more", f"conference extend to={more} {of}", reaction="⏳"),
        Choice("Park", f"conference park {of}", reaction="⏸️"),
        Choice("Leave out", f"conference skip {of}", reaction="⏭️"),
    )


def _onward(left: Sequence[Item]) -> tuple[Choice, ...]:
    """Nothing is current: those that are still to come can be taken."""
    return tuple(Choice(f"Take {each.patient}", f"conference take {each.patient}") for each in left[:5])


def _known(told: Brief, roster: Roster, definition: Definition, zone: str, now: datetime) -> list[Part]:
    """Measures, flags, handoffs, open actions, and what was decided last time and became of it."""
    measures = tuple(
        f"{each.instrument}: {each.now}, {say_standing(each.at, zone, now)}{_since(each.change)}"
        for each in told.trends
    )
    flags = tuple(
        f"{e.ref}, {definition.flag_severity(e.severity).label.lower()}, {e.state}: {e.label}"
        for e in told.flags
    )
    handoffs = tuple(f"{each.ref}, {each.state}" for each in told.handoffs)
    actions = tuple(action_line(each, roster, zone, now) for each in told.open_actions)
    listed = (
        ("Measures", measures),
        ("Open flags", flags),
        ("Open handoffs", handoffs),
        ("Open actions", actions),
    )
    parts: list[Part] = [Items(lines, heading, Detail.CLINICAL) for heading, lines in listed if lines]
    return parts + ([_last(told.last, roster, zone, now)] if told.last else [])


def _since(change: str) -> str:
    return f"; since the baseline {change}" if change else ""


def _last(last: Last, roster: Roster, zone: str, now: datetime) -> Part:
    decided = tuple(entry_line(each) for each in last.entries)
    became = tuple(action_line(each, roster, zone, now) for each in last.actions)
    heading = f"Last time, {last.conference}, {say_standing(last.at, zone, now)}"
    return Items((*decided, *became) or ("Nothing was decided.",), heading, Detail.CLINICAL)


def _written(told: Brief, roster: Roster, zone: str, now: datetime) -> list[Part]:
    """What this conference wrote down: that it did, and who does what until when, in every room."""
    if not told.written and not told.actions:
        return []
    outside = [f"{each.ref}: {each.sort}" for each in told.written]
    outside += [f"{each.ref}: {_who(each, roster, zone, now)}" for each in told.actions]
    clinical = [entry_line(each) for each in told.written]
    clinical += [action_line(each, roster, zone, now) for each in told.actions]
    return [
        Items(tuple(outside), "Written down"),
        Items(tuple(clinical), "In words", Detail.CLINICAL),
    ]


def entry_line(entry: Entry) -> str:
    """An entry of the care plan in one line, with the rationale of a decision."""
    why = f" (because: {entry.rationale})" if entry.sort is Sort.DECISION and entry.rationale else ""
    to = f" to {entry.discipline}" if entry.sort is Sort.REFERRAL and entry.discipline else ""
    return f"{entry.ref}, {entry.sort}{to}: {entry.text}{why}{_now_says(entry.amended)}"


def _now_says(amended: str) -> str:
    return f" [its message says now: {amended}]" if amended else ""


def action_line(action: Action, roster: Roster, zone: str, now: datetime) -> str:
    """An action in one line: who does what until when, and what became of it."""
    came = f": {action.outcome or action.why}" if action.outcome or action.why else ""
    text = f"{action.text}{_now_says(action.amended)}"
    return f"{action.ref}: {text}. {_who(action, roster, zone, now)}{came}"


def _who(action: Action, roster: Roster, zone: str, now: datetime) -> str:
    owner = roster.name(action.owner) if action.owner else "nobody yet"
    said = "not confirmed yet" if action.state is Acted.PROPOSED else str(action.state)
    return f"{owner}, due {say_standing(action.due_at, zone, now)}, {said}"
