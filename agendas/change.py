"""What changed between two agendas of one conference, and why, in sentences of codes and times only."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agendas.agenda import Agenda, Because, Item, NotOn, Waiting
from agendas.rank import Case
from agendas.render import Words
from pathway.issue import Issue


class What(StrEnum):
    """What happened to an item."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"
    RETIMED = "retimed"
    AMENDED = "amended"


@dataclass(frozen=True)
class Change:
    """One change. `why` is one sentence that names the patient's code."""

    what: What
    patient: str
    why: str


def changes(before: Agenda, after: Agenda, words: Words) -> tuple[Change, ...]:
    """Every change, in the order of the new agenda; those who left come last. Nothing if they say the same.

    Who is only pushed along by others has not moved: beside those whom the lead moved, as few as possible
    are said to have moved.
    """
    was = {each.patient: each for each in before.items}
    now = {each.patient: each for each in after.items}
    found: list[Change] = []
    moved = _moved(before, after)
    for code, item in now.items():
        if code not in was:
            found.append(Change(What.ADDED, code, _added(item, before, words)))
            continue
        if code in moved:
            found.append(Change(What.MOVED, code, _why_moved(was[code], item)))
        if item.case.minutes != was[code].case.minutes:
            found.append(Change(What.RETIMED, code, _retimed(was[code].case, item.case)))
        if amended := _amended(was[code].case, item.case, words):
            found.append(Change(What.AMENDED, code, amended))
    waiting = {each.patient: each for each in after.waiting}
    for code, item in was.items():
        if code not in now:
            found.append(Change(What.DROPPED, code, _dropped(item, waiting.get(code), words)))
    return tuple(found)


def slot_changes(before: Agenda, after: Agenda, words: Words) -> tuple[str, ...]:
    """That the conference itself is at another time, or has other minutes; nothing if it has not."""
    was, now = before.slot, after.slot
    said = []
    if was.starts != now.starts:
        said.append(f"The conference is {words.when(now.starts)} instead of {words.when(was.starts)}.")
    if was.minutes != now.minutes:
        said.append(f"The conference has {now.minutes} min instead of {was.minutes}.")
    return tuple(said)


def _added(item: Item, before: Agenda, words: Words) -> str:
    start = f"{item.patient} is new at place {item.place}"
    match item.because:
        case Because.SAFETY:
            reason = f"{_names(item.case.issues[:1], words)}, which is safety"
        case Because.RANKED if item.patient in {each.patient for each in before.waiting}:
            reason = "there is time for it now"
        case Because.RANKED:
            reason = f"{_names(item.case.issues[:1], words)} came up"
        case because:
            reason = str(because)
    return f"{start}: {reason}."


def _dropped(item: Item, waiting: Waiting | None, words: Words) -> str:
    code = item.patient
    if waiting is None:
        return f"{code} has left: nothing for the conference is outstanding any more."
    comes = f"it comes {words.when(waiting.comes)}" if waiting.comes else "it waits for a later conference"
    why = {
        NotOn.DEFERRED: "deferred by the lead",
        NotOn.NO_ROOM: "more urgent ones take its time",
        NotOn.TOO_LONG: f"at {waiting.case.minutes} min it is longer than the conference",
    }[waiting.why]
    return f"{code} is off: {why}; {comes}."


def _why_moved(was: Item, now: Item) -> str:
    """The cause that can be told: the lead, another rank, or what became more or less urgent."""
    start = f"{now.patient} moved from place {was.place} to {now.place}"
    if now.asked_place != was.asked_place:
        return f"{start}: {'asked for by the lead' if now.asked_place else 'the lead took a move back'}."
    if now.case.order[:2] < was.case.order[:2]:
        return f"{start}: it became more urgent."
    if now.case.order[:2] > was.case.order[:2]:
        return f"{start}: it became less urgent."
    return f"{start}: others changed around it."


def _retimed(was: Case, now: Case) -> str:
    fewer_or_more = len(now.issues) - len(was.issues)
    why = "set by the lead, or by what such items took before"
    if fewer_or_more:
        why = "more is outstanding" if fewer_or_more > 0 else "less is outstanding"
    return f"{now.patient} has {now.minutes} min instead of {was.minutes}: {why}."


def _amended(was: Case, now: Case, words: Words) -> str:
    """What came and went of an item that stays, and whether its question was changed."""
    old, new = {each.key for each in was.issues}, {each.key for each in now.issues}
    came = [each for each in now.issues if each.key not in old]
    gone = [each for each in was.issues if each.key not in new]
    said = [f"{_names(came, words)} came up"] if came else []
    said += [f"{_names(gone, words)} closed"] if gone else []
    if not said and was.question != now.question:
        said.append("its question was changed")
    return f"{now.patient}: {', '.join(said)}." if said else ""


def _names(issues: Sequence[Issue], words: Words) -> str:
    return ", ".join(dict.fromkeys(words.kind(each.kind).outside for each in issues))


def _moved(before: Agenda, after: Agenda) -> set[str]:
    """Those whom the lead moved; of the others all but the longest run that kept its order."""
    old = {each.patient: each for each in before.items}
    stayed = [(each, old[each.patient]) for each in after.items if each.patient in old]
    asked = {
        now.patient for now, was in stayed if now.asked_place != was.asked_place and now.place != was.place
    }
    others = [(now.patient, was.place) for now, was in stayed if now.patient not in asked]
    codes = [code for code, _ in others]
    return asked | (set(codes) - set(_longest_rising(codes, [place for _, place in others])))


def _longest_rising(codes: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """The codes of a longest rising run of places (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        pile = bisect_left(tails, place)
        tails[pile : pile + 1] = [place]
        before.append(ends[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [at]
    at = ends[-1] if ends else -1
    while at >= 0:
        yield codes[at]
        at = before[at]
