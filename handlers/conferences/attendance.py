"""Who is expected at a conference, counted by discipline: what its card says in rooms, without a name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agendas.habits import settings
from cards.card import Items, Part, Text, Tone
from pathway.conference import Conference, State
from pathway.invitee import FOR_ONE_ITEM, Answer, Answered, Invitee
from pathway.people import Roster
from storage.clinic import Clinic

_OWN_ITEM = "For their own item"
_OTHERS = "Others"
_SAID: Mapping[Answer, str] = {
    Answer.ACCEPTED: "coming",
    Answer.TENTATIVE: "maybe",
    Answer.NEEDS_ACTION: "not answered",
    Answer.DELEGATED: "sending somebody else",
    Answer.DECLINED: "not coming",
}
_AWAY = "away"
_CANNOT = frozenset({_SAID[Answer.DECLINED], _SAID[Answer.DELEGATED], _AWAY})


@dataclass(frozen=True)
class Attendance:
    """How many of each discipline are coming, not coming and so on, and what a quorum lacks.

    `lost` are disciplines that the quorum needs and of which nobody can come; `open_` those of which nobody
    has said yes, but somebody still may.
    """

    counts: Mapping[str, Counter[str]]
    lost: tuple[str, ...]
    open_: tuple[str, ...]


def attendance(conference: Conference, roster: Roster, clinic: Clinic) -> Attendance:
    """What everybody who is invited has said, as counts."""
    answers = clinic.invitees.answers(conference)
    counts: dict[str, Counter[str]] = {}
    for each in clinic.invitees.of_conference(conference):
        group = _OWN_ITEM if each.kind in FOR_ONE_ITEM else each.discipline or _OTHERS
        counts.setdefault(group, Counter())[_said(each, answers[each.key], conference, roster)] += 1
    needed = _quorum(conference, clinic)
    without = [each for each in needed if not counts.get(each, Counter())[_SAID[Answer.ACCEPTED]]]
    lost = tuple(each for each in without if counts.get(each, Counter()).keys() <= _CANNOT)
    return Attendance(counts, lost, tuple(each for each in without if each not in lost))


def _said(invitee: Invitee, given: Answered, conference: Conference, roster: Roster) -> str:
    unsure = given.answer in (Answer.NEEDS_ACTION, Answer.TENTATIVE)
    if invitee.member and unsure and roster.away(invitee.member, conference.starts):
        return _AWAY
    return _SAID[given.answer]


def _quorum(conference: Conference, clinic: Clinic) -> Sequence[str]:
    settled = clinic.agendas.habits(conference.team, conference.series).quorum
    return settings(clinic.definition).quorum if settled is None else settled


def attendance_parts(conference: Conference, roster: Roster, clinic: Clinic) -> tuple[Part, ...]:
    """The lines of a card about a conference that is still to come."""
    found = attendance(conference, roster, clinic)
    if conference.state is not State.PLANNED or not found.counts:
        return ()
    parts: list[Part] = []
    if found.lost:
        parts.append(Text(f"No quorum: nobody of {_listed(found.lost)} can come.", Tone.WARNING))
    elif found.open_:
        parts.append(Text(f"The quorum still needs a yes from {_listed(found.open_)}.", Tone.QUIET))
    groups = sorted(found.counts, key=lambda each: (each in (_OTHERS, _OWN_ITEM), each))
    lines = tuple(f"{_capital(each)}: {_line(found.counts[each])}" for each in groups)
    return (Items(lines, "Expected"), *parts)


def _line(counts: Counter[str]) -> str:
    order = [*_SAID.values(), _AWAY]
    return ", ".join(f"{counts[each]} {each}" for each in order if counts[each])


def _listed(disciplines: Sequence[str]) -> str:
    return " and ".join(disciplines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
