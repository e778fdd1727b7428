"""Minutes as documents: all of them for whoever looks after the patients, by codes for everybody else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from agendas.document import NOBODY, Person
from agendas.minutes_document import minutes_paper, minutes_text
from cards.card import Detail
from cards.paper import page
from cards.paper_draw import pdf
from cards.paper_read import Block, Sort, blocks
from tests.agendas.outstanding import NOW
from tests.agendas.papers import chart, minutes
from tests.cards.read_html import Reader
from tests.cards.written import written
from tests.pdf import pages_of, pictures_of

LATER = NOW + timedelta(days=2)
SECRET = "Maria Kowalska 1961-04-03"
CODES = ("P-2222", "P-3333", "P-4444")
EVERYBODY = dict.fromkeys(CODES, Person(Detail.CLINICAL))

BY_CODES = """\
C-12 · Pain team North · Minutes
Signed by Lea Brandt, Tue 1 Dec 2026 17:00

Planned: Tue 1 Dec 2026 15:00, 60 min
Held: Tue 1 Dec 2026 15:02 to 16:03, 61 min
Chair: Lea Brandt
Scribe: Ana Ruiz

Who was there
 - Ana Ruiz, physiotherapy: 61 min (15:02 to 16:03)
 - a guest, guest: 12 min (15:02 to 15:14)

1. P-2222 · discussed
   18 of 15 min, 3 min over its time
   Decided (E-4) · Ana Ruiz
   To do (A-3): Cy Osei, until Fri 4 Dec 2026 (not confirmed yet, was absent)
   To do (A-4): nobody yet, until Wed 2 Dec 2026 (confirmed)
   Referral (E-5) · Bo Lindqvist

2. P-3333 · discussed
   9 of 10 min
   Nothing was decided.

3. P-4444 · not reached, comes again
   Carried over twice

Added after signing
 - Wed 2 Dec 2026 21:00, Ana Ruiz, P-2222
 - Wed 2 Dec 2026 22:00, Ana Ruiz

Of patients who are told of by code alone, the rest is for those who look after them.

As of Thu 3 Dec 2026 15:00.
"""

OF_ONE = """\
1. P-2222 · discussed · Jo Muster
   18 of 15 min, 3 min over its time
   What matters to them: said
   Question: said
   Decided (E-4): said · Because: said · Ana Ruiz
   To do (A-3): Cy Osei: said, until Fri 4 Dec 2026 (not confirmed yet, was absent)
   To do (A-4): nobody yet: said, until Wed 2 Dec 2026 (confirmed)
   Referral (E-5), said: said · Bo Lindqvist
   said

2. P-3333 · discussed
   9 of 10 min
   Nothing was decided.
"""


def test_by_codes_the_minutes_say_who_was_there_and_what_became_of_each_item() -> None:
    assert minutes_text(minutes(SECRET), LATER) == BY_CODES


@pytest.mark.parametrize(
    "people", [NOBODY, dict.fromkeys(CODES, Person(Detail.CODE, SECRET, SECRET, SECRET, (SECRET,)))]
)
def test_the_de_identified_form_says_nothing_that_a_person_wrote(people: dict[str, Person]) -> None:
    made = minutes(SECRET)
    paper = minutes_paper(made, LATER, people)
    everything = minutes_text(made, LATER, people) + page(paper) + repr(paper) + "".join(pages_of(pdf(paper)))
    for part in SECRET.split():
        assert part not in everything
    assert "3 min over its time" in everything


def test_whoever_looks_after_one_patient_reads_all_of_that_one() -> None:
    text = minutes_text(minutes(), LATER, {"P-2222": Person(Detail.IDENTIFIED, "Jo Muster")})
    assert OF_ONE in text
    assert " - a guest, guest: 12 min" in text
    assert "Wed 2 Dec 2026 21:00, Ana Ruiz, P-2222: said\n" in text
    assert "Wed 2 Dec 2026 22:00, Ana Ruiz\n" in text


def test_whoever_looks_after_all_of_them_reads_everything() -> None:
    text = minutes_text(minutes(), LATER, EVERYBODY)
    assert " - said, guest: 12 min" in text
    assert (
        "3. P-4444 · not reached, comes again\n   What matters to them: said\n   Question: said\n"
        "   Why: said\n   Carried over twice\n" in text
    )
    assert "\nsaid\n" in text
    assert "by code alone" not in text


def test_a_draft_says_that_it_is_one() -> None:
    draft = replace(minutes(), signed_at=None, signed_by="", amendments=())
    assert minutes_text(draft, LATER).splitlines()[1] == "! A draft: not signed yet."
    found = blocks(minutes_paper(draft, LATER).html)
    assert found[1] == Block(Sort.PARAGRAPH, "Minutes: a draft, not signed yet", frozenset({"warning"}))


def test_they_are_printed_with_a_table_of_who_was_there_and_a_chart() -> None:
    people = EVERYBODY | {"P-2222": Person(Detail.CLINICAL, chart=chart())}
    paper = minutes_paper(minutes(), LATER, people)
    tables = [each.rows for each in blocks(paper.html) if each.sort is Sort.TABLE]
    assert tables == [
        (
            ("Name", "Discipline", "Minutes", "From, to"),
            ("Ana Ruiz", "physiotherapy", "61", "15:02 to 16:03"),
            ("said", "guest", "12", "15:02 to 15:14"),
        ),
        (
            ("Who", "What", "Until", "Standing"),
            ("Cy Osei", "said (A-3)", "Fri 4 Dec 2026", "not confirmed yet, was absent"),
            ("nobody yet", "said (A-4)", "Wed 2 Dec 2026", "confirmed"),
        ),
    ]
    file = pdf(paper)
    assert pictures_of(file) == 1
    assert pages_of(file)[0].startswith(
        "C-12 · Pain team North\nMinutes, signed by Lea Brandt, Tue 1 Dec 2026 17:00"
    )


def test_each_item_may_have_a_page_of_its_own_to_be_filed() -> None:
    said = pages_of(pdf(minutes_paper(minutes(), LATER, EVERYBODY, own_pages=True)))
    assert [each.split("\n")[0] for each in said[1:]] == [
        "1. P-2222 · discussed", "2. P-3333 · discussed", "3. P-4444 · not reached, comes again"
    ]  # fmt: skip


@settings(max_examples=40)
@given(written)
def test_no_text_is_markup(text: str) -> None:
    people = dict.fromkeys(CODES, Person(Detail.IDENTIFIED, text, text, text, (text,)))
    html = minutes_paper(minutes(text), LATER, people).html
    read = Reader(html[html.index("<main>") : html.index("</main>") + len("</main>")])
    known = {"main", "h1", "h2", "h3", "p", "br", "dl", "dt", "dd", "section", "blockquote", "ul", "li"}
    assert set(read.tags) <= known | {"table", "thead", "tbody", "tr", "th", "td"}
    assert {name for name, _ in read.attributes} <= {"dir", "scope", "class"}


def test_a_team_may_have_its_own_template(tmp_path: Path) -> None:
    (tmp_path / "minutes.txt.j2").write_text("{{ ref }}: {{ items[0].decisions[0].text }}", "utf-8")
    hostile = "<b>*@channel*</b> {{ 7*7 }}"
    assert minutes_text(minutes(hostile), LATER, EVERYBODY, tmp_path) == f"C-12: {hostile}\n"
