"""Duty in conversation: a rota set, turned, swapped, ended; the absent covered; gaps told to the lead."""

import re
from datetime import UTC, datetime, timedelta

from tests.handlers.talk import Talk

TUESDAY = datetime(2031, 3, 4, 8, 30, tzinfo=UTC)
"""When the team's next working day begins."""
SATURDAY_NIGHT = datetime(2031, 3, 29, 20, 0, tzinfo=UTC)
"""The clocks of London go forward in this night, at 01:00 UTC."""


def row(said: str, role: str = "Psychologist") -> tuple[str, ...]:
    """Who is on duty in a role, and who is next, as `duty` shows them."""
    line = next(each for each in said.splitlines() if each.startswith(f"{role} "))
    return tuple(re.split(r" {2,}", line.strip()))[1:]


def test_who_is_on_duty_now_and_next(talk: Talk) -> None:
    assert "There is no rota yet: everybody of a role is asked." in talk.say("bo", "duty")
    assert talk.say("lea", "duty set psychologist @bo mon-fri 8:30-12") == (
        "Bo Lindqvist is on duty as psychologist: Mon-Fri 08:30-12:00.\n\n"
        "Nobody is on duty:\n"
        "- Psychologist: today 12:00 to 17:00 (the rota names nobody)\n"
        "- Psychologist: tomorrow 12:00 to 17:00 (the rota names nobody)\n\n"
        "1. Who is on duty? — duty"
    )
    told = "Lea Brandt put you on duty as psychologist: Mon-Fri 08:30-12:00"
    assert talk.told("bo") == [told]
    assert talk.say("cy", "duty set psychologist me weekdays 12-17") == (
        "Cy Osei is on duty as psychologist: Mon-Fri 12:00-17:00.\n\n1. Who is on duty? — duty"
    )
    said = talk.direct("ana", "duty")
    assert said.startswith("On duty in North team\n\nRole ")
    assert row(said) == ("Bo Lindqvist", "Cy Osei, today 12:00")
    talk.forward(150)
    assert row(talk.say("ana", "on call")) == ("Cy Osei", "nobody, today 17:00")
    assert talk.told("lea") == [], "the lead heard of it in the answer"


