"""What changed between two agendas: all of it, once, with why, and nothing that a person wrote."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agendas.agenda import Agenda
from agendas.assemble import assemble
from agendas.change import Change, What, changes, slot_changes
from agendas.wish import Ask, Wish
from pathway.definition import shipped
from pathway.issue import Issue, Kind, Why
from tests.agendas.outstanding import CODES, NOW, drawn_issues, drawn_wishes, issue, sitting, wish
from tests.agendas.papers import words

SAID = "Sleeps badly since March"
WORDS = replace(words(), dated=True)


def agenda(issues: list[Issue], wishes: list[Wish] | None = None, minutes: int = 60) -> Agenda:
    return assemble(issues, sitting(minutes), shipped(), wishes=wishes or ())


agendas = st.builds(agenda, drawn_issues(), drawn_wishes(), st.integers(20, 80))


def told(before: Agenda, after: Agenda) -> list[str]:
    return [each.why for each in changes(before, after, WORDS)]


@given(agendas)
def test_nothing_is_told_of_what_is_the_same(same: Agenda) -> None:
    assert changes(same, same, WORDS) == ()
    assert slot_changes(same, same, WORDS) == ()


@given(agendas, agendas)
def test_who_came_and_who_left_is_told_once_and_of_whom_it_is_said(before: Agenda, after: Agenda) -> None:
    found = changes(before, after, WORDS)
    was, now = ({each.patient for each in one.items} for one in (before, after))
    assert of(found, What.ADDED) == now - was
    assert of(found, What.DROPPED) == was - now
    assert of(found, What.MOVED) | of(found, What.RETIMED) | of(found, What.AMENDED) <= was & now
    assert len({(each.what, each.patient) for each in found}) == len(found)
    assert all(each.patient in each.why and each.why.endswith(".") for each in found)


@given(agendas, agendas)
def test_whoever_is_not_said_to_have_moved_keeps_their_order_and_whoever_takes_other_minutes_is_told(
    before: Agenda, after: Agenda
) -> None:
    found = changes(before, after, WORDS)
    was = {each.patient: each for each in before.items}
    stayed = [
        each for each in after.items if each.patient in was and each.patient not in of(found, What.MOVED)
    ]
    places = [was[each.patient].place for each in stayed]
    assert all(first < second for first, second in pairwise(places))
    other = {
        e.patient for e in after.items if e.patient in was and e.case.minutes != was[e.patient].case.minutes
    }
    assert of(found, What.RETIMED) == other


@given(st.lists(st.sampled_from(CODES), max_size=5), st.lists(st.sampled_from(CODES), max_size=5))
def test_nothing_that_a_person_wrote_is_in_it(first: list[str], second: list[str]) -> None:
    def written(codes: list[str]) -> Agenda:
        rows = [
            issue(code, Kind.ASKED, 1, SAID, question=SAID, closes=SAID, link=SAID, owner=SAID,
                  why=Why(SAID, SAID, NOW))
            for code in codes
        ]  # fmt: skip
        return agenda(rows, [wish(Ask.DEFER, "P-3333", until=NOW + timedelta(days=9), text=SAID)])

    assert SAID not in " ".join(told(written(first), written(second)))


def of(found: tuple[Change, ...], what: What) -> set[str]:
    return {each.patient for each in found if each.what is what}


WORSE = [issue(code, Kind.WORSE, weeks) for code, weeks in zip(CODES[:3], (3, 2, 1), strict=True)]


def test_who_is_pushed_along_has_not_moved() -> None:
    unsafe = issue("P-7777", Kind.FLAG_OPEN, severity="urgent")
    assert told(agenda(WORSE), agenda([*WORSE, unsafe])) == [
        "P-7777 is new at place 1: Flag open, which is safety."
    ]
    assert told(agenda(WORSE), agenda(WORSE, [wish(Ask.MOVE, "P-4444", place=1)])) == [
        "P-4444 moved from place 3 to 1: asked for by the lead."
    ]


def test_who_is_off_is_told_why_and_when_they_come() -> None:
    put_off = wish(Ask.DEFER, "P-2222", until=NOW + timedelta(days=8))
    assert told(agenda(WORSE), agenda(WORSE, [put_off])) == [
        "P-2222 is off: deferred by the lead; it comes Tue 15 Dec 15:00."
    ]
    assert told(agenda(WORSE), agenda(WORSE, minutes=30)) == [
        "P-4444 is off: more urgent ones take its time; it comes Tue 8 Dec 15:00."
    ]
    assert told(agenda(WORSE), agenda(WORSE[1:])) == [
        "P-2222 has left: nothing for the conference is outstanding any more."
    ]
    assert told(agenda(WORSE[:1]), agenda(WORSE[:1], minutes=10)) == [
        "P-2222 is off: at 15 min it is longer than the conference; it comes Tue 8 Dec 15:00."
    ]


def test_who_is_on_again_is_told_why() -> None:
    short = agenda(WORSE, minutes=30)
    assert told(short, agenda(WORSE, minutes=45)) == ["P-4444 is new at place 3: there is time for it now."]
    assert told(short, agenda(WORSE, [wish(Ask.PIN, "P-4444")], 30)) == [
        "P-4444 is new at place 2: kept on by the lead.",
        "P-3333 is off: more urgent ones take its time; it comes Tue 8 Dec 15:00.",
    ]
    fresh = wish(Ask.BRING, "P-8888", text=SAID)
    assert told(agenda([]), agenda([], [fresh])) == ["P-8888 is new at place 1: brought in by the lead."]
    assert told(agenda([]), agenda(WORSE[:1])) == ["P-2222 is new at place 1: Course came up."]


def test_what_came_and_went_of_an_item_and_its_minutes_are_told() -> None:
    one = WORSE[:1]
    more = [*one, issue("P-2222", Kind.NO_CONTACT, 7)]
    assert told(agenda(one), agenda(more)) == [
        "P-2222 has 17 min instead of 15: more is outstanding.",
        "P-2222: No contact came up.",
    ]
    assert told(agenda(more), agenda(one)) == [
        "P-2222 has 15 min instead of 17: less is outstanding.",
        "P-2222: No contact closed.",
    ]
    asked = [replace(one[0], question=SAID)]
    assert told(agenda(one), agenda(asked)) == ["P-2222: its question was changed."]


def test_who_became_more_urgent_says_so() -> None:
    later = [*WORSE[:2], issue("P-4444", Kind.FLAG_OPEN, 1, severity="urgent")]
    before = [*WORSE[:2], issue("P-4444", Kind.FLAG_OPEN, 1, severity="routine")]
    assert "P-4444 moved from place 3 to 1: it became more urgent." in told(agenda(before), agenda(later))
    assert "P-4444 moved from place 1 to 3: it became less urgent." in told(agenda(later), agenda(before))


def test_a_conference_at_another_time_or_of_other_length_says_so() -> None:
    before = agenda([])
    after = replace(before, slot=replace(before.slot, starts=NOW + timedelta(days=1), minutes=45))
    assert slot_changes(before, after, WORDS) == (
        "The conference is Wed 2 Dec 15:00 instead of Tue 1 Dec 15:00.",
        "The conference has 45 min instead of 60.",
    )
