"""Who is here, who covers for whom, and who leads."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.hours import read_hours
from pathway.people import Absence, Member, Place, Roster, Team

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOURS = read_hours("Europe/London", "Mon-Fri 08:30-17:00", "20:00-07:00")


def roster(*away: tuple[str, str], lead: str = "", **roles: str) -> Roster:
    """A team of these, of whom `away` are absent today as (who, cover)."""
    places = tuple(Place(Member(who, who.title()), role) for who, role in roles.items())
    absences = tuple(Absence(who, NOW - DAY, NOW + DAY, cover) for who, cover in away)
    return Roster(Team("t", "North", HOURS, lead=lead), places, absences)


def test_an_absence_holds_from_its_start_until_its_end_and_needs_a_zone() -> None:
    absence = Absence("bo", NOW, NOW + DAY)
    moments = (NOW - timedelta(seconds=1), NOW, NOW + DAY - timedelta(seconds=1), NOW + DAY)
    assert [absence.holds(moment) for moment in moments] == [False, True, True, False]
    with pytest.raises(ValueError, match="aware"):
        Absence("bo", NOW.replace(tzinfo=None), NOW)


def test_cover_follows_those_who_are_away_themselves() -> None:
    team = roster(("bo", "cy"), ("cy", "eli"), bo="psych", cy="psych", eli="physio", ana="physio")
    assert (team.cover("bo", NOW), team.cover("cy", NOW), team.cover("ana", NOW)) == ("eli", "eli", "")
    assert team.standing_in(("bo", "cy", "ana"), NOW) == ("eli", "ana")
    assert team.present(("bo", "ana", "gone"), NOW) == ("ana",)
    assert team.cover("bo", NOW + DAY) == "", "back again"


def test_cover_that_leads_nowhere_is_nobody() -> None:
    assert roster(("bo", "cy"), ("cy", "bo"), bo="psych", cy="psych").cover("bo", NOW) == ""
    assert roster(("bo", "bo"), bo="psych").cover("bo", NOW) == ""
    assert roster(("bo", "gone"), bo="psych").cover("bo", NOW) == ""
    assert roster(("bo", "cy"), ("cy", ""), bo="psych", cy="psych").cover("bo", NOW) == ""


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg"), max_size=6))
def test_cover_ends_and_is_somebody_who_is_here(away: dict[str, str]) -> None:
    team = roster(*away.items(), **dict.fromkeys("abcdef", "psych"))
    for who in "abcdef":
        cover = team.cover(who, NOW)
        assert cover == "" or (who in away and cover != who and cover not in away and cover in "abcdef")


def test_of_two_absences_the_one_that_ends_last_counts() -> None:
    team = roster(bo="psych")
    both = (Absence("bo", NOW - DAY, NOW + DAY, "x"), Absence("bo", NOW - DAY, NOW + 2 * DAY, "y"))
    assert Roster(team.team, team.places, both).away("bo", NOW) == both[1]


def test_the_lead_is_who_was_named_or_else_whoever_has_the_role() -> None:
    assert roster(lead="bo", bo="psych", lea="lead").leads() == ("bo",)
    assert roster(lead="gone", bo="psych", lea="lead", max="lead").leads() == ("lea", "max")
    assert roster(bo="psych").leads() == ()


def test_who_has_left_has_no_name_and_no_role() -> None:
    team = roster(bo="psych", cy="psych")
    assert (team.name("bo"), team.name("gone")) == ("Bo", "someone who has left the team")
    assert (team.role("bo"), team.role("gone"), team.member("gone")) == ("psych", "", None)
    assert team.holders("psych") == ("bo", "cy")
