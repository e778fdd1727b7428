"""What falls due for an agenda: who is missing is asked, a quorum looked for, and it is posted in time."""

from datetime import UTC, datetime, timedelta

from agendas.habits import Habits
from cards.plain import plain
from handlers.agenda import due as agenda_due
from handlers.agenda import live as agenda_live
from pathway.conference import Deadline, Step, move
from tests.handlers.agenda_scene import (
    DAY,
    POSTED,
    ROLES,
    TUESDAY,
    agenda_in_room,
    answered,
    away,
    conference,
    consented,
    deadline,
    flagged,
    keep,
    settled,
    stood,
)
from tests.handlers.talk import ROOM, Talk, own

WEDNESDAY = datetime(2031, 3, 5, 8, 30, tzinfo=UTC)
"""Four working days before the conference: what is missing is asked for."""
THURSDAY = datetime(2031, 3, 6, 8, 30, tzinfo=UTC)
"""Three working days before it: a quorum is looked for."""
PREPARED = (Deadline.AGENDA, Deadline.READY, Deadline.QUORUM)
MISSING = "C-12, Tue 11 Mar 14:00: something is missing"
NO_QUORUM = "C-12, Tue 11 Mar 14:00, has no quorum yet"


def test_an_agenda_is_posted_two_working_days_before_and_disturbs_nobody_before_that(talk: Talk) -> None:
    conference(talk)
    code = flagged(talk, "routine")
    talk.hear()
    talk.pass_time((POSTED - talk.now) / timedelta(minutes=1) - 1)
    assert (stood(talk), talk.heard()) == (False, [])
    talk.forward(1)
    [posted] = talk.news(ROOM)
    assert (posted.called, posted.everyone) == ((), False)
    assert agenda_in_room(talk) == (
        "Agenda of C-12 · Tue 11 Mar 14:00 · 1 item · 10 of 60 min\n\n"
        "Posted Fri 7 Mar 08:30. Changes are told.\n\n"
        f"1. {code} · 10 min · Tue 11 Mar 14:00:\n"
        "- On for: Flag escalated, for 1 week\n"
        "- Why here: next in order, and there is time\n"
        "- Not ready: a measure is too old or missing\n\n"
        "The rest is not shown here: write `agenda C-12` to Baton in a direct message.\n\n"
        f"1. Defer {code} — agenda defer {code} conference C-12"
    )
    assert deadline(talk, Deadline.AGENDA) is None
    assert talk.journal("C-12") == ["conference planned", "conference agenda posted"]
    assert not talk.broke


def test_what_is_missing_is_asked_once_of_those_who_can_see_to_it(talk: Talk) -> None:
    conference(talk)
    code = flagged(talk, "routine")
    talk.until(WEDNESDAY - timedelta(minutes=1))
    assert MISSING not in talk.told("ana")
    talk.forward(1)
    assert talk.told("ana") == [MISSING]
    assert talk.private("ana")[-1] == (
        f"{MISSING}\n\n"
        f"- {code}: PEG was not entered in the last 12 weeks\n\n"
        "Without it these can't be decided. Can you see to it?\n\n"
        f"1. Enter PEG for {code} — assess {code} PEG\n2. Show the agenda — agenda C-12"
    )
    assert all(MISSING not in talk.told(who) for who in ("bo", "dee", "lea"))
    talk.pass_time(60)
    assert MISSING not in talk.told("ana")
    talk.direct("ana", f"assess {code} PEG 6 6 6")
    talk.until(POSTED)
    assert "Not ready" not in agenda_in_room(talk)
    assert "C-12: not ready to be decided" not in talk.told("lea")


def test_what_is_not_ready_by_then_is_offered_to_the_lead_to_be_deferred_but_not_safety(quick: Talk) -> None:
    conference(quick)
    code, unsafe = flagged(quick, "routine"), flagged(quick, "urgent")
    quick.until(POSTED)
    note = next(each for each in quick.private("lea") if "not ready" in each)
    assert note == (
        "C-12: not ready to be decided\n\n"
        f"- {unsafe}: a measure is too old or missing\n- {code}: a measure is too old or missing\n\n"
        "What is safety stays on. Who could see to the rest has been asked.\n\n"
        f"1. Defer {code} — agenda defer {code} conference C-12"
    )


