"""Answers that come by mail: in whatever order, however often, from whomever."""

from datetime import timedelta
from zlib import crc32

import pytest

from pathway.conference import Step, move
from pathway.invitee import Answer
from tests.handlers.post import answered, comes, conference, day, scheduled, told_to_kim, uid
from tests.handlers.talk import Talk
from tests.mails import calendar, mail


@pytest.fixture
def meeting(talk: Talk) -> Talk:
    """A team whose weekly conference, S-1, is tomorrow for the first time (C-1)."""
    scheduled(talk)
    return talk


@pytest.fixture
def soon(quick: Talk) -> Talk:
    """The same on SQLite alone."""
    scheduled(quick)
    return quick


def reply(talk: Talk, who: str, answer: str, *more: str, **given: object) -> bytes:
    """What somebody's calendar program answers."""
    address = f"{who}@clinic.example" if "@" not in who else who
    given = {"stamp": talk.now, "uid": uid(talk)} | given
    text = calendar(*more, answer=answer, attendee=address, **given)  # type: ignore[arg-type]
    return mail(text, sender=address, message_id=f"<{crc32(text.encode()):x}@x.example>")


def test_an_answer_for_a_series_and_another_for_one_day(meeting: Talk) -> None:
    second = day(conference(meeting, "C-2").starts)
    assert comes(meeting, reply(meeting, "bo", "ACCEPTED")) == "done"
    assert comes(meeting, reply(meeting, "bo", "DECLINED", second)) == "done"
    assert answered(meeting, "C-1") == {"Bo Lindqvist": Answer.ACCEPTED}
    assert answered(meeting, "C-2") == {"Bo Lindqvist": Answer.DECLINED}
    assert answered(meeting, "C-3") == {"Bo Lindqvist": Answer.ACCEPTED}
    assert "- Psychology: 1 coming, 1 not answered" in meeting.card("C-1")
    assert "Bo" not in meeting.card("C-1"), "no names in a room"
    assert meeting.told("lea") == [], "an answer that is as it should be disturbs nobody"


def test_answers_out_of_order_and_repeated_leave_the_newest(meeting: Talk) -> None:
    later = reply(meeting, "bo", "DECLINED", stamp=meeting.now - timedelta(minutes=1))
    earlier = reply(meeting, "bo", "ACCEPTED", stamp=meeting.now - timedelta(minutes=5))
    assert [comes(meeting, each) for each in (later, earlier, later, earlier)] == [
        "done", "stale", "repeated", "repeated",
    ]  # fmt: skip
    again = reply(meeting, "bo", "DECLINED", "COMMENT:sent twice", stamp=meeting.now - timedelta(minutes=1))
    assert comes(meeting, again) == "stale"
    assert answered(meeting) == {"Bo Lindqvist": Answer.DECLINED}


def test_a_clock_that_is_ahead_does_not_shut_its_owner_out(soon: Talk) -> None:
    assert comes(soon, reply(soon, "bo", "ACCEPTED", stamp=soon.now + timedelta(days=400))) == "done"
    soon.now += timedelta(minutes=1)
    assert comes(soon, reply(soon, "bo", "DECLINED")) == "done"
    assert answered(soon) == {"Bo Lindqvist": Answer.DECLINED}


def test_chat_and_mail_are_one_state(meeting: Talk) -> None:
    older = reply(meeting, "bo", "ACCEPTED", stamp=meeting.now - timedelta(minutes=5))
    said = meeting.say("bo", "conference decline C-1")
    assert said.startswith("You can't come to C-1, tomorrow 12:30-13:30 London time.")
    assert comes(meeting, older) == "done", "it is for all the series"
    assert answered(meeting, "C-1") == {"Bo Lindqvist": Answer.DECLINED}
    meeting.now += timedelta(minutes=1)
    first = day(conference(meeting).starts)
    assert comes(meeting, reply(meeting, "bo", "TENTATIVE", first)) == "done"
    assert answered(meeting, "C-1") == {"Bo Lindqvist": Answer.TENTATIVE}
    late = reply(meeting, "bo", "ACCEPTED", first, stamp=meeting.now - timedelta(hours=1))
    assert comes(meeting, late) == "stale"


