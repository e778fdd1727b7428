"""The team is asked when it can meet: buttons, what would be missing, and a time that is taken."""

from datetime import UTC, datetime, timedelta

from agendas.habits import Habits
from cards.card import Table
from cards.plain import plain
from pathway.invitee import Answer, member_key
from tests.handlers.talk import ROOM, Talk

LACKS = "psychology, physiotherapy"
POLL = "conference poll Extra board at tue 14:00, 16:00, wed 9:00 long 45 min"


def rows(talk: Talk) -> dict[str, tuple[str, ...]]:
    """The table of the poll T-1 as it stands in the room: each time by its number."""
    (card,) = (each.card for each in talk.messages[ROOM].values() if each.subject == "T-1")
    (table,) = (part for part in card.parts if isinstance(part, Table))
    return {number: tuple(rest) for number, *rest in table.rows}


def test_people_say_when_they_can_and_the_lead_takes_a_time(talk: Talk) -> None:
    with talk.store.clinic(talk.now) as clinic:
        clinic.agendas.put_habits(
            "north-team", 0, Habits(quorum=("psychology", "physiotherapy")), talk.now, ""
        )
    said = talk.say("lea", POLL)
    assert said.startswith("T-1 · open · a time for a new conference\n\nExtra board: when can you come?\n\n")
    assert rows(talk) == {
        "1": ("tomorrow 14:00-14:45 London time", "0", LACKS),
        "2": ("tomorrow 16:00-16:45 London time", "0", LACKS),
        "3": ("Wed 5 Mar 09:00-09:45 London time", "0", LACKS),
    }
    assert [message.subject for message in talk.news(ROOM)][-1] == "T-1"
    talk.say("bo", "poll turn T-1 1")
    talk.say("bo", "poll turn T-1 3")
    talk.say("ana", "poll answer T-1 1, 2")
    shown = talk.say("cy", "poll answer T-1 none")
    assert rows(talk)["1"][1:] == ("2: Ana Ruiz, Bo Lindqvist", "none")
    assert rows(talk)["2"][1:] == ("1: Ana Ruiz", "psychology")
    assert "Not answered: Lea Brandt, Dee Park." in shown
    talk.say("bo", "poll turn T-1 3")
    assert rows(talk)["3"][1:] == ("0", LACKS)
    assert talk.say("bo", "poll take T-1 1").startswith("As psychologist you can't use")
    assert talk.say("lea", "poll take T-1 1").startswith("C-1 is held tomorrow 14:00-14:45 London time.")
    assert talk.card("T-1").startswith("T-1 · taken · a time for a new conference")
    keys = {who: member_key(talk.id(who)) for who in ("ana", "bo", "cy")}
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find("C-1")
        assert found is not None
        answers = clinic.invitees.answers(found)
        assert (found.title, found.minutes) == ("Extra board", 45)
    assert {who: answers[key].answer for who, key in keys.items()} == {
        "ana": Answer.ACCEPTED, "bo": Answer.ACCEPTED, "cy": Answer.NEEDS_ACTION,
    }  # fmt: skip
    assert talk.say("bo", "poll turn T-1 2") == "T-1 is taken: nobody is asked any more."


def test_a_planned_conference_is_moved_to_the_time_that_is_taken(talk: Talk) -> None:
    talk.say("lea", "conference schedule MSK conference every Tuesday 12:30-13:30 from 4 Mar")
    talk.say("lea", "conference poll C-2 at wed 12 mar 9:00, thu 13 mar 9:00")
    talk.say("bo", "poll turn T-1 2")
    talk.say("lea", "poll take T-1 2")
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find("C-2")
    assert found is not None
    assert (found.starts, found.sequence) == (datetime(2031, 3, 13, 9, 0, tzinfo=UTC), 1)


def test_who_asked_hears_how_it_stands_and_the_silent_are_asked_once(talk: Talk) -> None:
    talk.say("lea", "conference poll Board at thu 14:00, fri 9:00")
    talk.say("bo", "poll turn T-1 1")
    talk.hear()
    talk.pass_time(3 * 24 * 60)
    assert talk.told("lea") == [
        "T-1 waits for you: when can you come?",
        "T-1: this is how it stands",
    ]
    assert talk.told("bo") == []
    assert talk.told("ana") == ["T-1 waits for you: when can you come?"]
    talk.press("ana", "I can: 2")
    talk.pass_time(24 * 60)
    assert talk.told("ana") == []
    assert talk.direct("lea", "poll close T-1") == "T-1 is closed: nobody is asked any more."


def test_times_are_proposed_from_hours_and_leave(talk: Talk) -> None:
    talk.direct("bo", "away until friday 8:30")
    talk.direct("cy", "away until friday 8:30")
    talk.say("lea", "conference poll Board long 90 min")
    with talk.store.clinic(talk.now) as clinic:
        poll = clinic.polls.find("T-1")
    assert poll is not None
    assert [f"{each:%a %d %b %H:%M}" for each in poll.slots] == [
        "Fri 07 Mar 08:30", "Fri 07 Mar 10:00", "Mon 10 Mar 08:30",
    ]  # fmt: skip


def test_whoever_asks_hears_who_can_not_come_at_which_time_and_what_would_be_missing(quick: Talk) -> None:
    with quick.store.clinic(quick.now) as clinic:
        clinic.agendas.put_habits("north-team", 0, Habits(quorum=("psychology",)), quick.now, "")
    for who in ("bo", "cy"):
        quick.direct(who, "away until wednesday 8:30")
    quick.direct("ana", "away until friday 8:30")
    said = quick.say("lea", "conference poll Board at tue 14:00, thu 14:00, fri 14:00")
    assert said.partition("Can't come, by leave and shared calendars:\n")[2].partition("\n\n")[0] == (
        "- 1: Ana Ruiz, Bo Lindqvist, Cy Osei; nobody of psychology\n- 2: Ana Ruiz"
    )
    (shown,) = (each.card for each in quick.messages[ROOM].values() if each.subject == "T-1")
    assert "Can't come" not in plain(shown), "the room sees what people answer themselves"


def test_what_can_not_be_asked(quick: Talk) -> None:
    assert quick.say("lea", "conference poll Board at now and then") == (
        "“now”: Say at what time, like 12:30-13:30: MSK conference every Tuesday 12:30-13:30 from 1 Dec."
    )
    quick.say("lea", POLL)
    assert quick.say("bo", "poll turn T-1 7") == "T-1 has the times 1 to 3: name one by its number."
    assert quick.say("bo", "poll turn T-9 1") == "There is no poll T-9: it is named on its card, like T-3."
    quick.now += timedelta(days=5)
    assert quick.direct("lea", "poll take T-1 1") == "That slot is past: take another."
