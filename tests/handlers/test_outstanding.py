"""What is outstanding comes and goes by itself, as its sources do, and by time alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from handlers.issues.outstanding import collect, up_to_date
from handlers.request import Outcome
from pathway.conference import Conference
from pathway.issue import Issue, Kind, Why
from pathway.people import Team
from pathway.plan import Entry, Sort, begins
from tests.handlers.talk import MONDAY, ROOM, Talk, own
from tests.handlers.test_truths import at_once

DAY = 24 * 60
WEEK = 7 * DAY


@pytest.fixture
def code(quick: Talk) -> str:
    """A patient of ana's who agrees to everything, of whom nothing is outstanding yet."""
    return quick.patient(more="consent-team=yes")


def issues(talk: Talk, code: str) -> list[Issue]:
    """What is outstanding for a patient once what has fallen due is done."""
    talk.pass_time(0)
    with talk.store.clinic(talk.now) as clinic:
        return clinic.issues.of_patient(code)


def kinds(talk: Talk, code: str) -> list[tuple[str, str]]:
    """Its kinds and what each is about."""
    return [(each.kind.value, each.source) for each in issues(talk, code)]


def look_at(talk: Talk, code: str) -> datetime | None:
    """When a patient is looked at next."""
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.issues.next_look(talk.now + timedelta(weeks=52))
        return found.look_at if found and found.patient == code else None


