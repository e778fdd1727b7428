"""A triage rule that can't be meant is refused, with its line and a sentence."""

import pytest

from pathway.definition import BadDefinition, load, shipped
from pathway.triage_words import say_condition
from tests.pathway.test_definition import TEXT

RULE = """
[[rules]]
id = "mine"
version = 1
label = "Mine"
severity = "soon"
roles = ["psychologist"]
service = "psychology"
says = "Look."
source = "[ours]"
"""
LINES = TEXT.count("\n") + 1


def refused(rule: str) -> tuple[int, str]:
    """The line within the rule, its header being 1, and the sentence."""
    with pytest.raises(BadDefinition) as refusal:
        load(TEXT + rule, "clinic.toml")
    return refusal.value.line - LINES, refusal.value.sentence


def when(condition: str) -> str:
    return f"{RULE}when = {condition}\n"


def test_the_rule_itself_is_good() -> None:
    pathway = load(TEXT + when('{ score = "PHQ-9", at_least = 12 }'), "clinic.toml")
    assert pathway.rules[:-1] == shipped().rules
    assert pathway.rules[-1].instruments == {"PHQ-9"}
    assert not pathway.rules[-1].by_time


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ('"soon"', '"?"', 5, "`severity` is '?': string should match pattern '^[a-z][a-z0-9-]*$'."),
        (
            '"soon"', '"later"', 5,
            "There is no flag severity `later`: it is one of routine, soon, urgent, emergency.",
        ),
        ('["psychologist"]', '["psychologist", "surgeon"]', 6, "There is no role `surgeon`."),
        ('["psychologist"]', '["coordinator"]', 6, "The role `coordinator` may not answer `flags`."),
        ('"mine"', '"insomnia"', 2, "`insomnia` is used twice."),
        ('source = "[ours]"\n', "", 1, "`source` is missing."),
        ("version = 1", "version = 0", 3, "`version` is 0: input should be greater than or equal to 1."),
    ],
)  # fmt: skip
def test_a_rule_that_names_what_is_not_there(old: str, new: str, line: int, sentence: str) -> None:
    rule = when('{ score = "PHQ-9", at_least = 12 }').replace(old, new, 1)
    assert refused(rule) == (line, sentence)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('{ score = "PHQ-8", at_least = 12 }', "There is no instrument `PHQ-8`."),
        ('{ answer = "PHQ-9.10", at_least = 1 }',
         "PHQ-9 has no item `10`; its items are: 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        ('{ answer = "RED-FLAGS.cauda", is = "yes" }',
         "RED-FLAGS has no item `cauda`; its items are: cauda-equina, cord-compression, malignancy, "
         "infection, septic-joint, fracture, inflammatory, gca, vascular, myelopathy, motor-deficit."),
        ('{ band = "PHQ-9", is = "awful" }',
         "PHQ-9 has no band 'awful'; its bands are: minimal, mild, moderate, moderately severe, severe."),
        ('{ score = "PHQ-9", at_least = 28 }', "`at_least` is 28, but PHQ-9 goes from 0 to 27."),
        ('{ answer = "PHQ-9.9", at_least = 4 }', "`at_least` is 4, but PHQ-9.9 goes from 0 to 3."),
        ('{ score = "PHQ-9" }', "`score` needs `at_least` or `at_most` or `below` or `is`."),
        ('{ score = "PHQ-9", at_least = 9, for_days = 3 }', "`for_days` says nothing beside `score`."),
        ('{ score = "PHQ-9", is = "awful" }', "`is` must be a number, yes or no: a score is not 'awful'."),
        ('{ score = "PHQ-9", missing = "PEG", for_days = 3 }',
         "A condition looks at one thing; this one looks at `score`, `missing`."),
        ("{ at_least = 3 }", "A condition looks at one thing; this one looks at nothing."),
        ('{ change = "PEG", worse_by = 2 }', '`change` needs `since = "baseline"` or `since = "last"`.'),
        ('{ change = "PEG", since = "last", worse_by = 2, worse_by_percent = 30 }',
         "A change has one limit: combine two changes with `all` or `any`."),
        ('{ change = "WORK", since = "last", worse_by = 1 }',
         "The values of WORK are names: none is worse than another by an amount."),
        ('{ change = "BARRIERS", since = "last", worse_by_percent = 30 }',
         "A percentage of BARRIERS says nothing: give the change in points, `worse_by`."),
        ('{ score = "ORT-OUD", at_least = 3 }',
         "ORT-OUD is told to nobody in a room: the rule needs `private = true`."),
        ('{ none = [{ score = "PHQ-9", at_least = 9 }] }',
         "This would hold of somebody of whom nothing is known: add what must be there with `all`."),
        ('{ score = "phq-9", at_least = 9 }',
         "`score` is 'phq-9': string should match pattern '^[A-Z0-9]+(-[A-Z0-9]+)*$'."),
        ('{ score = "PHQ-9", atleast = 9 }', "There is no setting `atleast` here."),
        ('{ score = "PHQ-9", at_least = 9, within_days = 0 }',
         "`within_days` is 0: input should be greater than 0."),
    ],
)  # fmt: skip
def test_a_condition_that_can_not_be_meant(condition: str, sentence: str) -> None:
    assert refused(when(condition)) == (10, sentence)


def test_the_line_of_a_condition_among_others() -> None:
    rule = when('[\n  { score = "PEG", at_least = 4 },\n  { score = "PEG", at_least = 40 },\n]')
    rule = rule.replace("when =", "when.all =")
    assert refused(rule) == (12, "`at_least` is 40, but PEG goes from 0 to 10.")


def test_nothing_follows_from_a_score_that_is_not_to_be_triaged_on() -> None:
    _, sentence = refused(when('{ score = "OMPSQ-SF", at_least = 50 }'))
    assert sentence.startswith("Nothing may follow from OMPSQ-SF by itself: ")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("depression-moderate", "PHQ-9 at least 10 and below 20, entered in the last 60 days"),
        ("opioid-unmeasured", "MME at least 1, entered in the last 180 days and no PEG for 91 days"),
        ("missed-appointments", "MISSED at least 2 in all, entered in the last 90 days"),
        (
            "non-response",
            "PEG better by less than 30 % since baseline after 12 weeks, entered in the last 60 days",
        ),
    ],
)
def test_a_condition_in_words(rule: str, says: str) -> None:
    assert say_condition({each.id: each for each in shipped().rules}[rule].when) == says
