"""What a person may write, at its worst, and cards made of it."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from cards.card import Call, Card, Choice, Detail, Facts, File, Image, Items, Table, Text, Tone
from cards.paper import Paper

NASTY = [
    "<b>*@channel*</b>",
    "<!channel> <!here> <@U012ABC> <#C1|general> <https://evil.example|click>",
    "@room @here @everyone",
    "@ana:example.org https://matrix.to/#/@ana:example.org",
    "*bold* _it_ ~no~ `code` ```pre``` > quote :smile: [a](http://b)",
    "&amp; &lt;script&gt;alert(1)&lt;/script&gt; <script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %} <mx-reply>x</mx-reply>",
    "null \x00 bell \x07 escape \x1b[31m delete \x7f c1 \x9b lone \ud800",
    "line one\nline two\r\nline three\rline four\u2028line five",
    "\u202edesrever\u202c 10 mg \u2066isolated",
    "أُحيلت المريضة إلى الطبيب 12 ملغ",
    "👩🏽‍⚕️👍🏿 e\u0301",
    "   ",
    "",
    "word " * 8_000,
    "x" * 40_000,
    '"\\<&>' * 2_000,
    "行" * 13_000,
]

written = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
details = st.sampled_from(Detail)
texts = st.builds(Text, written, st.sampled_from(Tone), details)
facts = st.builds(Facts, st.lists(st.tuples(written, written), max_size=4).map(tuple), details)
items = st.builds(Items, st.lists(written, max_size=4).map(tuple), written, details)
images = st.builds(Image, st.binary(max_size=40), written, st.just("chart.png"), details)
papers = st.builds(Paper, written, written, st.just(datetime(2026, 12, 1, tzinfo=UTC)))
files = st.builds(File, st.just("C-1.html"), written, st.binary(max_size=40), details, st.none() | papers)
choices = st.builds(Choice, written, written, st.booleans(), st.sampled_from(["", "👍", "❓"]))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 4))
    row = st.lists(written, min_size=width, max_size=width).map(tuple)
    return Table(draw(row), tuple(draw(st.lists(row, max_size=4))), draw(details))


parts = st.one_of(texts, facts, items, tables(), images, files)
calls = st.builds(Call, st.lists(st.just("M-1"), max_size=2).map(tuple), st.booleans())
cards = st.builds(
    Card,
    title=written,
    parts=st.lists(parts, max_size=5).map(tuple),
    choices=st.lists(choices, max_size=5).map(tuple),
    notice=written,
    call=calls,
)


def strings_of(card: Card) -> list[str]:
    """Every text of the card that must be found in what is shown of it."""
    found = [card.title]
    for part in card.parts:
        match part:
            case Text(text=text):
                found.append(text)
            case Facts(pairs=pairs):
                found += [text for pair in pairs for text in pair]
            case Items(lines=lines, heading=heading):
                found += [heading, *lines]
            case Table(head=head, rows=rows):
                found += [*head, *(cell for row in rows for cell in row)]
            case Image(alt=alt) | File(alt=alt):
                found.append(alt)
    return [*found, *(choice.label for choice in card.choices)]


def squeezed(text: str) -> str:
    """The text without white space, which is where renderers may break lines."""
    return "".join(text.split())