def test_a_flag_goes_first_to_who_is_on_duty(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @cy mon-fri 8:30-17")
    code = talk.patient()
    talk.hear()
    talk.direct("ana", f"flag {code} 'low mood' urgent psychologist")
    assert (talk.told("cy"), talk.told("bo")) == ([f"F-1 · {code} · Urgent · raised"], [])
    talk.pass_time(15)
    assert talk.told("bo") == [f"F-1 · {code} · Urgent · escalated"]


def test_who_is_away_on_duty_is_covered_and_the_flag_goes_there(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.direct("bo", "away until friday cover @cy")
    code = talk.patient()
    talk.hear()
    assert row(talk.say("ana", "duty")) == ("Cy Osei (Bo Lindqvist away)", "nobody, today 17:00")
    talk.direct("ana", f"flag {code} 'low mood' urgent psychologist")
    assert (talk.told("cy"), talk.told("bo")) == ([f"F-1 · {code} · Urgent · raised"], [])
    assert talk.told("lea") == []


def test_nobody_on_duty_is_told_to_the_lead_before_it_matters_and_once(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.hear()
    talk.direct("bo", "away until wednesday 9am")
    talk.forward(1)
    assert talk.told("lea") == ["Nobody is on duty in North team"]
    assert talk.private("lea")[-1] == (
        "Nobody is on duty in North team\n\n"
        "- Psychologist: today 10:01 to 17:00 (Bo Lindqvist can't, and nobody covers)\n"
        "- Psychologist: tomorrow 08:30 to 17:00 (Bo Lindqvist can't, and nobody covers)\n\n"
        "Until somebody is found, everybody who holds the role is asked.\n\n"
        "1. Set duty — duty set\n2. Who is on duty? — duty"
    )
    talk.until(TUESDAY)
    assert talk.told("lea") == ["Nobody is on duty in North team"], "Wednesday until nine"
    assert "Wed 5 Mar 08:30 to 09:00" not in talk.private("lea")[-1]
    assert "tomorrow 08:30 to 09:00" in talk.private("lea")[-1]
    talk.pass_time(120)
    assert (talk.told("lea"), talk.told("cy"), talk.heard()) == ([], [], [])


def test_what_the_rota_never_covers_is_told_once_and_not_every_week(talk: Talk) -> None:
    talk.say("cy", "duty set psychologist me mon-thu")
    talk.hear()
    talk.forward(1)
    talk.pass_time(4 * 24 * 60)
    assert talk.told("lea") == ["Nobody is on duty in North team"]
    assert "Psychologist: tomorrow 08:30 to 17:00 (the rota names nobody)" in talk.private("lea")[-1]
    talk.pass_time(21 * 24 * 60)
    assert talk.told("lea") == []


def test_the_lead_is_not_woken_for_a_gap_of_tomorrow_but_for_one_of_tonight(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.say("lea", "duty set physio @ana daily 17-8:30")
    talk.until(datetime(2031, 3, 3, 21, 0, tzinfo=UTC))
    talk.hear()
    talk.direct("bo", "away until wednesday 8:30 cover @lea")
    talk.direct("bo", "back")
    talk.direct("bo", "away until wednesday 8am")
    talk.forward(1)
    assert talk.told("lea") == [], "it is night, and in the morning she covers for nobody"
    talk.until(datetime(2031, 3, 4, 7, 0, tzinfo=UTC))
    assert talk.told("lea") == ["Nobody is on duty in North team"]
    talk.until(datetime(2031, 3, 4, 22, 0, tzinfo=UTC))
    talk.hear()
    talk.direct("ana", "away until friday 8:30")
    talk.forward(1)
    assert talk.told("lea") == ["Nobody is on duty in North team"]
    assert "Physiotherapist: today 22:01 to tomorrow 08:30" in talk.private("lea")[-1]


def test_what_waits_for_the_morning_is_said_in_words_of_the_morning(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.until(datetime(2031, 3, 4, 22, 0, tzinfo=UTC))
    talk.hear()
    said = talk.say("lea", "duty set psychologist @cy from tomorrow 9:00 until tomorrow 12:00")
    assert said.startswith("Cy Osei is on duty as psychologist: tomorrow 09:00 to 12:00, instead of")
    talk.say("lea", "duty off psychologist @bo from tomorrow 13:00 until tomorrow 14:00")
    talk.direct("lea", "away until tomorrow 17:00 cover @bo")
    talk.direct("dee", "away until tomorrow 6am cover @bo")
    talk.until(datetime(2031, 3, 5, 7, 0, tzinfo=UTC))
    assert talk.told("bo") == [
        "Lea Brandt put Cy Osei on duty as psychologist instead of you: today 09:00 to 12:00",
        "Lea Brandt took you off duty as psychologist: today 13:00 to 14:00",
        "You cover for Lea Brandt until today 17:00",
    ]
    assert talk.told("cy")[0] == (
        "Lea Brandt put you on duty as psychologist: today 09:00 to 12:00, instead of whoever the rota names"
    )


def test_one_stretch_stands_in_place_of_the_rota(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    said = talk.say("lea", "duty set psychologist @cy from today 11:00 until today 13:00")
    assert said.startswith(
        "Cy Osei is on duty as psychologist: today 11:00 to 13:00, instead of whoever the rota names."
    )
    told = "Lea Brandt put Cy Osei on duty as psychologist instead of you: today 11:00 to 13:00"
    assert told in talk.told("bo")
    assert row(talk.say("bo", "duty")) == ("Bo Lindqvist", "Cy Osei, today 11:00")
    talk.forward(60)
    assert row(talk.say("bo", "duty")) == ("Cy Osei", "Bo Lindqvist, today 13:00")


def test_nobody_but_the_lead_takes_duty_from_others_or_for_a_role_of_others(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.hear()
    assert talk.say("cy", "duty set psychologist me from today 16:00 until today 20:00") == (
        "On duty in that time: Bo Lindqvist. They can pass it on with `duty swap`, or the lead can set it."
    )
    for when in ("from today 11:00 until today 13:00", "mon-fri 8:30-17"):
        assert talk.say("ana", f"duty set psychologist me {when}") == (
            "You are not psychologist in this team: only the lead puts you on duty as psychologist."
        )
    assert row(talk.say("cy", "duty")) == ("Bo Lindqvist", "nobody, today 17:00")
    assert talk.told("bo") == []
    assert talk.say("cy", "duty set psychologist me from today 17:00 until today 20:00").startswith(
        "Cy Osei is on duty as psychologist: today 17:00 to 20:00"
    )
    assert talk.say("bo", "duty set psychologist me from today 11:00 until today 13:00").startswith("Bo")


def test_duty_ends_for_a_day_or_for_good(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17")
    talk.hear()
    assert talk.direct("bo", "duty off psychologist tomorrow") == (
        "Bo Lindqvist is not on duty as psychologist tomorrow 00:00 to Wed 5 Mar 00:00.\n\n"
        "Nobody is on duty:\n"
        "- Psychologist: tomorrow 08:30 to 17:00 (Bo Lindqvist can't, and nobody covers)\n\n"
        "1. Who is on duty? — duty"
    )
    talk.forward(1)
    assert talk.told("lea") == ["Nobody is on duty in North team"]
    assert talk.say("lea", "duty off psychologist @bo").startswith("Bo Lindqvist is no longer on duty")
    assert talk.told("bo") == ["Lea Brandt took you off duty as psychologist, every week"]
    assert talk.direct("bo", "duty off psychologist") == (
        "Bo Lindqvist is not in the weekly rota as psychologist: `duty` shows who is."
    )


def test_a_rota_that_turns_every_second_week(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo mon-fri 8:30-17 every 2 weeks")
    talk.say("lea", "duty set psychologist @cy mon-fri 8:30-17 every 2 weeks from next monday")
    for week, who in enumerate(("Bo Lindqvist", "Cy Osei", "Bo Lindqvist")):
        talk.now = datetime(2031, 3, 3 + 7 * week, 10, 0, tzinfo=UTC)
        assert row(talk.say("ana", "duty")) == (who, "nobody, today 17:00")


def test_the_night_on_which_the_clocks_change_has_somebody_on_duty_throughout(talk: Talk) -> None:
    talk.say("lea", "duty set psychologist @bo daily 20-1:30")
    talk.say("lea", "duty set psychologist @cy daily 1:30-20")
    seen = []
    for half_hours in range(12):
        talk.now = SATURDAY_NIGHT + timedelta(minutes=30 * half_hours)
        seen.append(row(talk.say("ana", "duty"))[0])
    # 01:30 is skipped that night and stands for 02:30 by the new clock, 01:30 UTC
    assert seen == ["Bo Lindqvist"] * 11 + ["Cy Osei"]


def test_what_can_not_be_set(quick: Talk) -> None:
    assert quick.direct("bo", "duty set psychologist @cy mon-fri 9-17") == (
        "You can set your own duty, and the lead everybody's; `duty swap` asks somebody."
    )
    assert quick.say("lea", "duty set psychologist @dee mon-fri 9-17") == (
        "Dee Park can't answer flags, by the pathway: name somebody else."
    )
    assert quick.say("lea", "duty set psychologist @bo now and then") == (
        "Type days and hours like mon-fri 9-17, or a stretch like from fri 18:00 until mon 8:00."
    )
    assert quick.direct("bo", "duty swap psychologist @cy friday") == (
        "You are not on duty as psychologist in that time: `duty` shows who is."
    )
    assert quick.direct("cy", "duty take D-9") == (
        "There is no such swap: it is named in the message that asked you, like D-4."
    )
    assert "⚠️ In this team Ana Ruiz is physiotherapist." in quick.say(
        "lea", "duty set psychologist @ana mon-fri 9-17"
    )


def test_how_often_people_were_disturbed_is_the_leads_to_see(talk: Talk) -> None:
    code = talk.patient()
    talk.now = talk.now.replace(day=20)
    talk.direct("ana", f"flag {code} 'low mood' urgent psychologist")  # calls both
    talk.direct("bo", "flag claim F-1")  # an edit, and an answer: they call nobody
    talk.direct("ana", f"handoff offer {code} cy 'low mood'")
    said = talk.say("lea", "duty")
    counted = (
        "Messages that called people in private, last 7 days:\n- Cy Osei: 2\n- Ana Ruiz: 1\n- Bo Lindqvist: 1"
    )
    assert f"{counted}\n\n" in said
    assert "Messages that called" not in talk.say("bo", "duty")
