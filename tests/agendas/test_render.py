"""The agenda as a card: what was written is not where only codes may be, nor shown to who may not see it."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas.agenda import Slot
from agendas.assemble import assemble
from agendas.render import MOST_BUTTONS, MOST_WAITING, UNSEEN, agenda_card, waiting_card
from agendas.wire import dumps, loads
from agendas.wish import Ask, Wish
from cards.card import Detail, Text
from cards.matrix import contents
from cards.plain import plain
from pathway.definition import shipped
from pathway.issue import Issue, Kind
from tests.agendas.outstanding import CODES, NOW, drawn_issues, drawn_wishes, issue, sitting, wish
from tests.agendas.papers import agenda, words
from tests.cards.written import NASTY

HOSTILE = [each.strip() for each in NASTY if len(each.strip()) > 2 and len(each) < 200]


def test_by_codes_it_says_who_is_on_and_why_and_who_is_not_and_why() -> None:
    assert plain(agenda_card(agenda(), words()).within(Detail.CODE)) == (
        "Agenda · Tue 1 Dec 15:00 · 2 items · 27 of 60 min\n\n"
        "1. P-2222 · 12 min · Tue 1 Dec 15:00:\n"
        "- On for: Flag open, for 2 weeks; Question from the team, since this week\n"
        "- Why here: safety: it is never left off\n"
        "- Not ready: a measure is too old or missing\n\n"
        "2. P-3333 · 15 min · Tue 1 Dec 15:12:\n"
        "- On for: Course, for 3 weeks\n"
        "- Why here: next in order, and there is time\n"
        "- Not ready: a measure is too old or missing\n"
        "- Not ready: nobody of physiotherapy is expected\n"
        "- Not ready: nobody of psychology is expected\n\n"
        "Not on:\n"
        "- P-4444 · 6 min · Care plan, for 1 week · deferred by the lead · comes Tue 15 Dec 15:00\n\n"
        "The rest is not shown here: write `agenda` to Baton in a direct message.\n\n"
        "1. Defer P-3333 — agenda defer P-3333"
    )


@pytest.mark.parametrize("said", HOSTILE)
def test_what_was_written_is_nowhere_by_codes_nor_in_titles_and_buttons(said: str) -> None:
    made = agenda(said)
    for card in (agenda_card(made, words(said)), waiting_card(made, words(said))):
        by_codes = card.within(Detail.CODE)
        assert said not in plain(by_codes)
        for shown in (card.title, card.lock_screen, *(f"{e.label}{e.says}" for e in card.choices)):
            assert said not in shown
        assert all(each.detail is Detail.CODE for each in by_codes.parts)


MARKUP = ("<b>*@channel*</b>", '"><img src=x onerror=alert(1)>', "<mx-reply>x</mx-reply>")


@pytest.mark.parametrize("said", MARKUP)
def test_what_was_written_stands_in_a_room_as_text(said: str) -> None:
    [content] = contents(agenda_card(agenda(said), words()))
    html = str(content["formatted_body"])
    assert said not in html
    assert f"Question: {said}" in unescape(html)


def test_each_reader_reads_what_was_written_of_their_own_patients_alone() -> None:
    whole = plain(agenda_card(agenda("secret"), words()))
    seen = replace(words(), sees=lambda code: code == "P-3333")
    said = plain(agenda_card(agenda("secret"), seen))
    assert said.count("Question: secret") == 1
    assert whole.count("Question: secret") == 2
    assert "P-4444: secret" in whole
    assert "P-4444: secret" not in said
    assert UNSEEN in said
    assert UNSEEN not in whole


def test_what_is_not_ready_is_offered_for_deferral_but_for_safety_and_names_the_conference() -> None:
    rows = [issue(code, Kind.NON_RESPONSE) for code in CODES]
    unsafe = issue("P-9999", Kind.FLAG_OPEN, severity="urgent")
    made = assemble([*rows, unsafe], replace(sitting(200), slot=Slot(NOW, 200, "C-12")), shipped())
    choices = agenda_card(made, words()).choices
    assert [each.says for each in choices] == [
        f"agenda defer {code} conference C-12" for code in CODES[:MOST_BUTTONS]
    ]


def test_a_long_list_of_those_who_wait_is_cut_and_counted_and_whole_when_asked_for() -> None:
    codes = [f"P-{number}" for number in range(2000, 2000 + MOST_WAITING + 4)]
    made = assemble([issue(code, Kind.WORSE) for code in codes], sitting(15), shipped())
    card = agenda_card(made, words())
    assert "and 3 more: type `agenda waiting`" in plain(card)
    assert card.choices[-1].says == "agenda waiting"
    assert all(code in plain(waiting_card(made, words())) for code in codes[1:])


def test_what_is_too_long_and_what_nobody_needs_is_said() -> None:
    rows = [issue(code, Kind.FLAG_OPEN, severity="urgent") for code in CODES]
    made = assemble(rows, sitting(60), shipped(), wishes=[wish(Ask.PIN, "P-9999")])
    said = plain(agenda_card(made, words()))
    assert "⚠️ 10 min too long: safety items, and those the lead keeps on, are never left off." in said
    assert "Nothing to discuss for P-9999." in said
    nothing = agenda_card(assemble([], sitting(), shipped()), words())
    assert nothing.parts == (Text("Nothing is outstanding."),)
    assert waiting_card(assemble([], sitting(), shipped()), words()).parts == (Text("Everybody is on."),)


def test_on_a_card_that_stands_for_days_no_day_is_called_tomorrow() -> None:
    soon = replace(words(), now=NOW - timedelta(days=1))
    assert plain(agenda_card(agenda(), soon)).startswith("Agenda · tomorrow 15:00")
    standing = agenda_card(agenda(), replace(soon, dated=True))
    assert plain(standing).startswith("Agenda · Tue 1 Dec 15:00")
    assert agenda_card(agenda(), replace(soon, dated=True, now=NOW)) == standing


@given(drawn_issues(), drawn_wishes(), st.integers(20, 80))
def test_an_agenda_is_kept_whole(issues: list[Issue], wishes: list[Wish], minutes: int) -> None:
    made = assemble(issues, sitting(minutes), shipped(), wishes=wishes)
    assert loads(dumps(made)) == made


NOT_ONE = ('{"slot": "secret"}', "secret", '{"slot": {"starts": "secret", "minutes": 5}}')


@pytest.mark.parametrize("text", NOT_ONE)
def test_what_is_no_agenda_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"^this is not a stored agenda \(\d+ faults\)$"):
        loads(text)
