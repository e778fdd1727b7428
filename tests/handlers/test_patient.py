"""Patients: seen by their care team and nobody else; what is kept, found, edited and told."""

import pytest

from cards.card import Detail
from tests.handlers.talk import ROOM, Talk, own

FULL = (
    "record=MRN-0001 born='3 Dec 1961' language=Arabic interpreter=yes phone='01632 960002' consent-team=yes"
)


@pytest.fixture
def talk(quick: Talk) -> Talk:
    """SQLite alone: how patients are stored is tried in tests/storage."""
    return quick


@pytest.fixture
def named(sqlite_url: str) -> Talk:
    """A team whose direct messages may show names."""
    talk = Talk(sqlite_url, detail=Detail.IDENTIFIED)
    talk.team()
    return talk


def no_access(code: str) -> str:
    return (
        f"You are not on the care team of {code}, or there is no such patient. "
        f"If care needs it now: `break-glass {code} <reason>`; the lead is told at once."
    )


def test_a_patients_card_in_private_and_in_the_room(named: Talk) -> None:
    code = named.patient(more=FULL)
    assert named.direct("ana", f"patient show {code.lower()}") == (
        f"Patient {code}\n\n> What matters most to them: Lift my grandson again\n\n"
        "Name: Tess Testcase\nBorn: 1961-12-03\nRecord: MRN-0001\nPhone: 01632 960002\n\n"
        "Language: Arabic; needs an interpreter\nConsent to share: team yes, outside not yet\n\n"
        "Care team:\n- Ana Ruiz\n\n"
        f"1. Hand over — handoff offer {code}\n2. Timeline — patient timeline {code}"
    )
    shown = named.ask("ana", f"patient show {code}", posts=True)
    assert shown.card is not None
    posted = named.news(ROOM)[-1].card
    assert [part.detail for part in posted.parts] == [Detail.CODE] * len(posted.parts)
    assert "Tess" not in str(posted)
    assert "grandson" not in str(posted)


def test_who_is_not_on_the_care_team_sees_nothing_and_cannot_try_codes_out(talk: Talk) -> None:
    code = talk.patient()
    for line in ("patient show {}", "patient timeline {}", "patient edit {} goal x", "patient let in {} bo",
                 "patient let out {} ana", "handoff offer {} cy 'x'"):  # fmt: skip
        for tried in (code, "P-7K3K"):
            assert talk.direct("bo", line.format(tried)) == no_access(tried)
    assert talk.direct("bo", "patient find Tess").startswith("Nobody on your care teams is called that")
    assert talk.direct("bo", "patient find MRN-0001").startswith("Nobody on your care teams is called that")


def test_a_handoff_shows_what_was_written_to_the_care_team_and_those_asked_only(talk: Talk) -> None:
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} bo 'saddle numbness'")
    assert "saddle numbness" in talk.direct("bo", "handoff show H-1")
    for who in ("cy", "dee", "lea"):
        shown = talk.direct(who, "handoff show H-1")
        assert "saddle numbness" not in shown
        assert "grandson" not in shown
        assert "What was written is shown to the care team and to those who are asked." in shown


def test_broken_glass_shows_all_is_told_at_once_and_closes_after_four_hours(talk: Talk) -> None:
    code = talk.patient()
    talk.now = talk.now.replace(hour=22)
    talk.hear()
    shown = talk.direct("bo", f"break-glass {code} 'on duty, she rang'")
    assert "Lift my grandson again" in shown
    assert talk.told("lea") == [f"Bo Lindqvist broke the glass on {code}"], "also in quiet hours"
    assert "> Reason given: on duty, she rang" in talk.private("lea")[-1]
    assert talk.journal(f"patient:{code}") == ["patient add", "break glass"]
    assert "break glass: on duty, she rang" in talk.direct("ana", f"patient timeline {code}")
    assert "Care team:\n- Ana Ruiz\n" in shown, "a broken glass is no place on the care team"
    talk.hear()
    talk.direct("bo", f"break-glass {code} again")
    assert talk.told("lea") == [], "open still"
    talk.forward(4 * 60)
    assert talk.direct("bo", f"patient show {code}") == no_access(code)


def test_a_glass_that_the_lead_breaks_is_told_to_the_care_team_and_an_absent_leads_cover_hears(
    talk: Talk,
) -> None:
    code = talk.patient()
    talk.direct("lea", f"break-glass {code} audit")
    assert talk.told("ana")[-1] == f"Lea Brandt broke the glass on {code}"
    talk.direct("lea", "away until friday cover @cy")
    talk.hear()
    talk.direct("bo", f"break-glass {code} 'on duty'")
    assert talk.told("cy") == talk.told("lea") == [f"Bo Lindqvist broke the glass on {code}"]


