"""Whom no chat reaches is asked by mail when they can come: one state with the buttons of the channel."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from agendas.habits import Habits
from handlers.invitations import poll_page
from pathway.invitee import Answer, member_key
from pathway.people import Member
from tests.handlers.mailed import PAGES, SENDER
from tests.handlers.post import answered, comes
from tests.handlers.talk import Talk
from tests.handlers.test_poll import rows
from tests.mails import mail, report

GRAY, OTHER, UMA = "gray@practice.example", "other@surgery.example", "uma@clinic.example"
ASKING = f"conference poll Extra board at tue 14:00, wed 9:00 guests Dr Gray {GRAY}, Dr Other {OTHER}"
EXTRA = "I-1 (Dr Gray), I-2 (Dr Other)"


def opened(url: str) -> Talk:
    talk = Talk(url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    return talk


@pytest.fixture
def asking(sqlite_url: str) -> Iterator[Talk]:
    made = opened(sqlite_url)
    yield made
    assert made.broke == []
    made.close()


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Talk]:
    made = opened(database_url)
    yield made
    assert made.broke == []
    made.close()


def page(talk: Talk, address: str) -> str:
    """The page of the one mail that came for an address."""
    (mail,) = talk.mailed(address)
    return mail.text.partition(f"{PAGES}/t/")[2].partition("?")[0]


def answers(talk: Talk, token: str, *places: int) -> None:
    """Somebody sends the form of their page."""
    with talk.store.clinic(talk.now) as clinic:
        poll_page.answer(token, places, clinic, talk.now)
    talk.post()


def test_people_outside_answer_a_poll_by_mail_and_are_invited_to_what_is_taken(anywhere: Talk) -> None:
    talk = anywhere
    with talk.store.clinic(talk.now) as clinic:
        clinic.agendas.put_habits("north-team", 0, Habits(quorum=("psychology",)), talk.now, "")
    assert f"Not answered: Lea Brandt, Ana Ruiz, Bo Lindqvist, Cy Osei, Dee Park, {EXTRA}." in talk.say(
        "lea", ASKING
    )
    (mail,) = talk.mails[GRAY]
    token = page(talk, GRAY)
    link = f"{PAGES}/t/{token}"
    assert mail.subject == "When could you come? Case conference T-1"
    assert mail.text == (
        "A time is looked for that suits as many as possible.\n\nCase conference T-1\n\n"
        "When could you come?\n"
        f"1. Tue 4 Mar 2031, 14:00–15:00, London time: {link}?can=1\n"
        f"2. Wed 5 Mar 2031, 09:00–10:00, London time: {link}?can=2\n"
        f"- At none of these times: {link}?can=none\n\n"
        "You can choose several: the page shows all of them, and you can change your answer there.\n\n"
        "So that nobody else can read it, this mail does not say what will be talked about."
    )
    assert sorted(talk.mails) == [OTHER], "nobody of the channel is asked by mail"
    other = page(talk, OTHER)
    answers(talk, token, 1, 2)
    answers(talk, other)
    talk.say("bo", "poll turn T-1 1")
    assert rows(talk)["1"][1:] == ("2: Bo Lindqvist, I-1 (Dr Gray)", "none")
    assert rows(talk)["2"][1:] == ("1: I-1 (Dr Gray)", "psychology")
    answers(talk, token, 1, 7)
    assert rows(talk)["2"][1:] == ("0", "psychology"), "an answer can be changed"
    talk.say("lea", "poll take T-1 1")
    assert answered(talk) == {"Bo Lindqvist": Answer.ACCEPTED, "Dr Gray": Answer.ACCEPTED}
    talk.pass_time(6)
    assert [each.subject for each in (*talk.mailed(GRAY), *talk.mailed(OTHER))] == [
        "Invitation: Case conference C-1, Tue 4 Mar 2031, 14:00–15:00, London time"
    ] * 2
    before = rows(talk)
    answers(talk, token, 2)
    assert rows(talk) == before, "nobody is asked any more"


def test_who_is_invited_to_a_planned_conference_is_asked_and_patients_are_not(asking: Talk) -> None:
    talk = asking
    talk.say("lea", "conference schedule MSK conference every Tuesday 12:30-13:30 from 4 Mar")
    talk.say("lea", f"conference invite S-1 Dr Gray {GRAY} language es")
    code = talk.patient("lea", "consent-team=yes email=tess@home.example")
    talk.direct("lea", f"conference invite C-2 {code}")
    talk.pass_time(6)
    talk.hear()
    assert talk.say("lea", f"conference poll C-2 at wed 12 mar 9:00 guests Dr Other {OTHER}") == (
        f"Who is invited to C-2 is asked: `conference invite C-2 Dr Other {OTHER}` first."
    )
    talk.say("lea", "conference poll C-2 at wed 12 mar 9:00, thu 13 mar 9:00")
    assert list(talk.mails) == [GRAY]
    (mail,) = talk.mails[GRAY]
    assert mail.subject == "¿Cuándo podría venir? Sesión de casos C-2"
    answers(talk, page(talk, GRAY), 2)
    talk.say("lea", "poll take T-1 2")
    assert answered(talk, "C-2") == {"Dr Gray": Answer.ACCEPTED}


def test_a_member_with_a_mailbox_alone_is_asked_there(asking: Talk) -> None:
    talk = asking
    with talk.store.clinic(talk.now) as clinic:
        clinic.people.save(Member("uma", "Uma Unreal", "America/New_York", UMA))
        clinic.people.join("north-team", "uma", "psychologist", talk.now)
    talk.say("lea", "conference poll Board at wed 14:00")
    talk.pass_time(6 * 60)
    (mail,) = talk.mails[UMA]
    assert "Wed 5 Mar 2031, 09:00–10:00, New York time" in mail.text, "on their own clock"
    answers(talk, page(talk, UMA), 1)
    assert rows(talk)["1"][1] == "1: Uma Unreal"
    talk.say("lea", "poll take T-1 1")
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find("C-1")
        assert found is not None
        assert clinic.invitees.answer(found, member_key("uma")).answer is Answer.ACCEPTED


def test_at_night_nobody_is_asked_and_the_silent_are_asked_once_more(asking: Talk) -> None:
    talk = asking
    talk.until(datetime(2031, 3, 3, 22, 0, tzinfo=UTC))
    talk.say("lea", ASKING.replace("tue", "thu").replace("wed", "fri"))
    assert talk.mails == {}
    talk.until(datetime(2031, 3, 4, 8, 0, tzinfo=UTC))
    assert sorted(talk.mails) == [GRAY, OTHER]
    answers(talk, page(talk, GRAY), 1)
    talk.hear()
    talk.pass_time(2 * 24 * 60)
    assert [(who, len(mails)) for who, mails in talk.mails.items()] == [(OTHER, 1)]
    talk.hear()
    talk.until(datetime(2031, 3, 6, 22, 0, tzinfo=UTC))
    talk.say("lea", "conference poll Later at mon 14:00 guests Dr Gray " + GRAY)
    talk.say("lea", "poll close T-2")
    talk.pass_time(24 * 60)
    assert talk.mails == {}, "what waited for the morning is taken back"


def test_words_and_bounces_of_who_is_asked_reach_the_lead(asking: Talk) -> None:
    talk = asking
    talk.store.base_url = ""
    talk.say("lea", ASKING)
    (asked,) = talk.mails[GRAY]
    assert "https" not in f"{asked.text}{asked.html}"
    assert "Please answer this mail and say at which of these times you could come." in asked.text
    talk.hear()
    comes(talk, mail(sender=GRAY, text="Wednesday would suit me."))
    assert talk.told("lea") == ["A mail for you to read"]
    assert "Wednesday would suit me." in talk.private("lea")[-1]
    comes(talk, mail(sender="mallory@evil.example", text="Me too", message_id="<2@evil.example>"))
    assert talk.told("lea") == ["A mail today changed nothing"]
    with talk.store.clinic(talk.now) as clinic:
        sent = [each for each in clinic.sent_mails.newest() if each.address == GRAY]
    assert comes(talk, report(GRAY, f"<{sent[0].id}@clinic.example>")) == "bounce"
    assert talk.told("lea") == ["A mail came back"]


def test_nobody_is_asked_for_a_time_of_what_is_cancelled(asking: Talk) -> None:
    talk = asking
    talk.say("lea", "conference schedule MSK conference every Tuesday 12:30-13:30 from 4 Mar")
    talk.say("lea", f"conference invite S-1 Dr Gray {GRAY}")
    talk.pass_time(6)
    talk.hear()
    talk.say("lea", "conference poll C-2 at wed 12 mar 9:00, thu 13 mar 9:00")
    token = page(talk, GRAY)
    talk.say("lea", "conference poll C-3 at wed 19 mar 9:00")
    talk.say("lea", "conference cancel C-2")
    assert talk.card("T-1").startswith("T-1 · closed · a time for C-2")
    assert talk.card("T-2").startswith("T-2 · open")
    answers(talk, token, 1)
    assert rows(talk)["1"][1] == "0"
    talk.hear()
    talk.until(datetime(2031, 3, 7, 18, 0, tzinfo=UTC))
    assert [each for each in talk.told("ana") if each.startswith("T-1")] == []


def test_what_is_no_guest_is_said(asking: Talk) -> None:
    assert asking.say("lea", "conference poll Board at thu 14:00 guests Dr Gray") == (
        "“Dr Gray” has no mail address. Name each with a mail address, like "
        "`guests Dr Gray gray@practice.example`."
    )
    asking.patient("lea", "name='Quillonia Zephyrine' goal=walk")
    said = asking.say("lea", f"conference poll Board at thu 14:00 guests Quillonia Zephyrine {GRAY}")
    assert said.startswith("That names a patient")
    assert asking.mails == {}


def test_a_link_of_a_poll_opens_that_poll_alone(asking: Talk) -> None:
    asking.say("lea", ASKING)
    now = asking.now
    with asking.store.clinic(now) as clinic:
        tokens = [clinic.links.token(*each) for each in (("T-1", "I-9"), ("T-9", "I-1"), ("C-1", "I-1"))]
        tokens += [clinic.links.token("T-1", "I-1")[:-1], ""]
        assert [poll_page.opened(each, clinic, now) for each in tokens] == [None] * 5
        good = clinic.links.token("T-1", "I-1")
        assert poll_page.opened(good, clinic, now + timedelta(days=9)).times == {}  # type: ignore[union-attr]
