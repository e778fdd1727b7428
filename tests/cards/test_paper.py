"""Papers: what a PDF says, in any letters, and that it is the same every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given, settings

from cards.card import File
from cards.chart import Chart, Point, Series
from cards.paper import Paper, page, paper_of, paper_record
from cards.paper_draw import pdf
from cards.paper_read import Block, Sort, blocks
from cards.picture import file_of, media_type
from tests.cards.written import NASTY, squeezed, written
from tests.pdf import pages_of, pictures_of

AT = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
CHART = Chart("P-7K3K", (Series("PEG", 0, 10, (Point(AT - timedelta(weeks=4), 7), Point(AT, 5))),))


def paper(inside: str, *charts: Chart) -> Paper:
    return Paper(
        "C-12 · Agenda", f"<!doctype html><html><body><main>{inside}</main></body></html>", AT, charts
    )


def test_html_is_read_as_blocks() -> None:
    html = (
        "<html><head><title>no</title><style>p {color: red}</style></head><body>loose <b>text</b>"
        '<h1>One</h1><section class="own-page"><h2>Two\n  words</h2>'
        '<p class="warning x">a<br>b &lt;i&gt;</p></section>'
        '<ul><li>l1</li><li>l2</li></ul><img src="chart:0" alt="words"><hr><script>no()</script>'
        "<table><tr><th>h</th><th>k</th></tr><tr><td>1</td></tr></table><dl><dt>L</dt><dd>V</dd></dl></body></html>"
    )
    assert blocks(html) == (
        Block(Sort.PARAGRAPH, "loose text"),
        Block(Sort.TITLE, "One"),
        Block(Sort.PAGE),
        Block(Sort.HEADING, "Two words"),
        Block(Sort.PARAGRAPH, "a\nb <i>", frozenset({"warning", "x"})),
        Block(Sort.LINE, "l1"),
        Block(Sort.LINE, "l2"),
        Block(Sort.PICTURE, "chart:0", alt="words"),
        Block(Sort.RULE),
        Block(Sort.TABLE, rows=(("h", "k"), ("1", ""))),
        Block(Sort.LABEL, "L"),
        Block(Sort.VALUE, "V"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Zażółć gęślą jaźń w ogródku działkowym",
        "أريد أن أمشي مع حفيدتي إلى المدرسة كل صباح",
        "Я хочу снова гулять с собакой",
        "{nb} **x** <b>*@channel*</b> {{ 7*7 }} __y__ [a](http://b)",
    ],
)
def test_text_in_any_letters_is_read_back_from_the_pdf(text: str) -> None:
    escaped = text.replace("<", "&lt;")
    for tag in ("h1", "p", "li", "blockquote"):
        (said,) = pages_of(pdf(paper(f"<{tag}>{escaped}</{tag}>")))
        assert text in said.replace("\n", " ")
        assert said.endswith("C-12 · Agenda · page 1 of 1")


def test_pages_are_numbered_and_begin_where_they_are_told_to() -> None:
    parts = "".join(f'<section class="own-page"><h2>Item {at}</h2></section>' for at in (1, 2, 3))
    said = pages_of(pdf(paper(parts)))
    assert said == [f"Item {at}\nC-12 · Agenda · page {at} of 3" for at in (1, 2, 3)]


def test_a_table_and_a_chart_are_drawn() -> None:
    table = "<table><tr><th>Who</th><th>Minutes</th></tr><tr><td>Ana</td><td>40</td></tr></table>"
    file = pdf(paper(table + '<img src="chart:0" alt="words"><img src="http://evil.example/x.png">', CHART))
    assert "Who Minutes\nAna 40" in pages_of(file)[0]
    assert pictures_of(file) == 1


def test_a_chart_that_is_not_there_is_left_out() -> None:
    made = paper('<p>x</p><img src="chart:7" alt="">')
    assert pages_of(pdf(made)) == ["x\nC-12 · Agenda · page 1 of 1"]
    assert 'src=""' in page(made)


def test_a_heading_stays_with_what_follows() -> None:
    said = pages_of(pdf(paper("".join(f"<p>{at}</p>" for at in range(36)) + "<h2>Next</h2><p>follows</p>")))
    assert ["Next" in each for each in said] == ["follows" in each for each in said] == [False, True]


def test_the_same_paper_is_the_same_file() -> None:
    made = paper('<h1>One</h1><img src="chart:0" alt="words">', CHART)
    assert pdf(made) == pdf(made)


def test_the_page_fetches_nothing_and_has_its_charts_in_it() -> None:
    made = page(paper('<img src="chart:0" alt="words">&lt;img src=&#34;chart:0&#34;&gt;', CHART))
    assert made.count('src="data:image/png;base64,') == 1
    assert "&lt;img src=&#34;chart:0&#34;&gt;" in made


def test_a_paper_is_kept_whole() -> None:
    made = paper("<p>x</p>", CHART)
    assert paper_of(paper_record(made)) == made


@settings(max_examples=25)
@given(written)
def test_whatever_is_written_can_be_printed(text: str) -> None:
    escaped = text.encode("utf-8", "replace").decode().replace("&", "&amp;").replace("<", "&lt;")[:3000]
    printed = pdf(paper(f"<p>{escaped}</p><table><tr><td>{escaped[:200]}</td></tr></table>"))
    wanted = letters(unescape(escaped)) + letters(unescape(escaped[:200]))
    assert wanted - letters("".join(pages_of(printed))) == Counter(), "all of it is there, beside the frame"


def letters(text: str) -> Counter[str]:
    """The letters and digits that every font has, however lines are broken and turned."""
    return Counter(each for each in text if each.isascii() and each.isalnum())


def test_a_long_text_is_printed_to_its_end() -> None:
    long = "word " * 4_000 + "end"
    said = squeezed("".join(pages_of(pdf(paper(f"<p>{long}</p>")))))
    assert said.count("word") == 4_000
    assert "end" in said


def test_what_the_font_has_no_letter_for_becomes_a_sign() -> None:
    (said,) = pages_of(pdf(paper(f"<p>{NASTY[-1][:5]}</p>")))
    assert said.startswith("\N{WHITE SQUARE}" * 5)


def test_a_document_is_a_pdf_or_a_page_by_its_name_and_a_file_that_is_given_is_left_as_it_is() -> None:
    made = paper("<p>x</p>")
    assert file_of(File("a.pdf", "", paper=made)) == pdf(made)
    assert file_of(File("a.html", "", paper=made)) == page(made).encode()
    assert file_of(File("a.txt", "", b"given")) == b"given"
    kinds = [media_type(File(name, "")) for name in ("a.pdf", "a.html", "a.txt", "a")]
    assert kinds == ["application/pdf", "text/html", "text/plain", "application/octet-stream"]
