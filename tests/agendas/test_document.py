"""Documents: whole, in order, what matters to the person first; nothing that a text says has an effect."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from agendas.document import NOBODY, Person, agenda_paper, agenda_text
from agendas.template import BadTemplate
from cards.card import Detail
from cards.paper import page
from cards.paper_read import Sort, blocks
from tests.agendas.papers import HEADING, agenda, person, words
from tests.cards.read_html import Reader
from tests.cards.written import written

SECRET = "Maria Kowalska 1961-04-03"

WHOLE = """\
C-12 · Pain team North
Agenda · Tue 1 Dec 2026 15:00 · 2 items · 27 of 60 min

1. P-2222 · 12 min · 15:00 · Jo Muster
   What matters to them: Walk to school
   Language: Polish, with an interpreter
   Question: Taper?
   On for: Flag open, for 2 weeks; Question from the team, since this week
   Why here: safety: it is never left off
"""


def inside(html: str) -> Reader:
    """What stands on the page."""
    return Reader(html[html.index("<main>") : html.index("</main>") + len("</main>")])


def test_the_agenda_as_text_says_first_who_it_is_and_what_matters_to_them() -> None:
    people = {
        "P-2222": Person(
            Detail.IDENTIFIED, "Jo Muster", "Walk to school", "Polish, with an interpreter", ("Taper: done",)
        )
    }
    text = agenda_text(agenda("Taper?"), HEADING, words(), people)
    assert [line for line in text.splitlines() if line][:8] == [line for line in WHOLE.splitlines() if line]
    assert "   Last time: Taper: done\n" in text
    assert "\nOf patients who are told of by code alone, the rest is for those who look after them.\n" in text
    assert text.endswith("\nAs of Sun 29 Nov 2026 15:00.\n")


def test_the_printed_agenda_is_in_the_same_order() -> None:
    people = {"P-2222": person("Walk to school", Detail.IDENTIFIED)}
    paper = agenda_paper(agenda("Taper?"), HEADING, words(), people)
    found = [(each.sort, each.text) for each in blocks(paper.html)]
    assert found[:7] == [
        (Sort.TITLE, "C-12 · Pain team North"),
        (Sort.PARAGRAPH, "Agenda · Tue 1 Dec 2026 15:00 · 2 items · 27 of 60 min"),
        (Sort.HEADING, "1. P-2222 · 12 min · 15:00 · Walk to school"),
        (Sort.SMALL_HEADING, "What matters to them"),
        (Sort.QUOTE, "Walk to school"),
        (Sort.PARAGRAPH, "Language: Walk to school"),
        (Sort.SMALL_HEADING, "Question: Taper?"),
    ]
    assert [text for sort, text in found if sort is Sort.PICTURE] == ["chart:0"]
    assert [each.title for each in paper.charts] == ["Walk to school"]
    assert Sort.PAGE not in [sort for sort, _ in found]


def test_each_item_may_have_a_page_of_its_own() -> None:
    paper = agenda_paper(agenda(), HEADING, words(), own_pages=True)
    found = [each.sort for each in blocks(paper.html)]
    starts = [at for at, sort in enumerate(found) if sort is Sort.PAGE]
    assert [found[at + 1] for at in starts] == [Sort.HEADING] * 3


@pytest.mark.parametrize(
    "people", [NOBODY, {code: person(SECRET, Detail.CODE) for code in ("P-2222", "P-3333")}]
)
def test_the_de_identified_form_says_nothing_that_a_person_wrote(people: dict[str, Person]) -> None:
    made, named = agenda(SECRET), words(SECRET)
    paper = agenda_paper(made, HEADING, named, people)
    everything = agenda_text(made, HEADING, named, people) + page(paper) + repr(paper)
    for part in SECRET.split():
        assert part not in everything
    assert paper.charts == ()
    assert "1. P-2222 · 12 min · 15:00" in everything


def test_what_is_clinical_has_no_name() -> None:
    people = {"P-2222": person("said", Detail.CLINICAL)}
    people["P-2222"] = Person(Detail.CLINICAL, SECRET, "Walk to school")
    paper = agenda_paper(agenda(), HEADING, words(), people)
    text = agenda_text(agenda(), HEADING, words(), people)
    assert SECRET not in text + paper.html
    assert "Walk to school" in text
    assert "Walk to school" in paper.html


def test_each_reader_is_told_of_their_own_patients_alone() -> None:
    people = {"P-2222": person("Hers", Detail.CLINICAL), "P-3333": person("His", Detail.CODE)}
    for said in (
        agenda_text(agenda(), HEADING, words(), people),
        agenda_paper(agenda(), HEADING, words(), people).html,
    ):
        assert "Hers" in said
        assert "His" not in said


@settings(max_examples=60)
@given(written)
def test_no_text_is_markup_or_template(text: str) -> None:
    people = {code: person(text, Detail.IDENTIFIED) for code in ("P-2222", "P-3333", "P-4444")}
    plain = {code: person("x", Detail.IDENTIFIED) for code in ("P-2222", "P-3333", "P-4444")}
    paper = agenda_paper(agenda(text if text.strip() else "x"), HEADING, words(text), people)
    read, wanted = (
        inside(paper.html),
        inside(agenda_paper(agenda("x"), HEADING, words("x"), plain).html),
    )
    tags = {tag for tag, _ in wanted.elements} | {"br"}
    assert {tag for tag, _ in read.elements} <= tags
    assert not any(
        name.startswith("on") or name == "href" for _, attributes in read.elements for name in attributes
    )


def test_hostile_text_stands_as_it_was_written() -> None:
    hostile = "<b>*@channel*</b> {{ 7*7 }} {% raw %} {nb} **bold**"
    people = {"P-2222": person(hostile, Detail.IDENTIFIED)}
    made = agenda(hostile)
    assert hostile in agenda_text(made, HEADING, words(hostile), people)
    said = [each.text for each in blocks(agenda_paper(made, HEADING, words(hostile), people).html)]
    assert f"Question: {hostile}" in said
    assert hostile in said


def test_a_team_may_have_its_own_template(tmp_path: Path) -> None:
    (tmp_path / "agenda.txt.j2").write_text("{{ ref }}: {{ items | length }} {{ items[0].title }}", "utf-8")
    (tmp_path / "agenda.html.j2").write_text(
        '{% extends "paper.html.j2" %}{% block kind %}Ours{% endblock %}'
        "{% block inside %}<h1>{{ items[1].title }}</h1><p>{{ items[0].matters }}</p>{% endblock %}", "utf-8"
    )  # fmt: skip
    people = {"P-2222": person("<i>x</i>", Detail.CLINICAL)}
    assert agenda_text(agenda(), HEADING, words(), folder=tmp_path) == "C-12: 2 1. P-2222 · 12 min · 15:00\n"
    paper = agenda_paper(agenda(), HEADING, words(), people, folder=tmp_path)
    assert [each.text for each in blocks(paper.html)] == ["2. P-3333 · 15 min · 15:12", "<i>x</i>"]


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{% if %}", "The template agenda.txt.j2, line 1 can't be used: TemplateSyntaxError."),
        ("{{ nothing }}", "The template agenda.txt.j2 can't be used: UndefinedError."),
        ("{{ ''.__class__.__mro__ }}", "The template agenda.txt.j2 can't be used: SecurityError."),
        ("{{ 1 // 0 }}", "The template agenda.txt.j2 can't be used: ZeroDivisionError."),
    ],
)
def test_a_template_that_can_not_be_used_says_so_and_no_more(
    tmp_path: Path, template: str, fault: str
) -> None:
    (tmp_path / "agenda.txt.j2").write_text(template, "utf-8")
    with pytest.raises(BadTemplate) as told:
        agenda_text(agenda(), HEADING, words(), folder=tmp_path)
    assert str(told.value) == fault
    assert told.value.__cause__ is None
