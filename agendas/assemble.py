"""Outstanding issues, a conference and wishes -> an agenda; what does not fit is listed, never lost."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from agendas.agenda import Agenda, Because, Item, NotOn, Sitting, Waiting
from agendas.pack import Load, ahead, arrange, pack
from agendas.rank import Case, Known, Past, Urgency
from agendas.wish import NOTHING, Ask, Standing, Wish, standing
from pathway.definition import Definition
from pathway.issue import Issue, Kind, Rank, Why, once

NOBODY: Known = Known()
NO_PAST: Past = Past()


def assemble(
    issues: Iterable[Issue],
    sitting: Sitting,
    definition: Definition,
    *,
    wishes: Iterable[Wish] = (),
    known: Known = NOBODY,
    past: Past = NO_PAST,
) -> Agenda:
    """The agenda of a conference: the same arguments in any order give the same agenda.

    Ages count at the start of the conference, so that a draft does not change with the clock. Minutes are
    never exceeded but by safety items, which are never left off by themselves, and by what the lead wants on.
    """
    wanted = standing(wishes)
    found = once((*issues, *_brought(wanted)))
    open_issues = [each for each in found if not each.private]
    urgency = Urgency(definition, sitting.slot.starts, known, past)
    ranked = urgency.cases(open_issues, sitting.expected)
    cases = {case.patient: _as_wished(case, wanted) for case in ranked}
    deferred = {
        code: wish for code, case in cases.items() if (wish := _deferred(case, wanted, sitting, urgency))
    }
    loads = [_load(case, wanted) for code, case in cases.items() if code not in deferred]
    packed = pack(loads, sitting.slot.minutes)
    on = arrange(packed.on, _places(wanted, packed.on))
    waiting = [code for code in cases if code in packed.left or code in deferred]
    return Agenda(
        slot=sitting.slot,
        items=_items([cases[code] for code in on], wanted),
        waiting=_waiting([cases[code] for code in waiting], packed.left, deferred, sitting),
        apart=tuple(each for each in found if each.private),
        idle=tuple(code for code in wanted if code not in cases),
    )


def _brought(wanted: Mapping[str, Standing]) -> list[Issue]:
    """What the lead brings in, as issues: their question is the first of the item."""
    return [
        Issue(
            patient=code, kind=Kind.ASKED, source="brought in", since=wish.at, owner=wish.by,
            why=Why("Brought in by the lead", "", wish.at), question=wish.text,
        )
        for code, each in wanted.items()
        if (wish := each.kept) and wish.ask is Ask.BRING
    ]  # fmt: skip


def _as_wished(case: Case, wanted: Mapping[str, Standing]) -> Case:
    wish = wanted.get(case.patient, NOTHING)
    if wish.kept and wish.kept.ask is Ask.BRING:
        case = replace(case, question=wish.kept.text)
    return replace(case, minutes=wish.retimed.minutes) if wish.retimed else case


def _deferred(case: Case, wanted: Mapping[str, Standing], sitting: Sitting, urgency: Urgency) -> Wish | None:
    """The wish that defers this case beyond the conference; what became unsafe after it brings it back."""
    wish = wanted.get(case.patient, NOTHING).deferred
    if wish is None or wish.until is None or wish.until <= sitting.slot.starts:
        return None
    unsafe = (each for each in case.issues if urgency.rank(each) is Rank.SAFETY)
    return None if any(max(each.since, each.why.at) > wish.at for each in unsafe) else wish


def _load(case: Case, wanted: Mapping[str, Standing]) -> Load:
    holds = wanted.get(case.patient, NOTHING).holds is not None
    return Load(case.patient, case.minutes, held=case.rank is Rank.SAFETY or holds)


def _places(wanted: Mapping[str, Standing], on: Iterable[str]) -> list[tuple[int, str]]:
    """The moves of those who are on, the earliest wish first."""
    moves = sorted((wish.at, code) for code in on if (wish := wanted.get(code, NOTHING).moved))
    places = {code: each.moved.place for code, each in wanted.items() if each.moved}
    return [(places[code], code) for _, code in moves]


def _items(cases: Iterable[Case], wanted: Mapping[str, Standing]) -> tuple[Item, ...]:
    items: list[Item] = []
    after = 0
    for place, case in enumerate(cases, start=1):
        wish = wanted.get(case.patient, NOTHING)
        asked = wish.moved.place if wish.moved else 0
        items.append(Item(place, case, _because(case, wish), after, asked))
        after += case.minutes
    return tuple(items)


def _because(case: Case, wish: Standing) -> Because:
    if case.rank is Rank.SAFETY:
        return Because.SAFETY
    if wish.kept:
        return Because.BROUGHT if wish.kept.ask is Ask.BRING else Because.PINNED
    return Because.MOVED if wish.moved else Because.RANKED


def _waiting(
    cases: list[Case], left: Mapping[str, int], deferred: Mapping[str, Wish], sitting: Sitting
) -> tuple[Waiting, ...]:
    later = sorted(sitting.later, key=lambda each: each.starts)
    first = {
        code: sum(slot.starts < wish.until for slot in later if wish.until) for code, wish in deferred.items()
    }
    loads = [Load(each.patient, each.minutes, held=each.rank is Rank.SAFETY) for each in cases]
    comes = ahead(loads, [slot.minutes for slot in later], first)
    made = []
    for case in cases:
        code = case.patient
        at = later[comes[code]].starts if code in comes else None
        if code in deferred:
            made.append(Waiting(case, NotOn.DEFERRED, comes=at, reason=deferred[code].text))
        else:
            why = NotOn.TOO_LONG if case.minutes > sitting.slot.minutes else NotOn.NO_ROOM
            made.append(Waiting(case, why, left=left[code], comes=at))
    return tuple(made)
