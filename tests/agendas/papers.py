"""An agenda with something in every field, and people of whom it is told."""

from datetime import datetime, timedelta

from agendas.agenda import Agenda
from agendas.assemble import assemble
from agendas.document import Heading, Person
from agendas.minutes import Agreed, Amendment, Attended, Discussed, Minutes, Written
from agendas.render import Words
from agendas.wish import Ask
from cards.card import Detail
from cards.chart import Chart, Point, Series
from pathway.definition import shipped
from pathway.issue import Kind, Why
from pathway.session import State
from tests.agendas.outstanding import NOW, issue, sitting, wish

HEADING = Heading("C-12", "Pain team North")
BEFORE = NOW - timedelta(days=2)
"""When the documents are made."""


def words(name: str = "Bo Lindqvist") -> Words:
    """The shipped words, on Berlin's clock."""
    return Words(shipped(), lambda member: name, "Europe/Berlin", BEFORE)


def agenda(said: str = "said") -> Agenda:
    """Two items and one who waits; `said` is in everything that people wrote."""
    told: dict[str, object] = {
        "owner": said, "question": said, "closes": said, "link": said, "why": Why(said, said, NOW)
    }  # fmt: skip
    issues = [
        issue("P-2222", Kind.FLAG_OPEN, 2, said, severity="urgent", **told),
        issue("P-3333", Kind.NON_RESPONSE, 3, said, **told),
        issue("P-4444", Kind.BARRIER, 1, said, **told),
    ]
    until = NOW + timedelta(days=10)
    wishes = [wish(Ask.BRING, "P-2222", text=said), wish(Ask.DEFER, "P-4444", until=until, text=said)]
    return assemble(issues, sitting(60), shipped(), wishes=wishes)


def chart(title: str = "P-2222") -> Chart:
    """Three entries of one measure."""
    points = tuple(
        Point(NOW - timedelta(weeks=8 - 4 * at), value) for at, value in enumerate((7.3, 7.0, 5.7))
    )
    return Chart(title, (Series("PEG", 0, 10, points, change="better by 1.6"),), zone="Europe/Berlin")


def person(said: str, detail: Detail) -> Person:
    """A person of whom everything is known."""
    return Person(detail, said, said, said, (said,), chart(said))


def minutes(said: str = "said") -> Minutes:
    """One item with everything, one without a decision, one carried over; `said` is all that was typed."""

    def at(after: float) -> datetime:
        return NOW + timedelta(minutes=after)

    written = (
        Written("E-4", "decision", said, "Ana Ruiz", said),
        Written("E-5", "referral", said, "Bo Lindqvist", discipline=said),
    )
    actions = (
        Agreed("A-3", said, "Cy Osei", at(3 * 24 * 60), confirmed=False, absent=True),
        Agreed("A-4", said, "", at(24 * 60), confirmed=True),
    )
    return Minutes(
        ref="C-12", team="Pain team North", title=said, zone="Europe/Berlin", starts=NOW, minutes=60,
        began_at=at(2), ended_at=at(63), chair="Lea Brandt", scribe="Ana Ruiz",
        attended=(
            Attended("Ana Ruiz", "physiotherapy", 61, at(2), at(63)),
            Attended(said, "", 12, at(2), at(14), guest=True),
        ),
        items=(
            Discussed(1, "P-2222", said, said, State.DONE, 15, 18, written, actions, outcome=said),
            Discussed(2, "P-3333", said, said, State.DONE, 10, 9),
            Discussed(3, "P-4444", said, said, State.CARRIED, 8, 0, carried=2, reason=said),
        ),
        remark=said, signed_by="Lea Brandt", signed_at=at(120),
        amendments=(Amendment("Ana Ruiz", at(30 * 60), "P-2222", said),
            Amendment("Ana Ruiz", at(31 * 60), "", said)),
    )  # fmt: skip
