"""Charts as conversations: what is drawn, where it is shown, and to whom it never is."""

import pytest
from sqlalchemy import text

from cards.card import Card, Detail, Image
from cards.chart import Chart
from handlers.measures.chart import read_instruments
from pathway.handoff import Refused
from storage.database import work
from tests.handlers.talk import ROOM, Talk, own

WEEK = 7 * 24 * 60
NOT_DRAWN = "[] is not drawn: `assess show {} []` in a direct message shows its entries."


def measured(talk: Talk) -> str:
    """A patient of Ana's with two entries of PEG, eight weeks apart, and other measures; the code."""
    code = talk.patient()
    talk.direct("ana", f"assess {code} PEG 8 7 7, PHQ-9 total 14, ORT total 4, RED-FLAGS none")
    talk.forward(8 * WEEK)
    talk.direct("ana", f"assess {code} PEG 5 4 4")
    talk.hear()
    return code


def room_of_detail(talk: Talk, detail: Detail) -> None:
    with talk.store.clinic(talk.now) as clinic:
        known = clinic.people.room(ROOM.platform, ROOM.target)
        assert known is not None
    talk.room_known(ROOM, known.team, detail)


def drawn(card: Card | None) -> Chart:
    """The chart of a card, which has one picture of it and says it in words."""
    assert card is not None
    (picture,) = card.files
    assert isinstance(picture, Image)
    assert picture.chart is not None
    assert (picture.png, picture.alt, picture.detail) == (b"", picture.chart.alt, Detail.CLINICAL)
    return picture.chart


def test_a_chart_in_private_shows_what_was_measured_most_and_says_it_in_words(talk: Talk) -> None:
    code = measured(talk)
    answer = talk.ask("ana", f"chart {code.lower()}", lane=own("ana"))
    chart = drawn(answer.card)
    assert [each.name[:5] for each in chart.series] == ["PEG: ", "PHQ-9"]
    peg = chart.series[0]
    assert [round(point.value, 2) for point in peg.points] == [7.33, 4.33]
    assert peg.baseline == peg.points[0]
    assert [(round(each.value, 2), each.label) for each in peg.limits] == [(5.13, "30 % better")]
    assert chart.alt == (
        f"{code}. PEG: pain, enjoyment, general activity (0 to 10, more is worse): 2 entries, "
        "first 7.33 on 3 Mar 2031, last 4.33 on 28 Apr 2031; improved by 40 % (7.33 to 4.33), "
        "at least the 30 % that counts as a response. The line of 30 % better is at 5.13. "
        "PHQ-9: depression (0 to 27, more is worse): one entry, 14 on 3 Mar 2031. "
        "The line of 20 % better is at 11.2."
    )
    assert talk.journal(f"patient:{code}")[-1] == "measure chart"
    assert talk.told("ana") == []
    assert talk.heard() == []


def test_a_room_of_codes_is_told_that_the_chart_is_in_private(talk: Talk) -> None:
    code = measured(talk)
    room_of_detail(talk, Detail.CODE)
    told = f"This room may not show it: the chart of {code} is in your direct messages."
    assert talk.say("ana", f"chart {code}") == told
    (posted,) = talk.news(own("ana"))
    assert drawn(posted.card).title == code
    assert talk.news(ROOM) == []
    assert talk.told("bo") == []


def test_a_room_that_may_show_it_has_the_chart(talk: Talk) -> None:
    code = measured(talk)
    room_of_detail(talk, Detail.CLINICAL)
    assert talk.say("ana", f"chart {code} peg") == f"The chart of {code} is posted here."
    (posted,) = talk.news(ROOM)
    assert [each.name[:4] for each in drawn(posted.card).series] == ["PEG:"]
    assert "Also measured: PHQ-9." in str(posted.card.parts)
    assert "ORT" not in str(posted.card)
    assert talk.told("ana") == []


def test_where_chat_may_show_codes_only_nothing_is_drawn(sqlite_url: str) -> None:
    talk = Talk(sqlite_url, detail=Detail.CODE)
    talk.team()
    code = measured(talk)
    talk.say("ana", f"chart {code}")
    (posted,) = talk.news(own("ana"))
    assert [part for part in posted.card.parts if isinstance(part, Image)] == []
    assert "7.33" not in str(posted.card)


def test_who_took_over_is_marked(quick: Talk) -> None:
    code = measured(quick)
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.direct("bo", "handoff accept H-1")
    quick.direct("ana", f"assess {code} PEG 3 3 3")
    chart = drawn(quick.ask("ana", f"chart {code} PEG", lane=own("ana")).card)
    assert [(letter, mark.label) for letter, mark in chart.lettered] == [
        ("A", "Psychologist took over (H-1)")
    ]
    assert "A: Psychologist took over (H-1), 28 Apr 2031." in chart.alt


def test_a_corrected_entry_is_not_drawn(quick: Talk) -> None:
    code = measured(quick)
    with quick.store.clinic(quick.now) as clinic:
        last = clinic.measures.history(code).of("PEG")[-1].id
    quick.direct("ana", f"assess correct {last} 9 9 9")
    chart = drawn(quick.ask("ana", f"chart {code} PEG", lane=own("ana")).card)
    assert [round(point.value, 2) for point in chart.series[0].points] == [7.33, 9]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("ISI", "ISI was not entered for {} yet: name another."),
        ("ORT", NOT_DRAWN.replace("[]", "ORT")),
        ("safeguarding", NOT_DRAWN.replace("[]", "SAFEGUARDING")),
        ("RED-FLAGS", NOT_DRAWN.replace("[]", "RED-FLAGS")),
        ("nonsense", "“nonsense” is no instrument: type codes like PEG or PHQ-9, or none at all."),
        ("NRS PEG PHQ-9 GAD-7 ISI", "A chart has room for 4 instruments: name fewer."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said(quick: Talk, named: str, says: str) -> None:
    code = measured(quick)
    assert quick.direct("ana", f"chart {code} {named}") == says.format(code)
    assert quick.told("ana") == []


def test_nothing_measured_is_nothing_to_draw(quick: Talk) -> None:
    code = quick.patient()
    assert quick.direct("ana", f"chart {code}") == (
        f"There is nothing to draw for {code} yet: `assess` enters measures."
    )


def test_who_is_not_on_the_care_team_gets_no_chart(quick: Talk) -> None:
    code = measured(quick)
    room_of_detail(quick, Detail.CLINICAL)
    assert quick.direct("bo", f"chart {code}").startswith(f"You are not on the care team of {code}")
    assert quick.say("bo", f"chart {code}").startswith(f"You are not on the care team of {code}")
    assert "As coordinator you can't use `chart`" in quick.direct("dee", f"chart {code}")
    assert quick.heard() == []


def test_what_waits_to_be_drawn_is_small_and_sealed(talk: Talk) -> None:
    code = measured(talk)
    talk.say("ana", f"chart {code}")
    with work(talk.store.engine) as session:
        rows = [str(row[0]) for row in session.execute(text("SELECT sealed_payload FROM outgoing"))]
    assert not any("7.33" in row or code in row for row in rows)
    assert max(len(row) for row in rows) < 8_000


def test_instruments_are_named_as_people_write_them() -> None:
    said = {"PEG, phq 9": ("PEG", "PHQ-9"), "promis-pi; PEG peg": ("PROMIS-PI", "PEG"), "": ()}
    assert {text: tuple(each.code for each in read_instruments(text)) for text in said} == said
    with pytest.raises(Refused, match="“pog” is no instrument"):
        read_instruments("PEG pog")