def test_who_is_not_invited_changes_nothing_and_the_lead_hears(meeting: Talk) -> None:
    assert comes(meeting, reply(meeting, "mallory@x.example", "ACCEPTED")) == "not_invited"
    forged = reply(meeting, "bo", "ACCEPTED").replace(b"From: bo@", b"From: mallory@")
    assert comes(meeting, forged) == "from_differs"
    assert comes(meeting, reply(meeting, "bo", "ACCEPTED", organizer="boss@x.example")) == "organizer"
    assert comes(meeting, reply(meeting, "bo", "ACCEPTED", uid="guessed")) == "unknown"
    assert comes(meeting, reply(meeting, "bo", "ACCEPTED", "RECURRENCE-ID:20310305T123000Z")) == "occurrence"
    assert answered(meeting) == {}
    assert meeting.private("lea")[-1] == (
        "5 mails today changed nothing\n\n"
        "- 10:00 about S-1: it answers for a day that the series does not have\n"
        "- 10:00: it answers an invitation that Baton has not sent\n"
        "- 10:00 about S-1: it is addressed to somebody else who organises\n"
        "- 10:00 about S-1: "
        "it was sent from another address than the one it answers for\n"
        "- 10:00 about S-1: who answers is not invited"
    )
    assert len(meeting.told("lea")) == 1, "one message, edited"
    assert meeting.heard() == [], "rooms hear nothing of it"
    assert meeting.journal("S-1")[-1] == "mail refused"


def test_outlook_com_leaves_the_organizer_out(soon: Talk) -> None:
    assert comes(soon, reply(soon, "bo", "ACCEPTED", organizer="")) == "done"


def test_what_our_mail_server_could_not_prove_is_held(soon: Talk) -> None:
    results = "Authentication-Results: mx.clinic.example; dmarc={} header.from=clinic.example\n".format
    forged = b"Authentication-Results: elsewhere; dmarc=pass header.from=clinic.example\n"
    answer = reply(soon, "bo", "ACCEPTED")
    assert comes(soon, forged + answer, trusted="mx.clinic.example") == "not_proven"
    again = reply(soon, "bo", "ACCEPTED", "COMMENT:x")
    assert comes(soon, results("fail").encode() + again, trusted="mx.clinic.example") == "not_proven"
    last = reply(soon, "bo", "ACCEPTED", "COMMENT:y")
    assert comes(soon, results("pass").encode() + last, trusted="mx.clinic.example") == "done"


def test_a_hostile_mail_is_refused_with_its_reason(soon: Talk) -> None:
    assert comes(soon, b"\x00" * 100) == "no_sender"
    assert comes(soon, mail("BEGIN:VCALENDAR\r\n" + "X:1\r\n" * 50_000)) == "too_big"
    assert soon.private("lea")[-1] == (
        "2 mails today changed nothing\n\n"
        "- 10:00: its calendar part is too large\n"
        "- 10:00: it does not say from which one address it is"
    )


def test_ten_thousand_hostile_mails_are_one_message(soon: Talk) -> None:
    for each in range(30):
        comes(soon, b"From: nobody\n\n%d" % each)
    assert soon.told("lea") == ["30 mails today changed nothing"]
    assert soon.private("lea")[-1].endswith("\n\nAnd 20 before these.")
    soon.now += timedelta(days=1)
    comes(soon, b"From: nobody\n\nanother day")
    assert soon.told("lea") == ["A mail today changed nothing"]


