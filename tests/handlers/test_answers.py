"""Answers in chat: one state with mail; a decline asks others; what a quorum lacks shows on the card."""

from datetime import UTC, datetime, timedelta

from agendas.habits import Habits
from pathway.invitee import Answer
from tests.handlers.post import ADDRESSES, WEEKLY, answered, comes, scheduled, uid
from tests.handlers.talk import ROOM, Talk
from tests.mails import calendar, mail


def test_the_card_counts_by_discipline_as_people_answer(talk: Talk) -> None:
    scheduled(talk)
    assert talk.say("ana", "conference accept C-1") == (
        "You are coming to C-1, tomorrow 12:30-13:30 London time.\n\nExpected:\n"
        "- General practice: 1 not answered\n- Physiotherapy: 1 coming\n- Psychology: 2 not answered\n"
        "- Others: 2 not answered\n\n"
        "1. Maybe 🤔 — conference maybe C-1\n2. Can't come 👎 — conference decline C-1\n"
        "3. The same for all of S-1 — conference accept S-1"
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
    assert talk.say("lea", "conference accept C-1") == (
        "You are not invited to C-1: `conference invite C-1 me` invites you."
    )
    talk.direct("ana", "away until friday 9am cover @bo")
    talk.hear()
    talk.say("ana", "conference decline C-1")
    assert talk.told("bo") == ["Ana Ruiz can't come to C-1: can you?"]
    assert talk.press("bo", "Coming").startswith("You are coming to C-1")
    assert set(answered(talk)) == {"Ana Ruiz", "Bo Lindqvist"}


def test_a_whole_series_is_answered_at_once_and_single_days_differ(talk: Talk) -> None:
    scheduled(talk)
    talk.say("bo", "conference decline C-3 'A course'")
    talk.say("lea", "conference move C-2 wed 12 mar 9:00-10:00 anyway yes")
    talk.hear()
    assert talk.say("bo", "conference accept S-1") == (
        "You are coming to S-1, every Tuesday 12:30-13:30 (London time).\n\n"
        "Of these you have said something else, which holds:\n"
        "- C-3, Tue 18 Mar 12:30-13:30 London time: not coming\n\n"
        "If one is different, say so by its name: `conference decline C-1`.\n\n"
        "1. Maybe 🤔 — conference maybe S-1\n2. Can't come 👎 — conference decline S-1"
    )
    assert [answered(talk, f"C-{each}").get("Bo Lindqvist") for each in (1, 2, 3, 4)] == [
        Answer.ACCEPTED, Answer.ACCEPTED, Answer.DECLINED, Answer.ACCEPTED,
    ]  # fmt: skip
    assert "- Psychology: 1 coming, 1 not answered" in talk.card("C-1")
    text = calendar(uid=uid(talk), attendee=ADDRESSES["bo"], answer="TENTATIVE", stamp=talk.now)
    comes(talk, mail(text, sender=ADDRESSES["bo"], message_id="<old@x.example>"))
    assert answered(talk)["Bo Lindqvist"] is Answer.ACCEPTED, "mail that is not newer changes nothing"
    later = calendar(
        uid=uid(talk), attendee=ADDRESSES["bo"], answer="TENTATIVE", stamp=talk.now + timedelta(minutes=1)
    )
    talk.now += timedelta(minutes=2)
    comes(talk, mail(later, sender=ADDRESSES["bo"], message_id="<new@x.example>"))
    assert answered(talk)["Bo Lindqvist"] is Answer.TENTATIVE, "one state with mail"
    assert talk.told("cy") == []
    said = talk.say("bo", "conference decline S-1 'I leave the hospital'")
    assert said.startswith("You can't come to S-1, every Tuesday")
    assert talk.told("cy") == ["Bo Lindqvist can't come to C-1: can you?"], "of what is near"
    assert talk.told("lea") == ["An answer to S-1"]
    talk.until(datetime(2031, 3, 5, 12, 0, tzinfo=UTC))
    assert "Bo Lindqvist can't come to C-2: can you?" in talk.told("cy"), "of the others as they come near"
    talk.until(datetime(2031, 3, 11, 13, 0, tzinfo=UTC))
    assert not any("C-3: can you" in each for each in talk.told("cy")), "it was asked when he said so"


def test_who_is_not_invited_to_a_series_can_not_answer_it(quick: Talk) -> None:
    quick.say("lea", "conference schedule Formulation every Friday 9-10 invites psychology")
    refused = "You are not invited to S-1: Lea Brandt can invite you."
    assert quick.say("ana", "conference accept S-1") == refused
    assert quick.say("ana", "conference accept S-9").startswith("There is no series S-9")
    quick.say("lea", "conference cancel S-1")
    assert quick.say("bo", "conference accept S-1") == "S-1 is over: there is nothing to answer."


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


def test_the_lead_invites_herself_to_what_is_for_others(quick: Talk) -> None:
    quick.say("lea", "conference schedule Board tomorrow 12:30-13:30 invites physiotherapy")
    quick.say("lea", "conference invite C-1 me")
    assert quick.say("lea", "conference accept C-1").startswith("You are coming to C-1")
