"""What is true of every agenda, whatever is outstanding and whatever the lead wishes."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.agenda import Agenda, Because, NotOn, Slot
from agendas.assemble import assemble
from agendas.rank import Known, Lack, Past
from agendas.wish import NOTHING, Ask, Wish, standing
from pathway.definition import shipped
from pathway.issue import Issue, Kind, Rank, once
from tests.agendas.outstanding import CODES, NOW, drawn_issues, drawn_wishes, issue, sitting, wish

MINUTES = st.integers(5, 90)
PASTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 5)).map(lambda carried: Past(carried))


def agenda(
    issues: list[Issue], minutes: int = 60, wishes: list[Wish] | None = None, past: Past | None = None
) -> Agenda:
    return assemble(issues, sitting(minutes), shipped(), wishes=wishes or (), past=past or Past())


def on(made: Agenda) -> list[str]:
    return [each.patient for each in made.items]


@given(drawn_issues(), MINUTES, drawn_wishes(), PASTS)
def test_nothing_is_lost_and_nothing_is_there_twice(
    issues: list[Issue], minutes: int, wishes: list[Wish], past: Past
) -> None:
    made = agenda(issues, minutes, wishes, past)
    cases = [each.case for each in made.items] + [each.case for each in made.waiting]
    there = [each.key for case in cases for each in case.issues] + [each.key for each in made.apart]
    brought = {each.patient for each in wishes if each.ask is Ask.BRING}
    assert len(there) == len(set(there))
    assert {each.key for each in issues} == {key for key in there if key[2] != "brought in"}
    assert {key[0] for key in there if key[2] == "brought in"} <= brought
    assert len({case.patient for case in cases}) == len(cases)
    assert all(case.patient == each.patient for case in cases for each in case.issues)
    assert not any(each.private for case in cases for each in case.issues)
    assert all(case.question for case in cases)


@given(drawn_issues(), MINUTES, drawn_wishes(), PASTS)
def test_minutes_are_exceeded_only_by_safety_and_by_what_the_lead_wants(
    issues: list[Issue], minutes: int, wishes: list[Wish], past: Past
) -> None:
    made = agenda(issues, minutes, wishes, past)
    held = [each for each in made.items if each.because is not Because.RANKED]
    assert made.over == 0 or held == list(made.items)
    assert made.over == max(sum(each.case.minutes for each in made.items) - minutes, 0)
    assert [each.place for each in made.items] == list(range(1, len(made.items) + 1))
    assert [each.after for each in made.items] == [
        sum(before.case.minutes for before in made.items[:at]) for at in range(len(made.items))
    ]


@given(drawn_issues(), MINUTES, drawn_wishes())
def test_the_machine_never_defers_safety_and_the_leads_wishes_hold(
    issues: list[Issue], minutes: int, wishes: list[Wish]
) -> None:
    made = agenda(issues, minutes, wishes)
    wanted = standing(wishes)
    for each in made.waiting:
        assert each.case.rank is not Rank.SAFETY or each.why is NotOn.DEFERRED
        assert wanted.get(each.patient, NOTHING).holds is None
        assert (each.why is NotOn.DEFERRED) <= (wanted.get(each.patient, NOTHING).deferred is not None)
    for item in made.items:
        retimed = wanted.get(item.patient, NOTHING).retimed
        assert retimed is None or item.case.minutes == retimed.minutes
    assert all(code in wanted for code in made.idle)


@given(drawn_issues(), drawn_wishes(), PASTS, st.randoms())
def test_the_order_in_which_things_come_changes_nothing(
    issues: list[Issue], wishes: list[Wish], past: Past, dice: Random
) -> None:
    made = agenda(issues, 45, wishes, past)
    dice.shuffle(issues)
    dice.shuffle(wishes)
    assert agenda([*issues, *issues], 45, wishes, past) == made


@given(drawn_issues(), MINUTES, PASTS)
def test_safety_comes_first_then_hard_cases_then_what_grows_old(
    issues: list[Issue], minutes: int, past: Past
) -> None:
    made = agenda(issues, minutes, past=past)
    ranks = [each.case.rank for each in made.items]
    assert ranks == sorted(ranks)
    for each in made.waiting:
        before = [item for item in made.items if item.case.order < each.case.order]
        assert each.case.minutes > minutes - sum(item.case.minutes for item in before)
        assert each.left < each.case.minutes


@given(drawn_issues(), MINUTES)
def test_those_who_wait_are_told_a_conference_that_is_still_to_come(
    issues: list[Issue], minutes: int
) -> None:
    made = agenda(issues, minutes)
    later = [slot.starts for slot in sitting().later]
    assert all(each.comes in later for each in made.waiting)
    assert all(each.comes is None for each in assemble(issues, sitting(minutes, later=()), shipped()).waiting)


def test_safety_alone_may_be_too_long_and_says_by_how_much() -> None:
    unsafe = [issue(code, Kind.FLAG_OPEN, severity="urgent") for code in CODES]
    made = agenda([*unsafe, issue("P-9999", Kind.NOT_DISCUSSED)], 60)
    assert on(made) == list(CODES)
    assert (made.used, made.over) == (70, 10)
    assert [(each.patient, each.why, each.left) for each in made.waiting] == [("P-9999", NotOn.NO_ROOM, 0)]


def test_a_flag_is_safety_from_the_severity_that_the_definition_says() -> None:
    rows = [issue(code, Kind.FLAG_OPEN, severity=each) for code, each in zip(CODES, SEVERITIES, strict=False)]
    made = agenda(rows)
    assert [(each.patient, each.case.rank) for each in made.items] == [
        ("P-4444", Rank.SAFETY),
        ("P-5555", Rank.SAFETY),
        ("P-6666", Rank.SAFETY),
        ("P-2222", Rank.HARD),
        ("P-3333", Rank.HARD),
        ("P-7777", Rank.HARD),
    ]


SEVERITIES = ("routine", "soon", "urgent", "emergency", "a severity of an older definition", "")


def test_a_definition_without_kinds_ranks_by_those_we_ship_and_never_takes_the_worst_for_less() -> None:
    worst = shipped().flag_severities[-1].model_copy(update={"id": "now"})
    bare = shipped().model_copy(update={"issue_kinds": (), "agenda": None, "flag_severities": (worst,)})
    made = assemble([issue("P-2222", Kind.FLAG_OPEN, severity="now")], sitting(5), bare)
    assert [each.because for each in made.items] == [Because.SAFETY]


def test_several_issues_of_one_patient_are_one_item_with_one_question() -> None:
    asked = issue("P-2222", Kind.ASKED, 1, "m-1", question="Is surgery an option?")
    made = agenda([issue("P-2222", Kind.WORSE, 2), issue("P-2222", Kind.NO_CONTACT, 8), asked])
    (item,) = made.items
    assert [each.kind for each in item.case.issues] == [Kind.WORSE, Kind.ASKED, Kind.NO_CONTACT]
    assert item.case.question == "Is surgery an option?"
    assert item.case.minutes == 15 + 2 + 2
    assert item.case.score == (70 + 2 * 10) + (40 + 5) + (40 + 8 * 5)


def test_minutes_are_what_the_team_really_took_once_there_is_enough_of_it() -> None:
    worse = [issue("P-2222", Kind.WORSE)]
    assert agenda(worse, past=Past(taken={Kind.WORSE: [7, 9, 8, 30]})).used == 15
    assert agenda(worse, past=Past(taken={Kind.WORSE: [7, 9, 8, 30, 9]})).used == 9


def test_what_was_carried_over_often_enough_is_a_hard_case() -> None:
    rows = [issue("P-2222", Kind.ASKED), issue("P-3333", Kind.NOT_DISCUSSED, 12)]
    assert on(agenda(rows, past=Past({"P-3333": 2}))) == ["P-2222", "P-3333"]
    made = agenda(rows, past=Past({"P-3333": 3}))
    assert [(each.patient, each.case.carried) for each in made.items] == [("P-3333", 3), ("P-2222", 0)]


@pytest.mark.parametrize("days", [3.0, 0.5])
def test_what_becomes_unsafe_after_the_lead_deferred_it_comes_back(days: float) -> None:
    unsafe = issue("P-2222", Kind.FLAG_OPEN, days / 7, severity="emergency")
    put_off = wish(Ask.DEFER, "P-2222", 1, until=NOW + timedelta(days=10), text="Waits for the scan")
    made = agenda([unsafe], wishes=[put_off])
    if days < 1:
        assert on(made) == ["P-2222"]
    else:
        (waiting,) = made.waiting
        assert (waiting.why, waiting.reason) == (NotOn.DEFERRED, "Waits for the scan")
        assert waiting.comes == NOW + timedelta(weeks=2)


def test_a_deferral_ends_on_its_day() -> None:
    put_off = wish(Ask.DEFER, "P-2222", until=NOW)
    assert on(agenda([issue("P-2222", Kind.ASKED)], wishes=[put_off])) == ["P-2222"]


def test_the_lead_pins_moves_retimes_and_brings_in() -> None:
    rows = [issue(code, Kind.WORSE) for code in CODES[:4]] + [issue("P-7777", Kind.NOT_DISCUSSED)]
    wishes = [
        wish(Ask.PIN, "P-7777"),
        wish(Ask.MOVE, "P-3333", place=1),
        wish(Ask.RETIME, "P-2222", minutes=20),
        wish(Ask.BRING, "P-8888", text="New to us: who starts?"),
        wish(Ask.PIN, "P-6666"),
    ]
    made = agenda(rows, 60, wishes)
    assert [(each.patient, each.because, each.case.minutes) for each in made.items] == [
        ("P-3333", Because.MOVED, 15),
        ("P-2222", Because.RANKED, 20),
        ("P-8888", Because.BROUGHT, 10),
        ("P-7777", Because.PINNED, 6),
    ]
    assert made.items[2].case.question == "New to us: who starts?"
    assert made.idle == ("P-6666",)
    assert [each.patient for each in made.waiting] == ["P-4444", "P-5555"]
    released = [*wishes, wish(Ask.RELEASE, "P-3333", 0), wish(Ask.RELEASE, "P-8888", 0)]
    assert on(agenda(rows, 60, released)) == ["P-2222", "P-3333", "P-4444", "P-7777"]


def test_what_is_private_is_on_no_agenda_and_not_lost() -> None:
    secret = issue("P-2222", Kind.FLAG_OPEN, severity="urgent", private=True)
    made = agenda([secret, issue("P-2222", Kind.NO_CONTACT)])
    assert [each.kind for each in made.items[0].case.issues] == [Kind.NO_CONTACT]
    assert made.apart == (secret,)
    assert agenda([secret]).items == ()


def test_one_issue_found_twice_is_as_old_as_the_first_and_as_severe_as_the_last() -> None:
    first = issue("P-2222", Kind.FLAG_OPEN, 3, severity="routine")
    last = issue("P-2222", Kind.FLAG_OPEN, 1, severity="urgent")
    (found,) = once([last, first])
    assert (found.since, found.severity, found.why) == (first.since, "urgent", last.why)


def test_what_is_longer_than_the_conference_says_so() -> None:
    made = assemble([issue("P-2222", Kind.WORSE)], sitting(10, later=[Slot(NOW, 10)]), shipped())
    (waiting,) = made.waiting
    assert (waiting.why, waiting.comes) == (NotOn.TOO_LONG, None)


def test_a_wish_that_lacks_something_is_refused() -> None:
    for ask in (Ask.MOVE, Ask.RETIME, Ask.DEFER, Ask.BRING):
        with pytest.raises(ValueError, match="lacks"):
            wish(ask, "P-2222")


def test_readiness_names_what_is_missing() -> None:
    rows = [issue("P-2222", Kind.NON_RESPONSE)]
    known = Known(
        measured={"P-2222": {"PEG": NOW - timedelta(days=43)}}, carers={"P-2222": frozenset({"ana"})}
    )
    made = assemble(rows, sitting(60, "psychology"), shipped(), known=known)
    assert made.items[0].case.lacks == (
        Lack("PEG was not entered in the last 6 weeks", "a measure is too old or missing", measure="PEG"),
        Lack(PHYSIO, PHYSIO, "physiotherapy"),
        Lack(CARER, CARER),
    )
    known = Known(
        measured={"P-2222": {"PEG": NOW - timedelta(days=42)}},
        carers={"P-2222": frozenset({"ana", "m-physiotherapy"})},
    )
    made = assemble(rows, sitting(60, "psychology", "physiotherapy"), shipped(), known=known)
    assert made.items[0].case.ready


PHYSIO = "nobody of physiotherapy is expected"
CARER = "nobody who looks after this person is expected"