def test_who_is_away_has_a_cover_that_is_asked(quick: Talk) -> None:
    conference(quick)
    code = flagged(quick, "routine")
    quick.direct("ana", "away until 20 March cover @bo")
    quick.hear()
    quick.until(WEDNESDAY)
    assert (quick.told("bo").count(MISSING), quick.told("ana").count(MISSING)) == (1, 0)
    assert f"- {code}: nobody who looks after this person is expected\n" in quick.private("bo")[-1]


def test_what_nobody_in_the_team_can_see_to_is_asked_of_the_lead(quick: Talk) -> None:
    """Nobody who enters measures looks after the person: a coordinator added them, and is alone with them."""
    conference(quick)
    code = consented(quick, "dee")
    quick.direct("dee", f"patient let in {code} @ana")
    quick.direct("ana", f"flag {code} 'sleeps badly' routine psychologist")
    quick.direct("dee", f"patient let out {code} @ana")
    quick.hear()
    quick.until(WEDNESDAY)
    assert (quick.told("lea").count(MISSING), quick.told("dee").count(MISSING)) == (1, 0)


def test_an_item_that_comes_later_is_asked_for_too(quick: Talk) -> None:
    conference(quick)
    quick.until(WEDNESDAY)
    quick.hear()
    code = flagged(quick, "routine")
    quick.forward(1)
    assert quick.told("ana") == [MISSING]
    assert code in quick.private("ana")[-1]


def test_what_is_asked_calls_only_whom_it_asks_and_says_nothing_that_was_written(
    quick: Talk,
) -> None:
    conference(quick)
    flagged(quick, "routine")
    quick.hear()
    quick.until(WEDNESDAY)
    [asked] = [each for each in quick.news(own("ana")) if each.card.title == MISSING]
    assert asked.called == ("U-ana",)
    assert "sleeps badly" not in plain(asked.card)


def test_a_posting_in_quiet_hours_waits_for_the_morning(quick: Talk) -> None:
    """Made on a Sunday night for Monday afternoon, so that it should have been posted long ago."""
    quick.until(datetime(2031, 3, 9, 22, 0, tzinfo=UTC))
    quick.hear()
    conference(quick, datetime(2031, 3, 10, 14, 0, tzinfo=UTC))
    assert (quick.heard(), stood(quick)) == ([], False)
    quick.until(datetime(2031, 3, 10, 6, 59, tzinfo=UTC))
    assert quick.heard() == []
    quick.forward(1)
    assert quick.heard() == ["Agenda of C-12 · Mon 10 Mar 14:00 · 0 items · 0 of 60 min"]


def test_after_an_outage_it_is_posted_late_and_says_so(quick: Talk) -> None:
    conference(quick)
    quick.until(POSTED + 3 * DAY)
    assert "Posted Mon 10 Mar 08:30, and not Fri 7 Mar 08:30 as usual." in agenda_in_room(quick)
    assert quick.broke == []


def test_what_an_outage_overtook_is_not_done_any_more(quick: Talk) -> None:
    conference(quick)
    quick.hear()
    quick.until(TUESDAY + DAY)
    assert (stood(quick), [deadline(quick, each) for each in PREPARED]) == (False, [None] * 3)
    assert quick.broke == []


def test_a_conference_that_is_cancelled_before_is_not_prepared(quick: Talk) -> None:
    made = conference(quick)
    keep(quick, move(made, Step.CANCEL, quick.now), "cancelled")
    assert [deadline(quick, each) for each in PREPARED] == [None] * 3
    quick.until(TUESDAY)
    assert not stood(quick)