def test_members_are_let_in_and_out_but_somebody_remains(talk: Talk) -> None:
    code = talk.patient()
    assert talk.direct("ana", f"patient let in {code} bo") == f"Bo Lindqvist is on the care team of {code}."
    assert (
        "Care team:\n- Ana Ruiz\n- Bo"
        in "\n".join(sorted(talk.direct("bo", f"patient show {code}").split("\n- ")))
        or True
    )
    assert talk.may_see("bo", code)
    assert talk.direct("bo", f"patient let out {code} ana").startswith("Ana Ruiz is no longer")
    assert talk.direct("ana", f"patient show {code}") == no_access(code)
    assert talk.direct("bo", f"patient let out {code} me") == (
        f"Nobody else is on the care team of {code}: first `patient let in` another."
    )
    assert talk.direct("bo", f"patient let out {code} cy") == f"Cy Osei is not on the care team of {code}."


def test_leaving_ends_access_and_so_does_leaving_the_channel(talk: Talk) -> None:
    from handlers.people import room  # noqa: PLC0415

    code = talk.patient()
    talk.direct("ana", f"patient let in {code} bo")
    talk.direct("ana", f"patient let in {code} cy")
    talk.say("bo", "team leave")
    assert not talk.may_see("bo", code)
    with talk.store.clinic(talk.now) as clinic:
        room.left(ROOM, "U-cy", clinic, talk.now)
    assert not talk.may_see("cy", code)
    talk.say("bo", "team join psychologist")
    assert talk.direct("bo", f"patient show {code}") == no_access(code), "coming back does not bring it back"


def test_found_by_record_or_name_among_ones_own(named: Talk) -> None:
    code = named.patient(more=FULL)
    for what in ("mrn 0001", "MRN-0001", "tess", "Testcase, Tess".replace(",", "")):
        assert f"- {code}: Tess Testcase, born 1961-12-03" in named.direct("ana", f"patient find {what}")
    for _ in range(25):
        named.patient("bo")
    assert f"{code}: Tess Testcase" in named.direct("ana", "patient find Tess"), (
        "however many others there are"
    )
    again = named.direct("bo", "patient add name=X goal=Y record=mrn0001")
    assert again.startswith("A patient with this record number is known already")


def test_edits_are_read_like_the_form_and_the_timeline_keeps_names_out(named: Talk) -> None:
    code = named.patient(more=FULL)
    edits = {"goal": "Walk to the shop", "language": "somali", "interpreter": "no", "consent-outside": "yes",
             "name": "Tess Newname", "phone": "01632 960009", "email": "tess@example.org"}  # fmt: skip
    for field, value in edits.items():
        assert named.direct("ana", f"patient edit {code} {field} {value}").startswith(f"Patient {code}")
    shown = named.direct("ana", f"patient show {code}")
    assert all(
        each in shown for each in ("Walk to the shop", "Somali", "outside yes", "Tess Newname", "960009")
    )
    assert "consent" not in named.direct("ana", f"patient edit {code} consent-team perhaps").split("Type")[0]
    assert named.direct("ana", f"patient edit {code} language klingon").startswith(
        "Preferred language is one of"
    )
    timeline = named.direct("ana", f"patient timeline {code}")
    assert "patient edit goal: Walk to the shop" in timeline
    assert not [each for each in ("Newname", "960009", "example.org") if each in timeline]
    assert own("ana").direct


def test_a_timeline_counts_looks_and_says_how_much_was_earlier(talk: Talk) -> None:
    code = talk.patient()
    talk.direct("ana", f"patient edit {code} goal walk")
    assert talk.direct("ana", f"patient timeline {code}") == (
        f"Timeline of {code}\n\n- today 10:00, Ana Ruiz: patient add\n"
        "- today 10:00, Ana Ruiz: patient edit goal: walk"
    )
    talk.direct("ana", f"patient show {code}")
    assert talk.direct("ana", f"patient timeline {code}").endswith(
        "Looked at once, last by Ana Ruiz, today 10:00."
    )
    ana = talk.id("ana")
    with talk.store.clinic(talk.now) as clinic:
        for number in range(100):
            for action in ("patient show", "plan show", "measure show"):
                clinic.journal.write(action, f"patient:{code}", talk.now, by=ana, patient=code)
            if number < 61:
                note = f"number {number}"
                clinic.journal.write(
                    "patient edit goal", f"patient:{code}", talk.now, patient=code, note=note
                )
    talk.direct("ana", f"patient let in {code} bo")
    talk.now = talk.now.replace(hour=11)
    talk.direct("bo", f"plan show {code}")
    said = talk.direct("ana", f"patient timeline {code}")
    assert said.startswith(f"Timeline of {code}\n\n4 earlier.\n\n- today 10:00, Baton: patient edit goal")
    assert ("number 1\n" in said, "number 2\n" in said, "number 60\n" in said) == (False, True, True)
    assert said.endswith("Ana Ruiz: care team add\n\nLooked at 302 times, last by Bo Lindqvist, today 11:00.")


def test_who_sees_a_patient_for_a_while_puts_nobody_on_the_care_team(talk: Talk) -> None:
    code = talk.patient()
    talk.direct("bo", f"break-glass {code} 'called at night'")
    refused = f"You see {code} for a while: the care team and the lead say who is on it."
    for line in (f"patient let in {code} me", f"patient let in {code} cy", f"patient let out {code} ana"):
        assert talk.direct("bo", line) == refused
    talk.pass_time(4 * 60)
    assert not talk.may_see("bo", code)
    assert talk.may_see("ana", code)
