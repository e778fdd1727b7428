"""The specification of the triage rules: each shipped one is raised at its threshold and not one below it.

The same on every way in and database, as in tests/test_conversations.py. What is entered comes from
tests/pathway/rule_cases.py, so a rule that is new is covered here, or fails the test.
"""

import re
from collections.abc import Iterator

import pytest

from pathway.definition import shipped
from tests.stages.at_work import WAYS_IN, cards, make_team, open_stage, told
from tests.stages.rule_patients import OFF, RulePatient, rule_patients
from tests.stages.stage import PEOPLE, Stage

SHOWN = re.compile(r"(F-\d+) · (P-\w+) · (\w+) · \w+")
RULE = re.compile(r"([a-z-]+), version (\d+)")
RULES = {rule.id: rule for rule in shipped().rules}
LABELS = {each.id: each.label for each in shipped().flag_severities}
ASKED = {"primary-care": "dana", "psychologist": "bo"}
IN_NO_ROOM = {id for id, rule in RULES.items() if rule.private or rule.severity == "routine"}


@pytest.fixture(params=WAYS_IN)
def stage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Stage]:
    """A team on one platform and one database; its room may show codes only."""
    made = open_stage(request.param, database_url, {**PEOPLE, "dana": "Dana Whitfield"})
    try:
        make_team(made, {"ana": "physio", "bo": "psychologist", "dana": "primary-care"})
        yield made
    finally:
        made.close()


def enter(stage: Stage, patient: RulePatient, nth: int) -> str:
    """Ana adds a patient and enters all that is known; the code."""
    goal = f"Walk {nth} miles"
    stage.direct("ana", f"patient add name='Tess Testcase' goal='{goal}' language=en")
    stage.wait_for(lambda: told(stage, "ana", goal))
    code = re.search(r"P-[2-9A-Z]{4,}", next(each for each in stage.private("ana") if goal in each))
    assert code
    for count, line in enumerate(patient.lines(code[0]), 1):
        stage.direct("ana", line)
        stage.wait_for(lambda count=count: noted(stage, code[0]) == count)  # type: ignore[misc]
    return code[0]


def noted(stage: Stage, code: str) -> int:
    """How often Ana was told that measures of this patient were noted."""
    return sum(bool(re.search(rf"{code}: \d+ measures? noted", each)) for each in stage.private("ana"))


def test_each_rule_is_raised_at_its_threshold_and_not_one_below(stage: Stage) -> None:
    patients = rule_patients()
    for side in ("at", "short"):
        assert set().union(*(getattr(each, side) for each in patients)) == set(RULES), side
    expected = set()
    for nth, patient in enumerate(patients):
        code = enter(stage, patient, nth)
        assert patient.at - OFF <= patient.raised(), "each of them on its side of the threshold"
        assert not patient.short & patient.raised()
        found = [RULES[each] for each in patient.raised()]
        expected |= {(code, rule.id, LABELS[rule.severity], str(rule.version)) for rule in found}

    shown: dict[str, tuple[str, str, str, str]] = {}
    for number in range(len(expected) + 1):
        stage.direct("ana", f"flag show F-{number + 1}")
    stage.wait_for(lambda: told(stage, "ana", f"There is no flag F-{len(expected) + 1} here"))
    for each in stage.private("ana"):
        title, rule = SHOWN.search(each), RULE.search(each)
        if title and rule:
            shown[title[1]] = (title[2], rule[1], title[3], rule[2])
    assert len(shown) == len(expected)
    assert set(shown.values()) == expected

    in_the_room = {ref for ref, (_, rule, _, _) in shown.items() if rule not in IN_NO_ROOM}
    stage.wait_for(lambda: all(cards(stage, ref) for ref in in_the_room), 60)
    assert {ref: len(cards(stage, ref)) for ref in shown} == {ref: ref in in_the_room for ref in shown}
    stage.wait_for(lambda: not_asked(stage, shown) == [], 60)


def not_asked(stage: Stage, shown: dict[str, tuple[str, str, str, str]]) -> list[str]:
    """The flags that can't wait for the digest, and that nobody was asked of by what they are about."""
    asked = {who: stage.private(who) for who in ASKED.values()}
    return [
        ref
        for ref, (_, rule, _, _) in shown.items()
        if rule not in IN_NO_ROOM and (who := ASKED.get(RULES[rule].roles[0]))
        if not any(f"{ref} ·" in each and RULES[rule].label in each for each in asked[who])
    ]