def test_a_flag_is_outstanding_from_the_moment_it_is_raised_until_it_is_closed(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    assert kinds(talk, code) == []
    talk.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")
    bo = talk.id("bo")
    raised = Issue(
        patient=code, kind=Kind.FLAG_OPEN, source="F-1", since=MONDAY, severity="soon",
        why=Why("Raised by a person", "saddle numbness", MONDAY),
    )  # fmt: skip
    assert issues(talk, code) == [raised]
    talk.direct("bo", "flag claim F-1")
    assert issues(talk, code) == [replace(raised, owner=bo)]
    talk.direct("bo", "flag resolve F-1 'examined'")
    assert kinds(talk, code) == []
    said = talk.journal("issue:F-1")
    assert said == ["issue came", "issue went"]


def test_a_flag_that_nobody_took_is_another_kind_and_as_old(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} severity=urgent role=psychologist text='saddle numbness'")
    quick.pass_time(15)
    assert [(each.kind, each.since) for each in issues(quick, code)] == [(Kind.FLAG_ESCALATED, MONDAY)]


def test_a_private_flag_is_told_to_its_owner_and_the_lead_and_to_no_room(quick: Talk) -> None:
    code = quick.patient(more="consent-team=yes")
    for who in ("bo", "lea", "cy"):
        quick.direct("ana", f"patient let in {code} {who}")
    quick.direct("ana", f"flag {code} severity=soon role=psychologist private=yes text='bruises'")
    quick.direct("bo", "flag claim F-1")
    assert [(each.source, each.private) for each in issues(quick, code)] == [("F-1", True)]
    assert "bruises" in quick.direct("bo", f"outstanding {code}")
    assert "on no agenda and in no room" in quick.direct("lea", f"outstanding {code}")
    nothing = f"Nothing is outstanding for {code}."
    assert quick.direct("cy", f"outstanding {code}").startswith(nothing)
    for who in ("bo", "lea"):
        assert quick.say(who, f"outstanding {code}").startswith(nothing), "in a room nobody hears of it"
    assert "issue" not in quick.direct("lea", f"patient timeline {code}")
    assert quick.direct("bo", "flag agenda F-1").startswith("F-1 is private")


def test_handoffs_are_outstanding_when_late_declined_or_expired(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo urgent 'low mood'")
    assert kinds(quick, code) == []
    quick.pass_time(60)
    assert [(each.kind, each.since) for each in issues(quick, code)] == [
        (Kind.HANDOFF_OVERDUE, MONDAY + timedelta(hours=1))
    ]
    quick.direct("bo", "handoff accept H-1")
    assert kinds(quick, code) == []
    quick.pass_time(7 * 60 + 60 + WEEK)
    assert ("handoff-overdue", "H-1") in kinds(quick, code)


def test_a_handoff_completed_without_the_patient_waits_for_a_first_contact(quick: Talk, code: str) -> None:
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.direct("bo", "handoff readback H-1 'low mood, sleep'")
    quick.direct("bo", "handoff introduce H-1 not-present")
    quick.direct("bo", "handoff complete H-1 'booked'")
    assert kinds(quick, code) == [("handoff-no-contact", "H-1")]
    quick.direct("ana", f"contact {code} tried")
    assert kinds(quick, code) == [("handoff-no-contact", "H-1")]
    quick.direct("ana", f"contact {code} phone")
    assert kinds(quick, code) == []


def test_time_alone_makes_issues_each_at_its_moment_and_an_outage_only_delays_them(
    quick: Talk, code: str
) -> None:
    start = quick.now
    assert kinds(quick, code) == []
    quick.pass_time(28 * DAY)
    assert kinds(quick, code) == [("reassessment-overdue", "measures")]
    quick.forward(60 * WEEK)  # nothing ran for more than a year
    found = {each.kind: each.since - start for each in issues(quick, code)}
    assert found == {
        Kind.REASSESSMENT_OVERDUE: timedelta(days=28),
        Kind.NO_CONTACT: timedelta(weeks=6),
        Kind.NOT_DISCUSSED: timedelta(weeks=12),
    }


def test_what_was_noted_by_mistake_is_taken_back_within_ten_minutes(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.forward(7 * WEEK)
    talk.direct("ana", f"plan note {code} 'prefers calls'")
    talk.direct("ana", f"contact {code} phone")
    talk.now += timedelta(minutes=1)
    talk.direct("ana", f"report {code} 'MRI lumbar spine'")
    assert ("no-contact", "contact") not in kinds(talk, code)
    talk.now += timedelta(minutes=8)
    assert talk.direct("bo", "undo").startswith("Nothing of yours of the last ten minutes can be undone")
    assert talk.direct("ana", "undo").startswith(f"Undone: the report of {code} that you noted last.")
    assert talk.direct("ana", "undo").startswith(f"Undone: the contact of {code} that you noted last.")
    assert talk.direct("ana", "undo").startswith(f"Undone: E-1 ({code}), written.")
    assert ("no-contact", "contact") in kinds(talk, code)
    talk.direct("ana", f"contact {code} phone")
    talk.now += timedelta(minutes=11)
    assert talk.direct("ana", "undo").startswith("Nothing of yours of the last ten minutes can be undone")
    assert [each for each in talk.journal(f"patient:{code}") if "contact" in each or "report" in each] == [
        "contact", "report there", "report taken back", "contact taken back", "contact",
    ]  # fmt: skip


def test_a_contact_ends_a_long_silence(quick: Talk, code: str) -> None:
    quick.forward(7 * WEEK)
    assert ("no-contact", "contact") in kinds(quick, code)
    quick.direct("ana", f"contact {code} tried")
    silence = next(each for each in issues(quick, code) if each.kind is Kind.NO_CONTACT)
    assert silence.why.value == "not reached since entry, 1 try since"
    quick.direct("ana", f"contact {code} phone yesterday 9am")
    assert ("no-contact", "contact") not in kinds(quick, code)


def test_consent_is_outstanding_until_it_is_recorded(quick: Talk) -> None:
    code = quick.patient()
    assert kinds(quick, code) == [("consent-missing", "consent")]
    quick.direct("ana", f"patient edit {code} consent-team yes")
    assert kinds(quick, code) == []


def test_who_is_not_better_is_outstanding_once_although_a_rule_flags_it_too(quick: Talk, code: str) -> None:
    quick.direct("ana", f"assess {code} PEG 7 7 7")
    quick.forward(13 * WEEK)
    quick.direct("ana", f"assess {code} PEG 7 7 7")
    found = [each for each in kinds(quick, code) if each[0] in ("flag-open", "non-response")]
    assert found == [("flag-open", "F-1")]
    assert "called not needed" in quick.direct("lea", "flag dismiss F-1 'expected'")
    stuck = next(each for each in issues(quick, code) if each.kind is Kind.NON_RESPONSE)
    assert (stuck.source, stuck.since) == ("PEG", MONDAY + timedelta(weeks=13))
    assert stuck.why == Why("Less than 10 % better after 12 weeks", "PEG unchanged at 7", quick.now)
    planned(quick, code, Sort.DECISION)
    assert ("non-response", "PEG") not in kinds(quick, code), "the plan was changed"


def planned(talk: Talk, code: str, sort: Sort) -> Entry:
    """A new entry of a patient's plan."""
    ana = talk.id("ana")
    with talk.store.clinic(talk.now) as clinic:
        number = clinic.plans.next_number()
        team = clinic.people.teams_of(ana)[0]
        entry = Entry(number, team, code, sort, "No bus on Sundays", ana, talk.now, begins(sort))
        return clinic.plans.put(entry, "added", talk.now, by=ana)


def test_the_plan_leaves_barriers_at_once_and_goals_and_referrals_in_time(quick: Talk, code: str) -> None:
    for sort in (Sort.BARRIER, Sort.GOAL, Sort.REFERRAL, Sort.NOTE):
        planned(quick, code, sort)
    assert kinds(quick, code) == [("barrier", "E-1")]
    quick.forward(8 * WEEK)
    found = {
        each.source: (each.kind.value, each.since) for each in issues(quick, code) if "E-" in each.source
    }
    assert found == {
        "E-1": ("barrier", MONDAY),
        "E-2": ("goal-stuck", MONDAY + timedelta(weeks=8)),
        "E-3": ("referral-waiting", MONDAY + timedelta(weeks=8)),
    }


def test_what_changes_twice_is_written_once_and_a_look_that_finds_nothing_writes_nothing(
    quick: Talk, code: str
) -> None:
    quick.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")
    issues(quick, code)
    with quick.store.clinic(quick.now) as clinic:
        before = clinic.issues.of_patient(code)
        assert collect(code, clinic, quick.now) == tuple(before)
        assert clinic.journal.entries == []
    assert quick.journal("issue:F-1") == ["issue came"]


def test_a_patient_who_changes_the_team_takes_what_is_outstanding_along(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")
    issues(quick, code)
    with quick.store.clinic(quick.now) as clinic:
        patient = clinic.patients.find(code)
        assert patient is not None
        north = patient.team
        team = clinic.people.team(north)
        assert team is not None
        clinic.people.save_team(Team("south", "South team", team.hours))
        clinic.patients.save(replace(patient, team="south"))
        clinic.journal.write("patient moved", f"patient:{code}", quick.now, patient=code)
    quick.pass_time(0)
    with quick.store.clinic(quick.now) as clinic:
        assert clinic.issues.of_team(north) == []
        assert [each.source for each in clinic.issues.of_team("south")] == ["F-1"]


def test_an_agenda_is_read_up_to_date_before_the_clock_has_come_by(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")
    ana = quick.id("ana")
    with quick.store.clinic(quick.now) as clinic:
        team = clinic.people.teams_of(ana)[0]
        assert clinic.issues.of_team(team) == []
        up_to_date(team, clinic, quick.now)
        assert [each.source for each in clinic.issues.of_team(team)] == ["F-1"]


def test_an_agenda_waits_for_whoever_is_collected_by_another_process_just_now(
    postgresql_url: str,
) -> None:
    talk = Talk(postgresql_url)
    talk.team()
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")

    def read(team: str) -> list[str]:
        with talk.store.clinic(talk.now) as clinic:
            up_to_date(team, clinic, talk.now)
            return [each.source for each in clinic.issues.of_team(team)]

    ana = talk.id("ana")
    with ThreadPoolExecutor(1) as reader:
        with talk.store.clinic(talk.now) as clinic:
            team = clinic.people.teams_of(ana)[0]
            collect(code, clinic, talk.now)
            clinic.rows.session.flush()
            reading = reader.submit(read, team)
            while not waits_for_a_lock(talk):
                assert not reading.done(), "it did not wait"
        assert reading.result() == ["F-1"]
    talk.close()


def waits_for_a_lock(talk: Talk) -> bool:
    """Whether a transaction on this PostgreSQL database waits for another."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with talk.store.engine.connect() as connection:
        return bool(connection.scalar(waiting))


# What people ask the conference


def test_a_question_is_put_before_the_next_conference_and_the_room_hears_the_code_alone(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    ana = talk.id("ana")
    with talk.store.clinic(talk.now) as clinic:
        team = clinic.people.teams_of(ana)[0]
        starts = talk.now + timedelta(days=1)
        clinic.conferences.put(
            Conference(1, team, "Weekly", starts, 60, "Europe/London"), "planned", talk.now
        )
    said = talk.direct("ana", f"agenda add {code} Is it time to stop the opioids?")
    assert said.startswith(f"Q-1 · {code} · for the next conference\n\nNext conference: tomorrow 10:00")
    assert "opioids" in said
    asked = issues(talk, code)
    assert [(each.kind, each.source, each.question, each.owner) for each in asked] == [
        (Kind.ASKED, "Q-1", "Is it time to stop the opioids?", talk.id("ana"))
    ]
    talk.ask("ana", f"agenda add {code} What about sleep?", posts=True)
    assert "sleep" not in "\n".join(str(each.card) for each in talk.messages[ROOM].values())
    assert [each.source for each in issues(talk, code)] == ["Q-1", "Q-2"]


def test_two_who_ask_the_same_at_once_ask_it_once_and_both_hear_of_it(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"patient let in {code} bo")
    heard = at_once(talk, ["ana", "bo"], f"agenda add {code} What about sleep?")
    assert sorted(each.split(" · ")[2].split("\n")[0].split(",")[0] for each in heard) == [
        "asked already",
        "for the next conference",
    ]
    assert kinds(talk, code) == [("asked", "Q-1")]


def test_two_who_ask_something_else_at_once_are_both_kept(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes")
    talk.direct("ana", f"patient let in {code} bo")
    at_once(talk, ["ana", "bo"], f"agenda add {code} What about sleep, asks NAME?")
    assert kinds(talk, code) == [("asked", "Q-1"), ("asked", "Q-2")]


def test_a_question_is_taken_back_once_by_who_asked_it_or_who_runs_conferences(
    quick: Talk, code: str
) -> None:
    for who in ("bo", "dee"):
        quick.direct("ana", f"patient let in {code} {who}")
    for question in ("sleep?", "work?"):
        quick.direct("ana", f"agenda add {code} {question}")
    assert quick.ask("bo", "agenda withdraw Q-1", lane=own("bo")).outcome is Outcome.REFUSED
    assert quick.ask("cy", "agenda withdraw Q-1", lane=own("cy")).outcome is Outcome.REFUSED
    assert quick.direct("ana", "agenda withdraw q1") == f"Q-1 ({code}) is taken back."
    assert quick.direct("ana", "agenda withdraw Q-1") == "Q-1 was withdrawn already."
    quick.hear()
    assert quick.direct("dee", "agenda withdraw Q-2 'settled'") == f"Q-2 ({code}) is taken back."
    assert quick.told("ana") == ["Q-2 was taken back by Dee Park"]
    assert kinds(quick, code) == []


def test_who_does_not_look_after_the_patient_asks_and_sees_nothing(quick: Talk, code: str) -> None:
    for line in (f"agenda add {code} sleep?", f"outstanding {code}", f"contact {code} phone",
                 f"report {code} MRI"):  # fmt: skip
        assert quick.direct("bo", line).startswith(f"You are not on the care team of {code}")
    assert kinds(quick, code) == []


def test_one_press_puts_a_flags_patient_before_the_conference_with_its_facts(quick: Talk, code: str) -> None:
    quick.direct("ana", f"flag {code} severity=soon role=psychologist text='saddle numbness'")
    quick.direct("bo", "flag claim F-1")
    said = quick.press("bo", "To the agenda")
    assert said.startswith(f"Q-1 · {code} · for the next conference")
    assert "> From F-1, raised today 10:00\n> saddle numbness\n" in said
    quick.pass_time(DAY)
    assert quick.direct("ana", "flag agenda F-1").startswith(f"Q-1 · {code} · asked already, by Bo Lindqvist")
    assert kinds(quick, code) == [("asked", "Q-1"), ("flag-open", "F-1")]


def test_reports_that_are_there_are_told_to_the_agenda(quick: Talk, code: str) -> None:
    quick.direct("ana", f"agenda add {code} sleep?")
    said = quick.say("ana", f"report {code} MRI lumbar spine")
    assert said.startswith(f"A report about {code} is there.")
    issues(quick, code)
    ana = quick.id("ana")
    with quick.store.clinic(quick.now) as clinic:
        team = clinic.people.teams_of(ana)[0]
        assert clinic.issues.reports(team) == {code: frozenset({"MRI lumbar spine"})}
