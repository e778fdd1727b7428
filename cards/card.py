"""What Baton says, before anyone decides how it looks.

A `Card` is plain data: it knows nothing of Slack, Matrix or HTML, and its strings are never escaped here.
Each part says how private it is, so that one card can be shown whole in a direct message and with the
patient's code alone in a shared channel (`within`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from cards.chart import Chart
from cards.paper import Paper


class Detail(IntEnum):
    """How much of a patient a place may show; each level includes those before it."""

    CODE = 0
    """Codes, roles, states and times only."""
    CLINICAL = 1
    """What was written about the patient, without the name."""
    IDENTIFIED = 2
    """Name, birth date, record number, phone."""


class Tone(StrEnum):
    """The weight of a text; renderers never show it by colour alone."""

    PLAIN = "plain"
    QUIET = "quiet"
    QUOTE = "quote"
    WARNING = "warning"


@dataclass(frozen=True)
class Text:
    """One paragraph, shown as it was written; line breaks are kept."""

    text: str
    tone: Tone = Tone.PLAIN
    detail: Detail = Detail.CODE


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value, in order."""

    pairs: tuple[tuple[str, str], ...]
    detail: Detail = Detail.CODE


@dataclass(frozen=True)
class Items:
    """A list of lines under an optional heading."""

    lines: tuple[str, ...]
    heading: str = ""
    detail: Detail = Detail.CODE


@dataclass(frozen=True)
class Table:
    """Rows under a head; every row is as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    detail: Detail = Detail.CODE

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("every row of a table needs as many cells as its head")


@dataclass(frozen=True)
class Image:
    """A picture with the words that replace it: a PNG file, or a chart that is drawn when it is shown.

    `cards.picture` gives the file of either. A chart waits as its data: that is a hundredth of a file's
    size, and whoever asks for it need not wait for the drawing.
    """

    png: bytes
    alt: str
    name: str = "picture.png"
    detail: Detail = Detail.CLINICAL
    chart: Chart | None = None


@dataclass(frozen=True)
class File:
    """A document, and the words that replace it: a file, or a paper that is printed when it is sent.

    `name` is in the open, so it is of codes only. What ends in `.pdf` is printed as that, else as HTML.
    """

    name: str
    alt: str
    data: bytes = b""
    detail: Detail = Detail.CLINICAL
    paper: Paper | None = None


Part = Text | Facts | Items | Table | Image | File


@dataclass(frozen=True)
class Choice:
    """A button. `says` is the command line a person could have typed instead.

    A line without all its arguments opens the command's form. `reaction`, if given, is the emoji that
    says the same on a platform where people react instead of pressing; it is shown beside the label.
    """

    label: str
    says: str
    urgent: bool = False
    reaction: str = ""


@dataclass(frozen=True)
class Call:
    """Whom a card calls: members by id, and whether the whole room is rung."""

    members: tuple[str, ...] = ()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.members) or self.everyone


@dataclass(frozen=True)
class Card:
    """Something Baton says.

    `title` and `notice` are shown everywhere, on lock screens too, and so never hold more than
    `Detail.CODE`; `notice` is the one line a phone shows and defaults to the title. `call` names whom
    a fresh message mentions. `whole` is the command that shows all of it in private.
    """

    title: str
    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()
    notice: str = ""
    call: Call = field(default=Call())
    whole: str = ""

    @property
    def lock_screen(self) -> str:
        """The one line that stands for the whole card on a locked phone."""
        return self.notice or self.title

    @property
    def files(self) -> tuple[Image | File, ...]:
        """Pictures and documents, which chat platforms take beside the message; their words are in it."""
        return tuple(part for part in self.parts if isinstance(part, Image | File))

    def within(self, detail: Detail, private: bool = False) -> "Card":
        """The card with only the parts that a place of this level may show, and a word on what is not.

        `private` says that the place is a direct message already, so that nobody is sent there for more.
        """
        kept = tuple(part for part in self.parts if part.detail <= detail)
        if len(kept) == len(self.parts):
            return self
        named = f"write `{self.whole}` to Baton" if self.whole else "open it"
        elsewhere = "this service keeps names out of chat" if private else f"{named} in a direct message"
        note = Text(f"The rest is not shown here: {elsewhere}.", Tone.QUIET)
        return replace(self, parts=(*kept, note))

    def calling(self, members: Iterable[str], everyone: bool = False) -> "Card":
        """The same card, mentioning these members when it is posted fresh."""
        return replace(self, call=Call(tuple(members), everyone))


def said(text: str, tone: Tone = Tone.PLAIN) -> Card:
    """A card of one sentence, for answers that need no more."""
    return Card(title=text) if tone is Tone.PLAIN else Card(title="", parts=(Text(text, tone),), notice=text)
