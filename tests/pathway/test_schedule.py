"""What is due when: baselines, reassessments, early and late ones, and when people are told."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from pathway.definition_measures import ResponseDef, ScheduleDef
from pathway.measure import History, How, Measure
from pathway.schedule import DueMeasure, dues, next_moment, to_tell

NOW = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CORE = ScheduleDef(
    id="core", instruments=("PEG", "PHQ-9"), baseline_days=14, reassess_weeks=(6, 12), grace_days=7
)


def history(*taken: tuple[str, float]) -> History:
    entries = (
        Measure(f"M-{at}", "P", code, 5, NOW + days * DAY, NOW, "ana", How.PHONE)
        for at, (code, days) in enumerate(taken)
    )
    return History("P", NOW, tuple(entries))


def due(code: str, week: int, days: float, grace: int = 7) -> DueMeasure:
    return DueMeasure(code, week, NOW + days * DAY, NOW + (days + grace) * DAY)


def test_a_baseline_is_due_so_many_days_after_the_patient_came() -> None:
    assert dues((CORE,), history()) == (due("PEG", 0, 14), due("PHQ-9", 0, 14))


def test_reassessments_count_from_the_baseline_and_an_entry_within_grace_counts() -> None:
    assert dues((CORE,), history(("PEG", 2))) == (due("PHQ-9", 0, 14), due("PEG", 6, 2 + 42))
    early, kept = 2 + 42 - 8, 2 + 42 - 7
    assert dues((CORE,), history(("PEG", 2), ("PEG", early)))[1] == due("PEG", 6, 44)
    assert dues((CORE,), history(("PEG", 2), ("PEG", kept)))[1] == due("PEG", 12, 86)
    assert dues((CORE,), history(("PEG", 2), ("PEG", 90)))[0] == due("PHQ-9", 0, 14)
    assert len(dues((CORE,), history(("PEG", 2), ("PEG", 90)))) == 1, "the last date is past"


def test_some_schedules_go_on_and_of_two_the_earlier_date_holds() -> None:
    on = CORE.model_copy(update={"then_every_weeks": 10, "instruments": ("PEG",)})
    assert dues((on,), history(("PEG", 0), ("PEG", 84))) == (due("PEG", 22, 22 * 7),)
    assert dues((on,), history(("PEG", 0), ("PEG", 200))) == (due("PEG", 32, 32 * 7),)
    sooner = CORE.model_copy(update={"id": "sooner", "baseline_days": 3})
    assert dues((CORE, sooner), history())[0] == due("PEG", 0, 3)


def test_people_are_told_when_it_is_due_and_when_it_is_overdue_and_never_again() -> None:
    both = dues((CORE,), history())
    told = [len(to_tell(both, NOW + (day - 1) * DAY, NOW + day * DAY)) for day in range(1, 40)]
    assert [day for day, count in enumerate(told, start=1) if count] == [14, 21]
    assert to_tell(both, NOW, NOW + 30 * DAY) == both, "after an outage once, not twice"


def test_the_next_look_is_at_the_next_reminder_or_after_some_days() -> None:
    both = dues((CORE,), history())
    assert next_moment(both, NOW, 7) == NOW + 7 * DAY
    assert next_moment(both, NOW + 10 * DAY, 7) == NOW + 14 * DAY
    assert next_moment(both, NOW + 14 * DAY, 30) == NOW + 21 * DAY
    assert next_moment((), NOW, 7) == NOW + 7 * DAY


def test_what_makes_no_sense_is_refused() -> None:
    rule = {
        "id": "x",
        "responder_percent": 30.0,
        "partial_percent": 10.0,
        "worse_percent": 30.0,
        "after_weeks": 1,
    }
    for wrong, says in (
        (lambda: ScheduleDef(**{**vars(CORE), "instruments": ("XYZ",)}), "There is no instrument `XYZ`"),
        (lambda: ScheduleDef(**{**vars(CORE), "reassess_weeks": (12, 6)}), "rising order"),
        (lambda: ResponseDef.model_validate({**rule, "instruments": ["PROMIS-PI"]}), "says nothing for"),
        (
            lambda: ResponseDef.model_validate({**rule, "instruments": ["PEG"], "partial_percent": 30.0}),
            "less than",
        ),
    ):
        with pytest.raises(ValidationError, match=says):
            wrong()
