"""Papers of a conference as conversations: who gets which file, and how much of whom is in it."""

from pathlib import Path

import pytest

from cards.card import Card, Detail, File
from cards.picture import file_of
from tests.handlers.meeting import begun, planned
from tests.handlers.talk import Talk, own
from tests.pdf import pages_of

GOAL = "Lift my grandson again"


def file(card: Card | None) -> File:
    """The one file of a card."""
    assert card is not None
    (found,) = card.files
    assert isinstance(found, File)
    return found


def told(talk: Talk, who: str, line: str) -> str:
    """The text of the file that comes back to somebody who says this in private."""
    return file_of(file(talk.ask(who, line, lane=own(who)).card)).decode()


def test_the_agenda_is_a_pdf_for_whoever_looks_after_the_patient(quick: Talk) -> None:
    code = quick.patient()
    planned(quick)
    asked = quick.ask("ana", "conference papers", lane=own("ana"))
    found = file(asked.card)
    assert (found.name, found.alt, found.detail) == ("C-1-agenda.pdf", "Agenda of C-1", Detail.CLINICAL)
    (said,) = pages_of(file_of(found))
    assert said.startswith("C-1 · North team\nAgenda of C-1 · Mon 3 Mar 2031 11:00 · 1 item")
    assert f"1. {code} ·" in said
    assert GOAL in said
    assert "Tess" not in said
    assert quick.journal("C-1")[-1] == "conference agenda printed"


def test_in_a_room_it_goes_to_the_asker_in_private_alone(talk: Talk) -> None:
    talk.patient()
    planned(talk)
    talk.hear()
    assert talk.say("ana", "papers C-1") == "It is in your direct messages with Baton."
    (message,) = talk.news(own("ana"))
    assert file(message.card).paper is not None
    assert talk.heard() == []
    assert talk.told("bo") == []


def test_who_does_not_look_after_a_patient_gets_codes(quick: Talk) -> None:
    code = quick.patient()
    planned(quick)
    asked = quick.ask("bo", "conference papers form txt", lane=own("bo"))
    assert file(asked.card).detail is Detail.CODE
    text = file_of(file(asked.card)).decode()
    assert f"1. {code} ·" in text
    assert GOAL not in text
    assert asked.card is not None
    assert f"By code alone, as you don't look after them: {code}." in str(asked.card.parts)
    assert "conference agenda printed" not in quick.journal("C-1")


def test_codes_only_is_the_same_for_everybody(quick: Talk) -> None:
    quick.patient()
    planned(quick)
    assert told(quick, "ana", "papers C-1 form txt codes yes") == told(quick, "bo", "papers C-1 form txt")


def test_names_are_in_it_only_where_direct_messages_may_show_them(quick: Talk) -> None:
    quick.patient()
    planned(quick)
    quick.store.direct_detail = Detail.IDENTIFIED
    assert "Tess Testcase" in told(quick, "ana", "papers C-1 form txt")
    quick.store.direct_detail = Detail.CODE
    assert GOAL not in told(quick, "ana", "papers C-1 form txt")


def test_once_it_has_begun_the_papers_are_the_minutes(talk: Talk) -> None:
    first, second, _ = begun(talk)
    talk.direct("ana", f"conference decide patient={first} 'Step up' 'PEG rose'")
    talk.direct("dee", f"conference next {first}")
    text = told(talk, "ana", "conference papers form txt")
    assert text.startswith("C-1 · North team · Minutes\n! A draft: not signed yet.\n")
    assert f"1. {first} · discussed" in text
    assert "Decided (E-1): Step up · Because: PEG rose · Ana Ruiz" in text
    assert f"2. {second} · being discussed" in text
    codes = told(talk, "ana", "conference papers form txt codes yes")
    assert "Decided (E-1) · Ana Ruiz" in codes
    assert "Step up" not in codes
    assert GOAL not in codes


def test_a_page_to_print_fetches_nothing(quick: Talk) -> None:
    quick.patient()
    planned(quick)
    html = told(quick, "ana", "papers C-1 form html")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "http:" not in html
    assert "https:" not in html


def test_each_item_may_have_its_own_page(quick: Talk) -> None:
    codes = [quick.patient(), quick.patient(more="name='Otto Nobody' goal='Walk the dog'")]
    planned(quick)
    found = file(quick.ask("ana", "papers C-1 pages yes", lane=own("ana")).card)
    said = pages_of(file_of(found))
    assert [sum(code in page for page in said[1:3]) for code in codes] == [1, 1]


def test_a_team_has_its_own_templates_and_a_broken_one_is_said_and_not_used(
    quick: Talk, tmp_path: Path
) -> None:
    quick.patient()
    conference = planned(quick)
    quick.store.templates = tmp_path
    (tmp_path / "agenda.txt.j2").write_text("For all: {{ ref }}", "utf-8")
    assert told(quick, "ana", "papers C-1 form txt") == "For all: C-1\n"
    own_folder = tmp_path / conference.team
    own_folder.mkdir()
    (own_folder / "agenda.txt.j2").write_text("{{ nothing }}", "utf-8")
    asked = quick.ask("ana", "papers C-1 form txt", lane=own("ana"))
    assert file_of(file(asked.card)).decode().startswith("C-1 · North team")
    fault = "The template agenda.txt.j2 can't be used: UndefinedError. Ours was used instead."
    assert fault in str(asked.card)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("papers C-9", "There is no conference C-9: `conference list` shows yours."),
        ("papers C-1 minutes", "C-1 is planned, so it has no minutes."),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(quick: Talk, line: str, refusal: str) -> None:
    planned(quick)
    assert refusal in quick.direct("ana", line)


def test_without_any_conference_it_says_so(quick: Talk) -> None:
    said = quick.direct("ana", "conference papers")
    assert said == "No conference is planned: `conference schedule` plans one."


def test_nobody_outside_of_the_team_gets_any(quick: Talk) -> None:
    quick.patient()
    planned(quick)
    assert "C-1-agenda" not in quick.direct("eli", "papers C-1")