def test_words_are_shown_to_the_lead_whoever_wrote_them_is_known(soon: Talk) -> None:
    told_to_kim(soon)
    text = "Could we do Thursday instead? My surgery is full.\n\nOn Monday Baton wrote:\n> You are invited"
    assert comes(soon, mail(text=text, sender="Kim <kim@gp.example>")) == "for_the_lead"
    assert soon.private("lea")[-1] == (
        "A mail for you to read\n\nKim Example (kim@gp.example) wrote:\n\n"
        "> Could we do Thursday instead? My surgery is full."
    )
    assert comes(soon, mail(text="Buy now!", sender="x@spam.example", message_id="<2@x>")) == "not_invited"
    away = mail(text="I am away", sender="kim@gp.example", headers={"Auto-Submitted": "auto-replied"})
    assert comes(soon, away) == "automatic"
    assert soon.heard() == []


def test_another_time_is_one_press_away(meeting: Talk) -> None:
    times = ("DTSTART;TZID=Europe/London:20310306T140000", "DTEND;TZID=Europe/London:20310306T150000")
    first = day(conference(meeting).starts)
    counter = reply(meeting, "bo", "TENTATIVE", *times, first, "COMMENT:Clinic runs late", method="COUNTER")
    assert comes(meeting, counter) == "for_the_lead"
    assert answered(meeting) == {}
    assert meeting.private("lea")[-1] == (
        "Another time is proposed for C-1\n\n"
        "Bo Lindqvist proposes Thu 6 Mar 14:00-15:00 London time.\n\n> Clinic runs late\n\n"
        "1. Move it to Thu 6 Mar 14:00 — conference move C-1 '2031-03-06 14:00-15:00'\n"
        "2. Show — conference show C-1"
    )
    assert meeting.press("lea", "Move it to Thu 6 Mar 14:00").startswith(
        "C-1 is moved: Thu 6 Mar 14:00-15:00"
    )


def test_whom_somebody_would_send_is_for_the_lead_to_invite(soon: Talk) -> None:
    delegated = 'DELEGATED;DELEGATED-TO="mailto:sam@gp.example"'
    assert comes(soon, reply(soon, "kim@gp.example", delegated)) == "done"
    assert comes(soon, reply(soon, "sam@gp.example", "ACCEPTED")) == "not_invited"
    assert soon.private("lea")[-2] == (
        "An answer to S-1\n\nKim Example would send somebody else.\n\n"
        "They would send sam@gp.example. Nobody but you can invite somebody.\n\n1. Show — conference list"
    )


def test_an_answer_to_what_is_over_changes_nothing_and_disturbs_nobody(soon: Talk) -> None:
    cancelled = move(conference(soon), Step.CANCEL, soon.now)
    with soon.store.clinic(soon.now) as clinic:
        clinic.conferences.put(cancelled, "cancelled", soon.now)
    assert comes(soon, reply(soon, "bo", "ACCEPTED", day(conference(soon).starts))) == "over"
    assert soon.told("lea") == []


def test_who_has_not_seen_what_changed_has_not_answered_it(soon: Talk) -> None:
    soon.forward(6)
    second, third = (day(conference(soon, ref).starts) for ref in ("C-2", "C-3"))
    soon.say("lea", "conference move C-2 'wed 12 mar 15:00-16:00'")
    soon.now += timedelta(minutes=1)
    assert comes(soon, reply(soon, "bo", "ACCEPTED", second)) == "stale", "the mail about it waits still"
    soon.forward(6)
    assert comes(soon, reply(soon, "bo", "ACCEPTED", second, "COMMENT:late", sequence=0)) == "stale"
    assert comes(soon, reply(soon, "bo", "ACCEPTED", third, sequence=0)) == "done", "that day is as it was"
    assert comes(soon, reply(soon, "cy", "ACCEPTED", sequence=0)) == "done", "and so is the rule"
    assert answered(soon, "C-2").get("Bo Lindqvist") is None
    assert comes(soon, reply(soon, "bo", "TENTATIVE", second, sequence=1)) == "done"
    assert answered(soon, "C-2")["Bo Lindqvist"] is Answer.TENTATIVE
