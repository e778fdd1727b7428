"""What is due: listed, told in working hours, at most twice, and forgotten once it is entered."""

from datetime import timedelta

import pytest

from handlers.measures import review
from tests.handlers.talk import Talk

DAY = 24 * 60


@pytest.fixture
def code(talk: Talk) -> str:
    """A patient of ana's, since Monday 3 March 10:00."""
    made = talk.patient()
    talk.hear()
    return made


def told(talk: Talk, who: str, days: int) -> list[tuple[int, str]]:
    """What somebody is told of measures, and on which day, while so many days go by."""
    found = []
    for day in range(1, days + 1):
        talk.forward(DAY)
        found += [(day, title) for title in talk.told(who) if "measures are due" in title]
    return found


def test_people_are_told_when_a_baseline_is_due_and_when_it_is_overdue(talk: Talk, code: str) -> None:
    assert told(talk, "ana", 40) == [(14, f"{code}: measures are due"), (28, f"{code}: measures are due")]
    assert talk.broke == []
    assert talk.told("bo") == [], "he does not look after this patient"
    assert talk.journal(f"patient:{code}") == ["patient add", "measures due", "measures due"]
    newest = talk.private("ana")[-1]
    assert newest.startswith(
        f"{code}: measures are due\n\n- Baseline, overdue since Mon 17 Mar: FATIGUE, GAD-7, ISI, PEG, PHQ-9, "
        "PSEQ-2, WORK\n\n"
    )
    assert "Enter PEG — assess" in newest


def test_what_was_entered_is_not_asked_for_until_it_is_due_again(talk: Talk, code: str) -> None:
    talk.direct(
        "ana",
        f"assess {code} PEG 7 8 6, PHQ-9 0 0 0 0 0 0 0 0 0, GAD-7 total 3, ISI total 4, PSEQ-2 5 5, "
        "WORK full, fatigue 3",
    )
    talk.hear()
    assert told(talk, "ana", 41) == []
    assert talk.direct("ana", "due") == "Nothing of your patients is due."
    assert told(talk, "ana", 2) == [(1, f"{code}: measures are due")]
    due = talk.direct("ana", "due")
    assert due.startswith("Measures due: mine")
    assert "6 weeks, due since Mon 14 Apr: PEG, PHQ-9" in due
    talk.direct("ana", f"assess {code} PEG 5 5 5, PHQ-9 0 0 0 0 0 0 0 0 0")
    assert talk.direct("ana", "due") == "Nothing of your patients is due."


def test_lists_are_of_ones_own_patients_or_the_teams_and_show_codes_only(talk: Talk, code: str) -> None:
    other = talk.patient("bo")
    talk.now += timedelta(days=15)
    mine, team = talk.direct("ana", "due"), talk.direct("lea", "due team")
    assert code in mine
    assert other not in mine
    assert code in team
    assert other in team
    assert "Tess" not in team
    assert talk.direct("cy", "due") == "Nothing of your patients is due."
    assert talk.direct("dee", "due").startswith("Nothing of your patients"), "also for a coordinator"


def test_nobody_is_told_at_night_or_on_a_weekend(quick: Talk) -> None:
    quick.now = quick.now.replace(day=8)  # a Saturday
    code = quick.patient()
    quick.hear()
    quick.until(quick.now + timedelta(days=14, hours=1))  # a Saturday too
    assert quick.told("ana") == []
    quick.until(quick.now.replace(day=24, hour=8, minute=29))
    assert quick.told("ana") == [], "the team begins at half past eight"
    quick.forward(1)
    assert quick.told("ana") == [f"{code}: measures are due"]
    quick.forward(1)
    assert quick.told("ana") == []


def test_after_an_outage_people_are_told_once(quick: Talk) -> None:
    code = quick.patient()
    quick.hear()
    quick.forward(60 * DAY + 60)
    quick.forward(1)
    assert [each for each in quick.told("ana") if "due" in each] == [f"{code}: measures are due"]


def test_a_cover_is_told_for_who_is_away_and_the_lead_if_nobody_measures(quick: Talk) -> None:
    code = quick.patient()
    quick.direct("ana", "away until '1 Apr 2031' cover @bo")
    theirs = quick.patient("dee")
    quick.hear()
    quick.forward(14 * DAY)
    assert quick.told("bo") == [f"{code}: measures are due"]
    assert quick.told("ana") == []
    assert quick.told("lea") == [f"{theirs}: measures are due"], "a coordinator does not measure"


def test_a_reminder_that_waits_is_taken_back_when_all_is_entered(quick: Talk) -> None:
    code = quick.patient()
    quick.now += timedelta(days=14)
    quick.hear()
    quick.direct("ana", f"assess {code} PEG 7 8 6, PHQ-9 0 0 0 0 0 0 0 0 0, GAD-7 total 3")
    quick.direct("ana", f"assess {code} ISI total 4, PSEQ-2 5 5, WORK full, FATIGUE 3")
    quick.forward(30)
    assert [each for each in quick.told("ana") if "due" in each] == []


def test_a_patient_is_looked_at_again_within_a_week_whatever_is_due(quick: Talk) -> None:
    code = quick.patient()
    start = quick.now
    with quick.store.clinic(quick.now) as clinic:
        first = clinic.measures.review(code)
    quick.forward(7 * DAY)
    with quick.store.clinic(quick.now) as clinic:
        second = clinic.measures.review(code)
    assert first is not None
    assert second is not None
    assert (first.next_at - start, second.next_at - start) == (timedelta(days=7), timedelta(days=14))
    assert first.due_at == start + timedelta(days=14)
    assert second.told_until == quick.now
    assert review.subject(code) == f"measures:{code}"