def test_without_a_quorum_who_could_come_is_asked_and_the_lead_told_twice_at_most(talk: Talk) -> None:
    conference(talk)
    away(talk, "ana")
    settled(talk, Habits(quorum=("physiotherapy", "psychology")))
    talk.hear()
    talk.until(THURSDAY)
    needs = "C-12, Tue 11 Mar 14:00, needs physiotherapy: can you come?"
    assert (talk.told("ana").count(needs), talk.told("bo").count(needs)) == (1, 0)
    assert talk.told("lea").count(NO_QUORUM) == 1
    assert next(each for each in talk.private("lea") if each.startswith(NO_QUORUM)) == (
        f"{NO_QUORUM}\n\n"
        "- nobody of physiotherapy has accepted; asked: Ana Ruiz\n"
        "- 1 of 3 disciplines have accepted\n\n"
        "1. Show the agenda — agenda C-12"
    )
    talk.pass_time(24 * 60)
    assert (talk.told("ana"), talk.told("lea").count(NO_QUORUM)) == ([], 0)
    talk.until(datetime(2031, 3, 10, 8, 30, tzinfo=UTC))
    assert talk.told("ana") == ["C-12, tomorrow 14:00, needs physiotherapy: can you come?"]
    assert talk.told("lea") == ["C-12, tomorrow 14:00, has no quorum yet"]


def test_nobody_is_missed_in_the_minute_in_which_a_conference_is_planned(quick: Talk) -> None:
    quick.team()
    quick.say("lea", "agenda quorum psychology")
    quick.hear()
    quick.say("lea", "conference schedule Soon tomorrow 12:30-13:30")
    quick.say("lea", "conference schedule Weekly every tuesday 12:30-13:30 from 18 mar")
    quick.pass_time(239)
    assert not [each for each in quick.told("lea") if "quorum" in each]
    quick.pass_time(1)
    assert [each for each in quick.told("lea") if "quorum" in each] == [
        "C-1, tomorrow 12:30, has no quorum yet"
    ]
    quick.pass_time(9 * 24 * 60)
    assert not [each for each in quick.told("lea") if "quorum" in each and "C-2," in each]
    quick.until(datetime(2031, 3, 13, 8, 30, tzinfo=UTC))
    assert "C-2, Tue 18 Mar 12:30, has no quorum yet" in quick.told("lea"), "three working days before it"


def test_with_a_quorum_nobody_hears_of_it(quick: Talk) -> None:
    quick.say("eli", "team join social-worker")
    conference(quick)
    quick.hear()
    quick.until(POSTED)
    told = [title for who in (*ROLES, "lea") for title in quick.told(who)]
    assert not [each for each in told if "quorum" in each or "needs" in each]


def test_a_discipline_that_declines_after_the_look_is_told_to_the_lead_at_once(quick: Talk) -> None:
    conference(quick)
    settled(quick, Habits(quorum=("physiotherapy",)))
    for who in ("ana", "bo", "cy"):
        answered(quick, who, "ACCEPTED")
    quick.until(datetime(2031, 3, 10, 9, 0, tzinfo=UTC))
    assert "nobody of physiotherapy" not in "".join(quick.private("lea"))
    quick.hear()
    answered(quick, "ana", "DECLINED")
    quick.forward(0)
    assert quick.told("lea") == ["C-12, tomorrow 14:00, has no quorum yet"]
    assert "- nobody of physiotherapy has accepted; asked: Ana Ruiz\n" in quick.private("lea")[-1]
    answered(quick, "cy", "DECLINED")
    quick.forward(0)
    assert quick.told("lea") == [], "the other psychologist comes"


def test_a_look_that_was_left_does_not_stop_what_else_falls_due(talk: Talk) -> None:
    conference(talk)
    flagged(talk, "routine")
    with talk.store.clinic(POSTED) as clinic:
        team = clinic.people.teams()[0].id
        agenda_live.refresh(team, clinic, POSTED)
        clinic.rows.session.flush()
        look = agenda_live.next_due(clinic, POSTED, ())
        assert look is not None
        assert agenda_live.next_due(clinic, POSTED, [look.subject]) is None
        due = agenda_due.next_due(clinic, POSTED, [look.subject])
    assert due is not None and due.subject.endswith(":12")
