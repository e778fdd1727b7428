"""A team schedules its conferences and looks them up; they are made ahead as time goes by."""

from datetime import UTC, datetime

from tests.handlers.talk import Talk

WEEKLY = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"


def test_a_series_is_understood_said_back_and_made_ahead(talk: Talk) -> None:
    assert talk.say("lea", WEEKLY) == (
        "S-1 is planned\n\n"
        "MSK conference, every Tuesday 12:30-13:30 (London time), from Tue 4 Mar.\n\n"
        "The first ones:\n"
        "- C-1: tomorrow 12:30-13:30 London time\n"
        "- C-2: Tue 11 Mar 12:30-13:30 London time\n"
        "- C-3: Tue 18 Mar 12:30-13:30 London time\n"
        "- C-4: Tue 25 Mar 12:30-13:30 London time\n\n"
        "1. All that is planned — conference list"
    )
    with talk.store.clinic(talk.now) as clinic:
        made = clinic.conferences.of_series(1, talk.now)
        assert len(made) == 17
        assert made[4].starts == datetime(2031, 4, 1, 11, 30, tzinfo=UTC), "an hour earlier in UTC in summer"
        invited = clinic.invitees.of_conference(made[0])
        names = ["Ana Ruiz", "Bo Lindqvist", "Cy Osei", "Dee Park", "Lea Brandt"]
        assert sorted(each.name for each in invited) == names
    assert talk.heard() == ["C-1 · planned · Tue 4 Mar 12:30 London time"], (
        "later ones come when they are near"
    )
    talk.until(datetime(2031, 3, 5, 10, 0, tzinfo=UTC))
    heard = [each for each in talk.heard() if each.startswith("C-2")]
    assert heard == ["C-2 · planned · Tue 11 Mar 12:30 London time"]
    with talk.store.clinic(talk.now) as clinic:
        assert len(clinic.conferences.of_series(1, talk.now)) == 17


def test_what_is_planned_is_listed_in_ones_own_zone(talk: Talk) -> None:
    assert talk.say("bo", "conference list") == "North team has no conference planned."
    talk.say("lea", WEEKLY)
    talk.say("lea", "conference schedule Extra conference friday 14:00-15:00 where 'Room 2'")
    assert talk.say("bo", "conferences").startswith(
        "Conferences of North team\n\nNext:\n"
        "- C-1 · MSK conference · tomorrow 12:30-13:30 London time · S-1\n"
        "- C-18 · Extra conference · Fri 7 Mar 14:00-15:00 London time\n"
        "- C-2 · MSK conference · Tue 11 Mar 12:30-13:30 London time · S-1\n"
    )
    assert talk.say("bo", "conference show C-18") == (
        "C-18 · planned · Fri 7 Mar 14:00 London time\n\nExtra conference\n\n"
        "When: Fri 7 Mar 14:00-15:00 London time\nWhere: Room 2\n\n"
        "Expected:\n- Physiotherapy: 1 not answered\n- Psychology: 2 not answered\n"
        "- Others: 2 not answered\n\n"
        "Invited:\n- Ana Ruiz\n- Bo Lindqvist\n- Cy Osei\n- Dee Park\n- Lea Brandt\n\n"
        "1. Coming 👍 — conference accept C-18\n2. Maybe 🤔 — conference maybe C-18\n"
        "3. Can't come 👎 — conference decline C-18"
    )


def test_a_line_that_says_too_little_says_what_to_type(quick: Talk) -> None:
    form = quick.form("lea", "conference schedule")
    assert [field.name for field in form.fields] == ["what", "where", "holidays", "invites"]
    form = quick.form("lea", "conference schedule MSK conference every tuesday")
    assert form.errors == {
        "what": "Say at what time, like 12:30-13:30: MSK conference every Tuesday 12:30-13:30 from 1 Dec."
    }
    assert form.values == {"what": "MSK conference every tuesday"}


def test_only_who_may_runs_conferences(quick: Talk) -> None:
    assert quick.say("ana", WEEKLY).startswith("As physiotherapist you can't use `conference schedule` here.")


def test_a_series_leaves_out_the_holidays_that_its_team_keeps(quick: Talk) -> None:
    quick.say("lea", "team setup holidays GB-SCT")
    said = quick.say("lea", "conference schedule Board every Monday 9-10 from 7 Apr")
    assert "Left out as public holidays (GB-SCT): Mon 5 May" in said
    assert "Easter Monday" not in said, "on which Scotland works"


def test_public_holidays_are_left_out_and_named(quick: Talk) -> None:
    said = quick.say(
        "lea", "conference schedule Board every Friday 9-10 from 4 Apr holidays GB-ENG invites psychology"
    )
    assert "Left out as public holidays (GB-ENG): Fri 11 Apr (Good Friday)." in said
    assert "- C-1: Fri 4 Apr 09:00-10:00 London time\n- C-2: Fri 18 Apr 09:00-10:00 London time\n" in said
    with quick.store.clinic(quick.now) as clinic:
        assert sorted(each.name for each in clinic.invitees.of_series(1)) == ["Bo Lindqvist", "Cy Osei"]


def test_a_title_can_not_name_a_patient(quick: Talk) -> None:
    quick.patient(who="lea", more="record=MRN-7")
    refused = "That names a patient, and everybody who is invited would read it: use other words."
    for title in ("Tess Testcase review", "Review of MRN-7"):
        assert quick.say("lea", f"conference schedule {title} tomorrow 14:00-15:00") == refused
    assert (
        quick.say("lea", "conference list")
        == "North team has no conference planned.\n\n1. Schedule — conference schedule"
    )
