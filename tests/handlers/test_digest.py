"""Quiet: routine flags come once a day in one message, and rules that cry wolf are named once a month."""

from datetime import UTC, datetime

import pytest

from tests.handlers.talk import Talk

TUESDAY = datetime(2031, 3, 4, 8, 30, tzinfo=UTC)
APRIL = datetime(2031, 4, 1, 7, 30, tzinfo=UTC)
"""When work begins in London on its first working day, in summer time."""
FRIDAY = datetime(2031, 3, 7, 8, 30, tzinfo=UTC)


def raised(talk: Talk, severity: str = "routine") -> str:
    """A flag of ana's for a psychologist; the patient's code."""
    code = talk.patient()
    talk.direct("ana", f"flag {code} 'sleeps badly' {severity} psychologist")
    return code


def test_routine_flags_interrupt_nobody_until_the_working_day_begins(talk: Talk) -> None:
    talk.forward(1)
    first, second = raised(talk), raised(talk)
    talk.pass_time(6 * 60)
    assert (talk.told("bo"), talk.told("cy"), talk.heard()) == ([], [], [])
    talk.pass_time(16 * 60)
    assert (talk.told("bo"), talk.told("cy")) == ([], []), "08:01 on Tuesday"
    talk.until(TUESDAY)
    assert (talk.told("bo"), talk.told("cy")) == (["2 routine flags wait for you"],) * 2
    assert talk.private("bo")[-1] == (
        "2 routine flags wait for you\n\n"
        f"- F-1 ({first}), raised yesterday 10:01: your answer by tomorrow 09:01\n"
        f"- F-2 ({second}), raised yesterday 10:01: your answer by tomorrow 09:01\n\n"
        "About:\n- F-1: sleeps badly\n- F-2: sleeps badly\n\n"
        "1. Show F-1 — flag show F-1\n2. Show F-2 — flag show F-2"
    )
    assert (talk.told("ana"), talk.told("lea"), talk.told("dee"), talk.heard()) == ([], [], [], [])


def test_what_was_taken_is_in_no_digest_and_the_rest_comes_again_the_next_day(talk: Talk) -> None:
    talk.forward(1)
    raised(talk)
    raised(talk)
    talk.until(TUESDAY)
    talk.hear()
    talk.direct("bo", "flag claim F-1")
    talk.pass_time(24 * 60)
    assert (talk.told("bo"), talk.told("cy")) == (["A routine flag waits for you"],) * 2
    talk.direct("cy", "flag resolve F-2 'rang her'")
    talk.pass_time(24 * 60)
    assert (talk.told("bo"), talk.told("cy")) == ([], [])


def test_only_routine_flags_wait_for_the_digest(talk: Talk) -> None:
    talk.forward(1)
    code = raised(talk, "soon")
    assert talk.told("bo") == [f"F-1 · {code} · Soon · raised"]
    talk.direct("bo", "flag claim F-1")
    talk.hear()
    talk.until(TUESDAY)
    assert (talk.told("bo"), talk.told("cy")) == ([], [])


def test_after_an_outage_the_digest_comes_in_working_hours_and_once(talk: Talk) -> None:
    talk.forward(1)
    raised(talk)
    talk.until(datetime(2031, 3, 6, 23, 0, tzinfo=UTC))
    assert "A routine flag waits for you" not in talk.told("bo")
    talk.until(FRIDAY)
    talk.pass_time(60)
    assert talk.told("bo").count("A routine flag waits for you") == 1


def test_who_is_away_is_not_sent_a_digest(talk: Talk) -> None:
    talk.forward(1)
    raised(talk)
    talk.direct("bo", "away until friday cover @cy")
    talk.hear()
    talk.until(TUESDAY)
    assert (talk.told("bo"), talk.told("cy")) == ([], ["A routine flag waits for you"])


NAMED = "Rules whose flags were mostly not needed in North team last month"


def test_a_rule_that_cries_wolf_is_named_once_a_month_to_those_who_keep_the_pathway(talk: Talk) -> None:
    close_insomnia(talk, resolved=3, not_needed=3)
    talk.until(datetime(2031, 3, 31, 23, 0, tzinfo=UTC))
    assert NAMED not in talk.told("lea")
    talk.until(APRIL)
    assert talk.told("lea").count(NAMED) == 1
    assert NAMED not in talk.told("ana")
    note = next(each for each in talk.private("lea") if each.startswith(NAMED))
    assert note.startswith(f"{NAMED}\n\n- insomnia: 3 of 6 not needed\n\n")
    assert "Show insomnia — pathway show insomnia" in note
    talk.until(datetime(2031, 5, 1, 7, 30, tzinfo=UTC))
    assert NAMED not in talk.told("lea"), "nothing was closed in April"


@pytest.mark.parametrize(("resolved", "not_needed"), [(0, 4), (4, 3)])
def test_few_flags_and_fewer_than_half_name_no_rule(quick: Talk, resolved: int, not_needed: int) -> None:
    close_insomnia(quick, resolved, not_needed)
    quick.until(APRIL)
    assert NAMED not in quick.told("lea")


def close_insomnia(talk: Talk, resolved: int, not_needed: int) -> None:
    """In March so many flags of one rule are resolved, and so many called not needed."""
    talk.forward(1)
    for each in ("resolve",) * resolved + ("dismiss",) * not_needed:
        code = talk.patient()
        talk.direct("ana", f"assess {code} ISI total 22")
        [ref] = opened(talk, code)
        talk.direct("lea", f"flag claim {ref}")
        talk.direct("lea", f"flag {each} {ref} seen")
    talk.hear()


def opened(talk: Talk, code: str) -> list[str]:
    """The open flags of a patient."""
    with talk.store.clinic(talk.now) as clinic:
        return [each.ref for each in clinic.flags.open_of_patient(code)]
