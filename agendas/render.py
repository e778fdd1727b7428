"""An agenda as a card, and the sentences that its documents (`agendas.document`) share with it.

What is said by codes only (`Detail.CODE`) is made of the patient's code, of the definition's `outside`
words, of ages in weeks and of the times of conferences. Questions, values, owners and what people wrote are
clinical.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from agendas.agenda import Agenda, Because, Item, NotOn, Waiting
from agendas.rank import Case
from cards.card import Card, Choice, Detail, Items, Part, Text, Tone
from pathway.definition import Definition, shipped
from pathway.definition_agenda import IssueKindDef
from pathway.issue import Issue, Kind
from pathway.when import say_day, say_when

MOST_WAITING = 10
MOST_BUTTONS = 5
NOTHING_ON = "Nothing is outstanding."
UNSEEN = "What was written is shown to those who look after the person."


def _everybody(patient: str) -> bool:
    return True


@dataclass(frozen=True)
class Words:
    """What a rendering needs beside the agenda: the definition, names of members, and whose clock.

    `sees` says of which patients the readers may read what was written. What is `lasting` is read on other
    days too, so that it has dates, and nothing is "today"; what is `dated` stands for some days, and needs no
    year.
    """

    definition: Definition
    name: Callable[[str], str]
    zone: str
    now: datetime
    lasting: bool = False
    dated: bool = False
    sees: Callable[[str], bool] = _everybody

    def kind(self, kind: Kind) -> IssueKindDef:
        """The definition's words for a kind."""
        source = self.definition if self.definition.issue_kinds else shipped()
        return next(each for each in source.issue_kinds if each.id is kind)

    def when(self, moment: datetime) -> str:
        """A moment on the readers' clock."""
        if not self.lasting and not self.dated:
            return say_when(moment, self.zone, self.now)
        here = ZoneInfo(self.zone)
        today = date.min if self.lasting else self.now.astimezone(here).date()
        return f"{say_day(moment.astimezone(here).date(), today)} {self.clock(moment)}"

    def clock(self, moment: datetime) -> str:
        """The time of a moment alone, where its day is known."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%H:%M}"


def agenda_card(agenda: Agenda, words: Words) -> Card:
    """The agenda for a channel: each item with why it is on, and who is not on and why."""
    parts: list[Part] = []
    if agenda.over:
        parts.append(Text(over(agenda), Tone.WARNING))
    for item in agenda.items:
        parts.append(Items(item_lines(item, agenda, words), item_title(item, agenda, words)))
        if words.sees(item.patient):
            parts.append(Items(clinical_lines(item.case, agenda, words), detail=Detail.CLINICAL))
    if not agenda.items:
        parts.append(Text(NOTHING_ON if not agenda.waiting else "Nothing is on."))
    parts += waiting_parts(agenda, words, MOST_WAITING)
    if agenda.idle:
        parts.append(Text(f"Nothing to discuss for {', '.join(agenda.idle)}.", Tone.QUIET))
    if not all(words.sees(each.patient) for each in agenda.items):
        parts.append(Text(UNSEEN, Tone.QUIET))
    whole = f"agenda {agenda.slot.ref}".strip()
    return Card(title(agenda, words), tuple(parts), choices(agenda), whole=whole)


def waiting_card(agenda: Agenda, words: Words) -> Card:
    """Everybody who is not on, with why and when they come."""
    parts = waiting_parts(agenda, words, len(agenda.waiting)) or [Text("Everybody is on.")]
    return Card(f"Not on the agenda of {words.when(agenda.slot.starts)}", tuple(parts))


def title(agenda: Agenda, words: Words) -> str:
    """Of which conference, when, how many, and how long."""
    count = len(agenda.items)
    items = f"{count} {'item' if count == 1 else 'items'}"
    of = f"Agenda of {agenda.slot.ref}" if agenda.slot.ref else "Agenda"
    return f"{of} · {words.when(agenda.slot.starts)} · {items} · {agenda.used} of {agenda.slot.minutes} min"


def over(agenda: Agenda) -> str:
    """By how much it is too long, and why it is."""
    return (
        f"{agenda.over} min too long: safety items, and those the lead keeps on, are never left off. "
        "Take time for them, or defer some."
    )


def choices(agenda: Agenda) -> tuple[Choice, ...]:
    """What is not ready is offered to be deferred; safety is not."""
    unready = [each for each in agenda.items if not each.case.ready and each.because is not Because.SAFETY]
    at, of = (f" conference {agenda.slot.ref}", f" {agenda.slot.ref}") if agenda.slot.ref else ("", "")
    offered = [Choice(f"Defer {each.patient}", f"agenda defer {each.patient}{at}") for each in unready]
    more = [Choice("All who are not on", f"agenda waiting{of}")] if len(agenda.waiting) > MOST_WAITING else []
    return (*offered[:MOST_BUTTONS], *more)


def item_title(item: Item, agenda: Agenda, words: Words) -> str:
    """`1. P-7K3K · 15 min · today 14:00`."""
    return f"{item.place}. {item.patient} · {item.case.minutes} min · {words.when(agenda.starts(item))}"


def item_lines(item: Item, agenda: Agenda, words: Words) -> tuple[str, ...]:
    """Why it is on, how often it was carried and what it lacks, by codes only."""
    case = item.case
    lines = [f"On for: {outstanding(case, agenda, words)}", f"Why here: {item.because}"]
    if item.asked_place and item.because is not Because.MOVED:
        lines.append("This place was given by the lead")
    if case.carried:
        lines.append(f"Carried over {times(case.carried)}")
    lines += dict.fromkeys(f"Not ready: {each.outside}" for each in case.lacks)
    return tuple(lines)


def clinical_lines(case: Case, agenda: Agenda, words: Words) -> tuple[str, ...]:
    """The question, each issue with its rule, value and date, and what is not known."""
    at = agenda.slot.starts
    lines = [f"Question: {case.question}", *(issue_line(each, at, words) for each in case.issues)]
    lines += [f"Not ready: {each.says}" for each in case.lacks if each.says != each.outside]
    return tuple(lines)


def issue_line(issue: Issue, at: datetime, words: Words) -> str:
    """One issue with its age at a moment, its rule, value and date, its owner and what closes it."""
    kind = words.kind(issue.kind)
    why = f"{issue.why.rule}: {issue.why.value}" if issue.why.value else issue.why.rule
    owner = words.name(issue.owner) if issue.owner else "nobody"
    link = f" {issue.link}" if issue.link else ""
    return (
        f"{kind.label} ({issue.source}), {age(issue, at)}. {why}, {words.when(issue.why.at)}. "
        f"Owner: {owner}. Closes when {issue.closes or kind.closes}.{link}"
    )


def outstanding(case: Case, agenda: Agenda, words: Words) -> str:
    """The kinds of what is outstanding by their `outside` words, each with the age of its oldest issue."""
    oldest: dict[str, Issue] = {}
    for issue in case.issues:
        name = words.kind(issue.kind).outside
        oldest[name] = min(oldest.get(name, issue), issue, key=lambda each: each.since)
    return "; ".join(f"{name}, {age(issue, agenda.slot.starts)}" for name, issue in oldest.items())


def age(issue: Issue, at: datetime) -> str:
    """How long it has been open at a moment."""
    weeks = issue.weeks(at)
    return {0: "since this week", 1: "for 1 week"}.get(weeks, f"for {weeks} weeks")


def times(count: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def waiting_parts(agenda: Agenda, words: Words, most: int) -> list[Part]:
    """The first of those who are not on; the rest are counted."""
    if not agenda.waiting:
        return []
    shown, rest = agenda.waiting[:most], len(agenda.waiting[most:])
    lines = [waiting_line(each, agenda, words) for each in shown]
    if rest:
        lines.append(f"and {rest} more: type `agenda waiting`")
    parts: list[Part] = [Items(tuple(lines), "Not on")]
    reasons = tuple(f"{e.patient}: {e.reason}" for e in shown if e.reason and words.sees(e.patient))
    return [*parts, Items(reasons, "Reasons", Detail.CLINICAL)] if reasons else parts


def waiting_line(each: Waiting, agenda: Agenda, words: Words) -> str:
    """Who, for what, why not now, and when."""
    case = each.case
    match each.why:
        case NotOn.DEFERRED:
            why = str(each.why)
        case NotOn.TOO_LONG:
            why = f"{each.why}, which has {agenda.slot.minutes} min"
        case NotOn.NO_ROOM:
            why = f"{each.left} min were left after those before it"
    comes = f"comes {words.when(each.comes)}" if each.comes else "in no conference that is planned yet"
    carried = f", carried over {times(case.carried)}" if case.carried else ""
    said = outstanding(case, agenda, words)
    return f"{each.patient} · {case.minutes} min · {said}{carried} · {why} · {comes}"
