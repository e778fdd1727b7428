"""The record of an item held against the billing rules of a definition."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from pathway.billing import Record, There, lacks, record
from pathway.definition import BadDefinition, load, shipped, shipped_text
from pathway.definition_billing import BillingDef
from pathway.roll_call import Attendance

START = datetime(2031, 3, 3, 14, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def there(*who: tuple[str, float, float]) -> list[Attendance]:
    return [Attendance(f"m-{of}", of, at(came), at(left)) for of, came, left in who]


def meets(of: Record) -> list[str]:
    return [rule.label for rule in shipped().billing if not lacks(rule, of)]


def test_who_was_there_counts_for_the_time_in_which_the_item_was_talked_about() -> None:
    stays = there(("physiotherapy", 0, 60), ("psychology", 10, 60), ("general practice", 0, 12))
    found = record("P-2222", [(at(5), at(15)), (at(30), at(40))], stays)
    assert (found.seconds, found.there) == (
        1200,
        (
            There("m-physiotherapy", "", "physiotherapy", 1200),
            There("m-psychology", "", "psychology", 900),
            There("m-general practice", "", "general practice", 420),
        ),
    )


def test_a_conference_of_three_disciplines_for_half_an_hour_without_the_person() -> None:
    stays = there(("physiotherapy", 0, 60), ("psychology", 0, 60), ("general practice", 0, 60))
    assert meets(record("P-2222", [(at(0), at(30))], stays)) == ["CPT 99367", "CPT 99368", "MBS 739 or 750"]
    assert meets(record("P-2222", [(at(0), at(19.9))], stays)) == ["MBS 735 or 747"]
    assert meets(record("P-2222", [(at(0), at(40))], stays)) == ["CPT 99367", "CPT 99368", "MBS 743 or 758"]
    assert meets(record("P-2222", [(at(0), at(14))], stays)) == []


def test_the_person_there_is_another_matter_and_no_discipline() -> None:
    stays = there(("physiotherapy", 0, 60), ("psychology", 0, 60), ("nursing", 0, 60), ("Carer", 0, 60))
    found = record("P-2222", [(at(0), at(30))], stays)
    assert found.disciplines(30) == {"physiotherapy", "psychology", "nursing"}
    assert meets(found) == ["CPT 99366"]


def test_what_is_missing_is_said() -> None:
    stays = there(("physiotherapy", 0, 60), ("psychology", 20, 60))
    found = record("P-2222", [(at(0), at(25))], stays)
    rule = next(each for each in shipped().billing if each.label == "CPT 99367")
    assert lacks(rule, found) == (
        "25 of 30 min",
        "1 of 3 disciplines there all that time",
        "nobody of general practice or pain medicine there all that time",
    )


def test_a_rule_that_can_not_be_met_is_refused() -> None:
    with pytest.raises(ValidationError, match="more than"):
        BillingDef(id="x", label="X", says="x", minutes_from=30, minutes_below=30, disciplines=3)
    broken = shipped_text().replace('any_of = ["general practice"]', 'any_of = ["alchemy"]', 1)
    with pytest.raises(BadDefinition, match="No role has the discipline `alchemy`"):
        load(broken, "broken.toml")
