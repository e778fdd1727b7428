"""Answers in chat: one state with mail; a decline asks others; what a quorum lacks shows on the card."""

from datetime import UTC, datetime

from agendas.habits import Habits
from tests.handlers.post import WEEKLY, answered, scheduled
from tests.handlers.talk import ROOM, Talk


def test_the_card_counts_by_discipline_as_people_answer(talk: Talk) -> None:
    scheduled(talk)
    assert talk.say("ana", "conference accept C-1") == (
        "You are coming to C-1, tomorrow 12:30-13:30 London time.\n\nExpected:\n"
        "- General practice: 1 not answered\n- Physiotherapy: 1 coming\n- Psychology: 2 not answered\n"
        "- Others: 2 not answered\n\n"
        "1. Maybe 🤔 — conference maybe C-1\n2. Can't come 👎 — conference decline C-1"
    )
    talk.say("bo", "conference accept C-1")
    assert "- Psychology: 1 coming, 1 not answered" in talk.card("C-1")
    names = ("Ana", "Bo ", "Cy ", "Dee", "Kim")
    assert not any(each in talk.card("C-1") for each in names), "no names in a room"
    assert talk.heard(ROOM) == [], "an answer is no news for the room"


def test_a_decline_asks_the_others_of_that_discipline_and_a_yes_ends_it(talk: Talk) -> None:
    scheduled(talk)
    talk.say("bo", "conference decline C-1 'On leave'")
    assert talk.told("cy") == ["Bo Lindqvist can't come to C-1: can you?"]
    assert talk.told("ana") == []
    assert talk.told("lea") == ["An answer to C-1"], "with why"
    assert talk.private("lea")[-1] == (
        "An answer to C-1\n\nBo Lindqvist can't come.\n\n> On leave\n\n1. Show — conference show C-1"
    )
    assert talk.press("cy", "Coming").startswith("You are coming to C-1")
    assert "- Psychology: 1 coming, 1 not coming" in talk.card("C-1")
    talk.say("bo", "conference decline C-1")
    assert talk.told("cy") == [], "who comes is not asked again"


def test_nobody_left_is_told_to_the_lead(talk: Talk) -> None:
    scheduled(talk)
    with talk.store.clinic(talk.now) as clinic:
        team = clinic.people.teams()[0].id
        clinic.agendas.put_habits(team, 0, Habits(quorum=("psychology",)), talk.now, "")
    talk.say("bo", "conference maybe C-1")
    assert "The quorum still needs a yes from psychology." in talk.card("C-1")
    talk.say("bo", "conference decline C-1")
    assert talk.told("lea") == []
    talk.say("cy", "conference decline C-1")
    assert talk.told("lea") == ["No quorum for C-1: nobody of psychology"]
    assert "No quorum: nobody of psychology can come." in talk.card("C-1")
    talk.say("cy", "conference accept C-1")
    assert "uorum" not in talk.card("C-1"), "regained"


def test_a_cover_who_is_not_invited_is_by_saying_yes(talk: Talk) -> None:
    talk.store.mail_from = "baton@clinic.example"
    talk.say("lea", "conference schedule Board tomorrow 12:30-13:30 invites physiotherapy")
    assert talk.say("bo", "conference accept C-1") == (
        "You are not invited to C-1: Lea Brandt can invite you."
    )
    talk.direct("ana", "away until friday 9am cover @bo")
    talk.hear()
    talk.say("ana", "conference decline C-1")
    assert talk.told("bo") == ["Ana Ruiz can't come to C-1: can you?"]
    assert talk.press("bo", "Coming").startswith("You are coming to C-1")
    assert set(answered(talk)) == {"Ana Ruiz", "Bo Lindqvist"}


def test_at_night_nobody_is_asked_until_the_morning(talk: Talk) -> None:
    scheduled(talk)
    talk.until(datetime(2031, 3, 3, 23, 0, tzinfo=UTC))
    talk.hear()
    talk.say("bo", "conference decline C-1")
    assert talk.told("cy") == []
    talk.until(datetime(2031, 3, 4, 7, 0, tzinfo=UTC))
    assert "Bo Lindqvist can't come to C-1: can you?" in talk.told("cy")


def test_one_answers_only_what_is_to_come_and_to_whom_one_belongs(quick: Talk) -> None:
    quick.say("lea", WEEKLY)
    assert quick.say("eli", "conference accept C-1").startswith("I don't know you yet.")
    assert "no conference C-99" in quick.say("bo", "conference accept C-99")
