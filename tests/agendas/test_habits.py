"""When things are due before a conference: working days, over weekends, holidays and clock changes."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.habits import Habits, last_look, moments, settings
from pathway.conference import Deadline
from pathway.definition import shipped
from pathway.hours import Hours, read_hours

HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
LONDON = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "22-7", HOLIDAYS)


def at(text: str, zone: str = "Europe/London") -> datetime:
    """A local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def posted(starts: str, habits: Habits | None = None, hours: Hours = LONDON) -> datetime:
    """When the agenda of a conference is posted."""
    return moments(at(starts), hours, habits or Habits(), shipped())[Deadline.AGENDA]


@pytest.mark.parametrize(
    ("starts", "when"),
    [
        ("2026-12-03 14:00", "2026-12-01 08:30"),  # a Thursday
        ("2026-12-01 14:00", "2026-11-27 08:30"),  # a Tuesday: the weekend counts for nothing
        ("2026-11-30 08:00", "2026-11-26 08:30"),  # a Monday before work begins
        ("2026-12-05 10:00", "2026-12-03 08:30"),  # a Saturday is no working day, and not counted from
        ("2026-12-29 14:00", "2026-12-23 08:30"),  # after Christmas and a weekend: 24th and 23rd
        ("2026-12-30 00:30", "2026-12-24 08:30"),  # already Wednesday in London
        ("2026-03-31 14:00", "2026-03-27 08:30"),  # the clocks go forward in between
        ("2026-10-27 14:00", "2026-10-23 08:30"),  # and back
    ],
)
def test_two_working_days_before(starts: str, when: str) -> None:
    assert posted(starts) == at(when)


def test_on_the_day_and_hour_that_the_lead_sets() -> None:
    assert posted("2026-12-03 14:00", Habits(3, time(16))) == at("2026-11-30 16:00")
    assert posted("2026-12-03 14:00", Habits(0, time(7))) == at("2026-12-03 07:00")
    assert posted("2026-12-03 14:00", Habits(0, time(18))) == at("2026-12-03 14:00"), "not after its start"
    assert posted("2026-03-30 09:00", Habits(0, time(1, 30))) == at("2026-03-30 01:30")
    skipped = read_hours("Europe/London", "daily 0:30-17", "")
    assert posted("2026-03-29 09:00", Habits(0, time(1, 30)), skipped) == at("2026-03-29 02:30"), (
        "01:30 is none"
    )


def test_days_are_those_of_the_team_wherever_the_conference_was_planned() -> None:
    sydney = read_hours("Australia/Sydney", "Mon-Fri 9-17", "")
    assert posted("2026-12-02 22:00", hours=sydney) == at("2026-12-01 09:00", "Australia/Sydney")


def test_who_is_missing_is_asked_before_the_agenda_is_posted_and_a_quorum_looked_for_in_time() -> None:
    due = moments(at("2026-12-10 14:00"), LONDON, Habits(), shipped())
    assert due == {
        Deadline.READY: at("2026-12-04 08:30"),
        Deadline.QUORUM: at("2026-12-07 08:30"),
        Deadline.AGENDA: at("2026-12-08 08:30"),
    }
    early = moments(at("2026-12-10 14:00"), LONDON, Habits(6, time(9)), shipped())
    assert early[Deadline.READY] == early[Deadline.AGENDA] == at("2026-12-02 09:00")
    assert last_look(at("2026-12-10 14:00"), LONDON, Habits()) == at("2026-12-09 08:30")


def test_a_series_own_habits_stand_before_the_teams_and_these_before_the_definition() -> None:
    team = Habits(3, time(9), ("psychology",))
    assert Habits(1).over(team) == Habits(1, None, ("psychology",))
    assert Habits(quorum=()).over(team) == Habits(3, time(9), ())
    assert settings(shipped().model_copy(update={"agenda": None, "issue_kinds": ()})).post_days == 2


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 12),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_so_many_working_days_lie_between(day: date, count: int, works: frozenset[int]) -> None:
    hours = Hours("UTC", works, LONDON.work, None, HOLIDAYS)
    before = hours.days_before(day, count)
    days = [date.fromordinal(each) for each in range(before.toordinal(), day.toordinal())]
    assert sum(hours.works_on(each) for each in days) == count
    assert count == 0 or hours.works_on(before)
