"""Mails that are broken or made to do harm: taken apart at little cost, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.mail_in import LONGEST_HEADER, MOST_BYTES, take_apart
from agendas.refusal import Reason, Unusable
from agendas.reply import Words, understood
from tests.mails import calendar, mail

FROM = b"From: eli@gp.example\n"


def refused(data: bytes) -> Reason:
    with pytest.raises(Unusable) as why:
        understood(take_apart(data))
    return why.value.reason


def nested(levels: int) -> bytes:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    return FROM + opened.encode() + b"\nhello\n"


def test_hostile_mails_are_refused_with_a_reason() -> None:
    table = {
        b"": Reason.NO_SENDER,
        b"\x00\xff\xfe" * 100: Reason.NO_SENDER,
        b"Subject: hello\n\nhello": Reason.NO_SENDER,
        b"From: a@b.example, c@d.example\n\nhello": Reason.NO_SENDER,
        b"From: eli\n\nhello": Reason.NO_SENDER,
        b"From: =?utf-8?q?=0d=0aBcc=3a_all=40b.example?=\n\nhello": Reason.NO_SENDER,
        b"From: " + b"a@b.example," * 50_000 + b"\n\nhello": Reason.NO_SENDER,
        b"From: " + b'"' * 50_000 + b"a@b.example\n\nhello": Reason.NO_SENDER,
        nested(200): Reason.TOO_MANY_PARTS,
        FROM + b"Content-Type: message/rfc822\n\n" * 5_000: Reason.TOO_MANY_PARTS,
        mail("BEGIN:VCALENDAR\r\n" + "X:1\r\n" * 50_000): Reason.TOO_BIG,
        FROM + b"Content-Type: text/calendar; method=REPLY; charset=utf-16\n\nBEGIN": Reason.NOT_CALENDAR,
        FROM + b"Content-Type: text/calendar; charset=no-such\n\n\xff\xfe": Reason.NOT_CALENDAR,
    }
    assert {data[:60]: refused(data) for data in table} == {data[:60]: why for data, why in table.items()}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(nested(15), id="nested"),
        pytest.param(FROM + b"Content-Type: multipart/mixed; boundary=b\n\nno part ever\n", id="no part"),
        pytest.param(FROM + b"Content-Type: multipart/mixed\n\nno boundary\n", id="no boundary"),
        pytest.param(FROM + b"Content-Type: text/plain; " + b"a=b; " * 50_000 + b"\n\nhi", id="parameters"),
        pytest.param(FROM + b"References: " + b"<a@b> " * 50_000 + b"\n\nhi", id="long header"),
        pytest.param(FROM + b"X: y\n" * 40_000 + b"\nhi", id="many headers"),
        pytest.param(FROM + b"Content-Type: text/html\n\n" + b"<!" * 100_000, id="html"),
        pytest.param(FROM + b"Content-Transfer-Encoding: base64\n\n!!!!", id="base64"),
        pytest.param(FROM + b"Content-Type: text/plain; charset=x-unknown\n\nhi \xe9", id="charset"),
        pytest.param(FROM + b"Content-Type: text/plain; charset=idna\n\nhi \xe9", id="odd codec"),
    ],
)
def test_broken_mails_that_a_person_may_have_written_are_for_a_person(data: bytes) -> None:
    (words,) = understood(take_apart(data))
    assert isinstance(words, Words)


def test_a_huge_attachment_is_left_out_and_the_words_before_it_are_read() -> None:
    body = FROM + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee what I send you.\n--b\n"
    pdf = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + b"QUFB\n" * 200_000
    apart = take_apart(body + pdf + b"--b--\n")
    assert (apart.text, apart.cut, apart.calendar) == ("See what I send you.", True, "")
    assert not take_apart(body).cut
    assert len(pdf) > MOST_BYTES


def test_a_mail_that_is_attached_is_not_what_the_sender_says() -> None:
    forwarded = FROM + b"Content-Type: message/rfc822\n\n" + mail(calendar())
    apart = take_apart(forwarded)
    assert (apart.calendar, apart.text) == ("", "")


def test_the_same_mail_has_the_same_key_however_it_came() -> None:
    again = b"Received: from elsewhere\n" + mail(calendar())
    assert take_apart(mail(calendar())).key == take_apart(again).key
    other = mail(calendar(answer="DECLINED"))
    assert take_apart(mail(calendar())).key != take_apart(other).key, "some programs use an id twice"


def test_characters_that_hide_or_turn_text_are_taken_out() -> None:
    text = "fine\u202egnp.exe\u200b\x07"
    assert take_apart(mail(text=text)).text == "fine gnp.exe"


def test_names_with_line_ends_make_no_header() -> None:
    assert refused(b"From: Eli\r Bcc: x@y.example <eli@gp.example\r\n\r\nhi") is Reason.NO_SENDER
    apart = take_apart(b"From: =?utf-8?q?Eli=0d=0aBcc=3a_x=40y.example?= <eli@gp.example>\n\nhi")
    assert (apart.sender, apart.text) == ("eli@gp.example", "hi")


@given(st.binary(max_size=400), st.integers(0, 300))
def test_whatever_comes_is_taken_apart_or_refused(junk: bytes, where: int) -> None:
    whole = mail(calendar(), text="hello")
    for data in (junk, whole[:where] + junk + whole[where:]):
        try:
            apart = take_apart(data)
        except Unusable:
            continue
        assert len(apart.sender) <= LONGEST_HEADER
        assert "\n" not in apart.sender
