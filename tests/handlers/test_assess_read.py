"""What people type of measures, and what is understood."""

import pytest

from handlers.measures.typed import read_entries
from pathway.instruments import instruments

READ = [
    ("PEG 7 8 6", [("PEG", 7, (7, 8, 6))]),
    ("peg 7,8,6", [("PEG", 7, (7, 8, 6))]),
    ("peg 7, 8, 6", [("PEG", 7, (7, 8, 6))]),
    ("PEG total 4.7", [("PEG", 4.7, ())]),
    ("PEG 7 8 6, PHQ-9 total 14, MISSED 2", [("PEG", 7, (7, 8, 6)), ("PHQ-9", 14, ()), ("MISSED", 2, ())]),
    ("PEG 7 8 6 mme 60", [("PEG", 7, (7, 8, 6)), ("MME", 60, ())]),
    ("phq9 total 14 item 9 1", [("PHQ-9", 14, (*[None] * 8, 1))]),
    ("PHQ 9 total=14 9=1", [("PHQ-9", 14, (*[None] * 8, 1))]),
    ("phq-9 1 2 - 0 0 0 0 0 1", [("PHQ-9", 4.5, (1, 2, None, 0, 0, 0, 0, 0, 1))]),
    ("red flags none", [("RED-FLAGS", 0, (0,) * 11)]),
    ("RED-FLAGS cauda equina and gca", [("RED-FLAGS", 2, (1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0))]),
    ("safeguarding yes", [("SAFEGUARDING", 1, (1,))]), ("safeguarding no", [("SAFEGUARDING", 0, (0,))]),
    ("safeguarding concern", [("SAFEGUARDING", 1, (1,))]),
    ("safeguarding none", [("SAFEGUARDING", 0, (0,))]),
    ("co-rx benzodiazepine", [("CO-RX", 1, (1, 0))]),
    ("barriers language, cost", [("BARRIERS", 2, (1, 0, 1, 0))]),
    ("startback total 6 psychosocial 4", [("STARTBACK", 6, (*[None] * 9, 4))]),
    ("start back yes no yes no 1 1 1 1 0", [("STARTBACK", 6, (1, 0, 1, 0, 1, 1, 1, 1, 0, 4))]),
    ("startmsk high", [("STARTMSK", 3, (3,))]), ("work off pain", [("WORK", 2, (2,))]),
    ("pgic much improved", [("PGIC", 2, (2,))]), ("pgic very-much-improved", [("PGIC", 1, (1,))]),
    ("promis pi 62,3", [("PROMIS-PI", 62.3, ())]), ("eq-5d -0.2", [("EQ-5D", -0.2, ())]),
    ("gas -1 0 - 2 -", [("GAS", 1 / 3, (-1, 0, None, 2, None))]),
    ("PSEQ 2 3 4 5 6 0 1 2 3 4", [("PSEQ", 30, (2, 3, 4, 5, 6, 0, 1, 2, 3, 4))]),
    ("pseq-2 3 4", [("PSEQ-2", 7, (3, 4))]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), READ, ids=[each[0] for each in READ])
def test_what_is_understood(line: str, expected: list[tuple[str, float, tuple[float | None, ...]]]) -> None:
    found = [(each.instrument.code, round(each.score, 6), each.answers) for each in read_entries(line)]
    assert found == [(code, round(score, 6), answers) for code, score, answers in expected]


REFUSED = [
    ("7 8 6", "“7” is no instrument: begin with its code, like PEG 7 8 6."),
    ("PEG 7 8",
     "Type PEG and its 3 answers, each 0 to 10, or total and a number, 0 to 10. You gave 2 values."),
    ("PEG", "Type PEG and its 3 answers, each 0 to 10, or total and a number, 0 to 10."),
    ("PEG 7 8 11", "PEG item 3 is a whole number from 0 to 10, not 11."),
    ("PEG 7 8 6 total 7", "PEG: give its answers or its total, not both."),
    ("PEG 7 8 bad", "“bad” says nothing for PEG. "
                    "Type PEG and its 3 answers, each 0 to 10, or total and a number, 0 to 10."),
    ("PEG 1 1 1 PEG 2 2 2", "PEG is there twice: enter it once, or one after the other."),
    ("PHQ-9 total 30", "PHQ-9 goes from 0 to 27: 30 can't be."),
    ("PHQ-9 total 1 item 9 2", "PHQ-9: with these items the total goes from 2 to 26, not 1."),
    ("PHQ-9 item 9 1", "PHQ-9: 8 of 9 answers are not there; only 2 may be left out."),
    ("PHQ-9 total 9 item 10 1", "PHQ-9 has no item 10. "
                                "Type PHQ-9 and its 9 answers, each 0 to 3, or total and a number, 0 to 27."),
    ("PHQ-9 1 1 1 1 1 1 1 1 -", "PHQ-9 item 9 can't be left out."),
    ("GAD-7 total 7.5", "The total of GAD-7 is a whole number, not 7.5."),
    ("STARTBACK total 3 psychosocial 4", "STARTBACK: with these items the total goes from 4 to 8, not 3."),
    ("STARTBACK 1 1 1 1 0 0 0 0 0 psychosocial 4",
     "STARTBACK: a subscale does not fit the answers it is added up from."),
    ("SAFEGUARDING", "Type SAFEGUARDING and what is true of concern; or none."),
    ("CO-RX none benzodiazepine", "CO-RX can't be none and something: name what is true, or type none."),
    ("WORK", "Type WORK and one of: full, modified, off-pain, off-other, not-in-workforce."),
    ("PROMIS-PI 95", "PROMIS-PI goes from 10 to 90: 95 can't be."),
    ("PROMIS-PI 50 51", "Type PROMIS-PI and its total, 10 to 90. You gave 2 values."),
    ("NRS eleven", "“eleven” says nothing for NRS. Type NRS and a number, 0 to 10."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_refused_and_with_which_range(line: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_entries(line)
    assert str(refused.value) == sentence


def test_every_instrument_can_be_typed() -> None:
    for each in instruments():
        if not each.questions:
            said = f"{each.code} {each.low}"
        elif each.checklist:
            said = f"{each.code} none"
        else:
            said = f"{each.code} " + " ".join(str(int(item.low)) for item in each.questions)
        (entered,) = read_entries(said)
        assert (entered.instrument, entered.score) == (each, each.low), said
