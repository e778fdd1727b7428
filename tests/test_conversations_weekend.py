"""The specification of who is asked when: nobody on duty, quiet hours, the night on which the clocks change.

One weekend of a team in London, the same on every way in and database, as in tests/test_conversations.py.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.stages.at_work import WAYS_IN, cards, make_team, new_patient, open_stage, seen, told
from tests.stages.stage import PEOPLE, Stage

ROLES = {"ana": "physio", "bo": "psychologist", "cy": "psychologist", "dana": "primary-care"}
HOUR = 60
CALL_FIRST = "call the local emergency number now. Baton does not call anyone. (999)"


def friday() -> datetime:
    """Four in the afternoon of a Friday to come, after which the clocks of London go forward on Sunday."""
    today = datetime.now(UTC).date()
    years = (date(today.year + more, 3, 31) for more in range(2))
    sundays = (last - timedelta(days=(last.weekday() + 1) % 7) for last in years)
    day = next(each for each in sundays if each > today + timedelta(days=7)) - timedelta(days=2)
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


@pytest.fixture(params=WAYS_IN)
def stage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Stage]:
    """A team on one platform and one database, on a Friday afternoon."""
    people = {**PEOPLE, "dana": "Dana Whitfield"}
    made = open_stage(request.param, database_url, people, friday())
    try:
        make_team(made, ROLES)
        yield made
    finally:
        made.close()


def heard(stage: Stage) -> dict[str, int]:
    """How many messages each of those who may answer has in private."""
    return {who: len(stage.private(who)) for who in ("bo", "cy", "dana", "lea")}


def answered(stage: Stage, who: str) -> bool:
    """Whether their own card says that F-3 is resolved, and the answer to what they said has come too."""
    words = ("resolved by", "F-3 is up to date above")
    return sum(any(word in each for word in words) for each in stage.private(who)) > 1


def test_a_weekend_with_a_gap_in_the_rota_and_a_night_that_is_too_short(stage: Stage) -> None:
    code = new_patient(stage)
    stage.direct("cy", "duty set psychologist me daily 8-22")
    stage.wait_for(lambda: told(stage, "cy", "Cy Osei is on duty as psychologist"))
    stage.direct("bo", "duty set psychologist me daily 22-8")
    stage.wait_for(lambda: told(stage, "bo", "Bo Lindqvist is on duty as psychologist"))
    stage.forward(5)
    assert not told(stage, "lea", "Nobody is on duty"), "between them they are there day and night"
    stage.direct("bo", "away until monday 11am")
    stage.wait_for(lambda: told(stage, "bo", "You are away until Mon"))
    stage.forward(5)
    stage.wait_for(
        lambda: told(stage, "lea", "Nobody is on duty in North team", "Bo Lindqvist can't, and nobody covers")
    )

    before = heard(stage)
    stage.direct("ana", f"assess {code} ISI total 15")
    stage.wait_for(lambda: told(stage, "ana", "ISI", "F-1"))
    stage.forward(32 * HOUR + 30)  # 00:40 on Sunday
    assert heard(stage) == before, "what is routine disturbs nobody"

    stage.direct("ana", f"assess {code} GAD-7 total 15")
    stage.wait_for(lambda: told(stage, "ana", "GAD-7", "F-2"))
    stage.wait_for(lambda: seen(stage, "F-2 ·", "Urgent", "use the local out-of-hours service now"))
    assert heard(stage) == before, "what is urgent waits for the end of quiet hours"

    stage.direct("ana", f"assess {code} PHQ-9 total 1 item 9 1")
    for who in ("cy", "dana"):  # nobody is on duty, so all who may answer are asked
        stage.wait_for(lambda who=who: told(stage, who, "F-3 ·", CALL_FIRST, "self-harm"))  # type: ignore[misc]
    assert (heard(stage)["bo"], heard(stage)["lea"]) == (before["bo"], before["lea"])
    stage.direct("cy", "flag snooze F-3 in 15 min")
    stage.wait_for(lambda: told(stage, "cy", "F-3 can't be put off: its severity is emergency."))
    stage.press("cy", "Claim", private=True)
    stage.wait_for(lambda: seen(stage, "F-3 ·", "claimed by Cy Osei", "what was done is due today 02:0"))
    stage.forward(15)
    stage.wait_for(lambda: told(stage, "cy", "F-3 waits for you to say what was done"))
    assert seen(stage, "F-3 ·", "claimed by Cy Osei"), "20 minutes are 20 minutes in this night too"
    stage.forward(10)
    stage.wait_for(lambda: seen(stage, "F-3 ·", "escalated"))
    lapsed = "F-3 is asked again: Cy Osei had it and has not said what was done"
    stage.wait_for(lambda: told(stage, "dana", lapsed) and told(stage, "cy", lapsed))
    stage.wait_for(lambda: told(stage, "lea", "F-3 ·", "Claim"))
    stage.direct("dana", "flag resolve F-3 'Rang her: passing thoughts, no plan; her sister is with her'")
    stage.wait_for(lambda: seen(stage, "F-3 ·", "resolved by Dana Whitfield"))

    stage.wait_for(lambda: answered(stage, "dana"))
    in_bed = heard(stage)
    stage.forward(4 * HOUR + 40)  # 06:45 by the new time
    assert heard(stage) == in_bed
    stage.forward(20)
    for who in ("cy", "dana"):
        stage.wait_for(lambda who=who: told(stage, who, "F-2 ·", "Severe anxiety", "Claim"))  # type: ignore[misc]
    assert (heard(stage)["bo"], heard(stage)["lea"]) == (in_bed["bo"], in_bed["lea"])

    assert not any(told(stage, who, "routine flag") for who in heard(stage))
    stage.forward(25 * HOUR + 30)  # 08:35 on Monday
    stage.wait_for(lambda: told(stage, "cy", "A routine flag waits for you", "Severe sleep disturbance"))
    assert not told(stage, "bo", "routine flag"), "who is away is left in peace"
    stage.direct("cy", "flag snooze F-2 in 3 h")
    stage.wait_for(lambda: told(stage, "cy", "F-2 can be put off for 60 minutes of working time in all"))
    stage.direct("cy", "flag snooze F-2 in 30 min")
    stage.wait_for(lambda: seen(stage, "F-2 ·", "was put off until today 09:0", "by Cy Osei"))
    stage.wait_for(lambda: told(stage, "dana", "F-2", "is put off until today 09:0", "by Cy Osei"))
    stage.forward(25)
    assert not told(stage, "cy", "F-2 is asked again")
    stage.forward(10)
    stage.wait_for(lambda: told(stage, "cy", "F-2 is asked again: Cy Osei had put it off until now"))
    stage.direct("cy", "flag resolve F-2 'Seen at nine'")
    stage.wait_for(lambda: seen(stage, "F-2 ·", "resolved by Cy Osei"))

    assert [len(cards(stage, ref)) for ref in ("F-1", "F-2", "F-3")] == [0, 1, 1]
    assert not told(stage, "bo", "F-2") and not told(stage, "bo", "F-3")
