"""The link of the conference screen, and what its screen shows to whom."""

import re
from datetime import timedelta

import pytest

from cards.card import Detail
from handlers.live.screen import Screen, screen
from handlers.live.screen_link import STAYS, ScreenLink, link_for, opened, token_of
from storage.secrets import Keyring
from tests.handlers.meeting import begun, conference, planned
from tests.handlers.talk import Talk

BASE = "https://baton.example.org"
GOAL = "Lift my grandson again"


@pytest.fixture(autouse=True)
def reached(request: pytest.FixtureRequest) -> None:
    """Baton is reached from outside."""
    name = "talk" if "talk" in request.fixturenames else "quick"
    request.getfixturevalue(name).store.base_url = BASE


def link_of(talk: Talk, who: str, more: str = "") -> ScreenLink:
    """The link that somebody gets in private."""
    said = talk.direct(who, f"conference screen C-1 {more}")
    found = re.search(rf"{BASE}/screen/(\S+)", said)
    assert found, said
    return read(talk, found[1]) or pytest.fail("it opens nothing")


def read(talk: Talk, token: str) -> ScreenLink | None:
    with talk.store.clinic(talk.now) as clinic:
        return opened(token, clinic)


def shown(talk: Talk, link: ScreenLink) -> Screen:
    with talk.store.clinic(talk.now) as clinic:
        found = screen(link, clinic, talk.now)
    assert found is not None
    return found


def test_the_link_is_for_whoever_asks_and_works_until_two_hours_after_the_end(talk: Talk) -> None:
    planned(talk)
    talk.hear()
    assert talk.say("ana", "conference screen") == "It is in your direct messages with Baton."
    assert talk.heard() == []
    (title,) = talk.told("ana")
    assert title == "The screen of C-1, until today 14:00"
    link = link_of(talk, "ana")
    assert link == ScreenLink(1, talk.id("ana"), conference(talk).ends + STAYS)
    assert talk.journal("C-1")[-1] == "conference screen"


def test_a_link_that_was_changed_or_guessed_opens_nothing(quick: Talk) -> None:
    planned(quick)
    link = link_for(conference(quick), quick.id("ana"), quick.now, codes=False)
    with quick.store.clinic(quick.now) as clinic:
        token = token_of(link, clinic)
        elsewhere = clinic.rows.keyring.seal('[1,"x",9999999999,0]', "patient name")
    assert read(quick, token) is not None
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        if changed.rstrip("=")[:-1] != token[:-1]:  # the last letter has bits that mean nothing
            assert read(quick, changed) is None
    for guess in ("", ".", "x" * 1000, "cdd7f2514a.AAAA", elsewhere, token[:-4], token + "AAAA", "é", "a.é"):
        assert read(quick, guess) is None
    quick.store.keyring = Keyring([bytes([7]) * 32])
    assert read(quick, token) is None


def test_it_shows_what_matters_first_the_clock_and_what_is_written_down(talk: Talk) -> None:
    first, second, third = begun(talk)
    talk.direct("ana", f"conference decide patient={first} 'Step up' 'PEG rose'")
    seen = shown(talk, link_of(talk, "ana"))
    assert (seen.ref, seen.team, seen.says, seen.here) == ("C-1", "North team", "Item 1 of 3", 3)
    assert seen.item is not None
    assert (seen.item.title, seen.item.person.matters, seen.item.person.name) == (first, GOAL, "")
    assert seen.item.written == ("E-1, decision: Step up (because: PEG rose)",)
    assert seen.item.clock is not None
    assert seen.item.clock.runs_out_at - talk.now == timedelta(minutes=seen.item.clock.minutes)
    assert [line.split(" ")[1] for line in seen.following] == [second, third]


def test_codes_only_shows_nothing_that_was_written_about_a_person(talk: Talk) -> None:
    first, *_ = begun(talk)
    talk.direct("ana", f"conference decide patient={first} 'Step up' 'PEG rose'")
    seen = shown(talk, link_of(talk, "ana", "codes yes"))
    assert seen.item is not None
    assert (seen.item.title, seen.item.question, seen.item.chart) == (first, "", None)
    assert seen.item.written == ("E-1, decision",)
    for secret in (GOAL, "Tess", "Step up", "PEG rose"):
        assert secret not in repr(seen)


def test_who_loses_sight_of_a_patient_sees_the_code_from_then_on(quick: Talk) -> None:
    first, *_ = begun(quick)
    link = link_of(quick, "ana")
    assert GOAL in repr(shown(quick, link))
    ana = quick.id("ana")
    with quick.store.clinic(quick.now) as clinic:
        clinic.patients.end_access(first, ana)
    assert GOAL not in repr(shown(quick, link))


def test_names_show_only_where_private_messages_may_have_them(quick: Talk) -> None:
    begun(quick)
    link = link_of(quick, "ana")
    assert "Tess Testcase" not in repr(shown(quick, link))
    quick.store.direct_detail = Detail.IDENTIFIED
    assert "Tess Testcase" in repr(shown(quick, link))


def test_who_has_left_the_team_sees_nothing(quick: Talk) -> None:
    begun(quick)
    link = link_of(quick, "bo")
    quick.say("bo", "team leave")
    with quick.store.clinic(quick.now) as clinic:
        assert screen(link, clinic, quick.now) is None


def test_before_and_after_it_says_how_it_stands(quick: Talk) -> None:
    planned(quick)
    link = link_of(quick, "ana")
    assert (shown(quick, link).says, shown(quick, link).item) == ("It begins today 11:00.", None)
    quick.forward(60)
    quick.say("dee", "conference start C-1")
    assert shown(quick, link).says == "Everything on the agenda is done."
    quick.say("dee", "conference end C-1")
    assert shown(quick, link).says == "It ended today 11:00. The minutes are not signed yet."


def test_the_screen_of_another_day_and_one_that_nobody_reaches_are_refused(quick: Talk) -> None:
    planned(quick, ahead=3 * 24 * 60)
    assert "ask for its screen on that day" in quick.direct("ana", "screen C-1")
    planned(quick, 2)
    quick.store.base_url = ""
    assert quick.direct("ana", "screen C-2").startswith("A screen can't reach Baton yet")
    quick.store.base_url = "http://baton.example.org"
    assert "does not begin with https, so notes could be read" in quick.direct("ana", "screen C-2")
