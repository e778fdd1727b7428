"""A team is set up in its room, and changed there: what is not said stays as it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.handlers.talk import NAMES, ROOM, SETUP, Talk, own, text

CHRISTMAS_EVE = datetime(2025, 12, 24, 10, 0, tzinfo=UTC)
"""A Wednesday; Thursday and Friday are holidays in all of the United Kingdom."""
USUAL = SETUP.removeprefix("team setup ")
PEOPLE = "Lea Brandt  Team lead (lead)  here"
BUTTONS = (
    "1. Join with your role — team join\n2. Add a patient — patient add\n"
    "3. What may be shown here — team detail"
)


def shown(
    name: str = "North team",
    working: str = "Mon-Fri 08:30-17:00 (Europe/London)",
    holidays: str = "GB",
    quiet: str = "20:00-07:00",
    phone: str = "01632 960001",
    emergency: str = "999",
    people: str = PEOPLE,
) -> str:
    """The card that `team setup` answers with."""
    return (
        f"{name}\n\nWorking hours: {working}\nPublic holidays: {holidays}\nQuiet hours: {quiet}\n"
        f"If nobody answers: {phone}\nEmergency number: {emergency}\n"
        f"Pathway: Chronic musculoskeletal pain, version 1\n\nName  Role\n{people}\n\n{BUTTONS}"
    )


def set_up(talk: Talk, who: str, more: str) -> str:
    """What `team setup` answers, the columns of its table two spaces apart."""
    return re.sub(r" {2,}", "  ", re.sub(r" +\n", "\n", talk.say(who, f"team setup {more}")))


@pytest.fixture
def alone(sqlite_url: str) -> Iterator[Talk]:
    """A room that the bot was invited to, in which nobody has said anything yet."""
    made = Talk(sqlite_url)
    made.room_known(ROOM, "")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("holidays", "until"),
    [
        ("", "Mon 29 Dec 09:30"),
        ("holidays none", "Thu 25 Dec 09:30"),
        ("holidays=gb-sct", "Mon 29 Dec 09:30"),
    ],
)
def test_no_working_time_passes_on_a_public_holiday_that_the_team_keeps(
    sqlite_url: str, holidays: str, until: str
) -> None:
    talk = Talk(sqlite_url, CHRISTMAS_EVE)
    talk.team()
    talk.say("lea", f"team setup {holidays}")
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} bo routine 'low mood'")
    assert f"H-1 waits for an answer from Bo Lindqvist, until {until}." in talk.card("H-1")
    talk.close()


def test_what_is_left_out_is_the_usual_for_a_new_team(alone: Talk) -> None:
    assert set_up(alone, "lea", "'North team' '01632 960001'") == shown(emergency="112")


def test_whoever_changes_one_thing_leaves_the_others_as_they_are(alone: Talk) -> None:
    alone.say(
        "lea",
        "team setup 'Team Süd' phone 01632 960001 zone Europe/Berlin working mon-thu 9-17 quiet 21-6"
        " emergency 110 holidays de-by",
    )
    kept = {
        "name": "Team Süd", "working": "Mon-Thu 09:00-17:00 (Europe/Berlin)", "holidays": "DE-BY",
        "quiet": "21:00-06:00", "phone": "01632 960001", "emergency": "110",
    }  # fmt: skip
    alone.say("lea", "team help 'Crisis line: 01632 960990'")
    for line, change in (
        ("phone=01632960009", {"phone": "01632960009"}),
        ("quiet 22:00-07:00", {"quiet": "22:00-07:00"}),
        ("working tue-fri 9-17", {"working": "Tue-Fri 09:00-17:00 (Europe/Berlin)"}),
        ("holidays none", {"holidays": "none"}),
        ("name='Süd'", {"name": "Süd"}),
        ("emergency 112", {"emergency": "112"}),
    ):
        kept |= change
        assert set_up(alone, "lea", line) == shown(**kept), line
    with alone.store.clinic(alone.now) as clinic:
        found = [(each.help_lines, each.lead) for each in clinic.people.teams()]
    assert found == [("Crisis line: 01632 960990", alone.id("lea"))]


def test_the_form_of_a_team_that_there_is_shows_what_holds(alone: Talk) -> None:
    alone.say("lea", f"{SETUP} quiet=22-7")
    form = alone.ask("lea", "team setup", forms=True).form
    assert form is not None
    assert {each.name: each.default for each in form.fields} == {
        "name": "North team", "phone": "01632 960001", "zone": "Europe/London",
        "working": "Mon-Fri 08:30-17:00", "quiet": "22:00-07:00", "emergency": "999", "role": "Team lead",
        "holidays": "", "lead": "me",
    }  # fmt: skip
    assert not [each.name for each in form.fields if each.required]
    question = alone.say("lea", "team setup", thread="t1")
    assert question.startswith("Set up this channel's team (1 of 9): Name of the team")
    assert "If you skip this: North team" in question
    said = [alone.say("lea", answer, thread="t1") for answer in ("South team", *(["skip"] * 8))]
    assert said[-1].startswith("South team\n")
    assert set_up(alone, "lea", "name='North team'") == shown(quiet="22:00-07:00")


def test_words_without_a_name_change_nothing_before_they_were_seen_in_the_form(alone: Talk) -> None:
    alone.say("lea", SETUP)
    form = alone.ask("lea", "team setup hours 9-5", forms=True).form
    assert form is not None
    assert form.values == {"name": "hours 9-5"}
    assert alone.say("lea", "team show").startswith("North team\n")


def test_others_than_the_lead_see_an_empty_form_and_change_nothing(quick: Talk) -> None:
    form = quick.ask("ana", "team setup", forms=True).form
    assert form is not None
    assert [each.default for each in form.fields if each.name in ("name", "phone", "lead")] == ["", "", ""]
    refused = quick.say("ana", "team setup name=Mine phone=1")
    assert refused == "This is North team's room already; its lead can change it."
    assert quick.say("ana", "team show").startswith("North team\n")


@pytest.mark.parametrize(
    ("said", "instead"),
    [("working daily 8-22", "22:00-07:00"), ("working daily 6-14 quiet 22-7", "22:00-06:00"),
     ("working daily 0:00-24:00", "none")],
)  # fmt: skip
def test_quiet_hours_in_which_the_team_works_are_refused_with_what_to_type(
    alone: Talk, said: str, instead: str
) -> None:
    new = "team setup North phone=1"
    refused = alone.say("lea", f"{new} {said}")
    assert refused.endswith(f"in which people must be told what waits for them: type quiet {instead}.")
    with alone.store.clinic(alone.now) as clinic:
        assert clinic.people.teams() == []
    working = said.split(" quiet")[0]
    assert alone.say("lea", f"{new} {working} quiet {instead}").startswith("North\n")


def test_a_team_is_told_of_longer_hours_that_reach_into_its_quiet_ones(alone: Talk) -> None:
    alone.say("lea", SETUP)
    assert alone.say("lea", "team setup working daily 8-22") == (
        "The quiet hours 20:00-07:00 lie in the working hours 08:00-22:00, in which people must be told what"
        " waits for them: type quiet 22:00-07:00."
    )
    shows = alone.say("lea", "team show")
    assert shows.split("\n")[2] == "Working hours: Mon-Fri 08:30-17:00 (Europe/London)"


def test_a_name_with_the_word_emergency_makes_no_emergency_number(alone: Talk) -> None:
    said = alone.say("lea", "team setup North emergency pain team phone 01632 960001")
    assert said.startswith("“pain team” is no emergency number: type it last, as in `emergency 999`.")


def test_the_lead_is_named_in_setting_up(alone: Talk) -> None:
    refused = alone.ask("dee", f"{SETUP} role=coordinator lead=@lea", forms=True).form
    assert refused is not None
    assert refused.errors == {"lead": "Nobody in this team is called “@lea”: `team show` lists them."}
    people = "Dee Park  Coordinator (lead)  here"
    assert set_up(alone, "dee", f"{USUAL} role=coordinator lead me") == shown(people=people)
    alone.forward(1)
    alone.say("lea", "team join physio")
    alone.hear()
    people = "Dee Park  Coordinator  here\nLea Brandt  Physiotherapist (lead)  here"
    assert set_up(alone, "dee", "lead @lea") == shown(people=people)
    assert (alone.told("lea"), alone.told("dee")) == (["You lead North team now"], [])
    assert alone.say("dee", SETUP).startswith("This is North team's room already")
    people = "Dee Park  Coordinator  here\nLea Brandt  Psychologist (lead)  here"
    assert set_up(alone, "lea", "role=psychologist") == shown(people=people)


def test_the_list_of_leads_in_the_form_has_oneself_and_everybody(quick: Talk) -> None:
    form = quick.ask("lea", "team setup", forms=True).form
    assert form is not None
    lead = next(each for each in form.fields if each.name == "lead")
    assert [each.label.split(" (")[0] for each in lead.options] == [
        "Me", *(NAMES[who] for who in ("ana", "bo", "cy", "dee"))
    ]  # fmt: skip
    assert text(quick.ask("lea", "team setup", lane=own("lea"), forms=True)) == "Form: team setup"
    assert quick.direct("lea", "team setup name=N phone=1") == (
        "That belongs in the team's channel: say it there."
    )
