"""A setting changed in the text, what two definitions differ in, and what the change would have raised."""

from datetime import timedelta

import pytest

from pathway.definition import Definition, load, shipped
from pathway.definition_text import CantChange, numbered, with_setting
from pathway.diff import Difference, differences
from pathway.measure import history
from pathway.simulate import simulate
from tests.pathway.rule_cases import NOW, SINCE, Told, measure, patient
from tests.pathway.test_definition import TEXT

YEAR = timedelta(days=365)


def changed(rule: str, setting: str, value: str) -> Definition:
    return load(with_setting(TEXT, rule, setting, value), "changed.toml")


def said(rule: str, setting: str, value: str) -> list[str]:
    """What the changed text differs in, but for the version of the rule."""
    found = [str(each) for each in differences(shipped(), changed(rule, setting, value))]
    assert f"rule {rule}, version: 1 → 2" in found
    return [each for each in found if "version" not in each]


@pytest.mark.parametrize(
    ("rule", "setting", "value", "says"),
    [
        ("insomnia", "at_least", "14", "rule insomnia, when.at_least: 15 → 14"),
        ("insomnia", "within_days", "90", "rule insomnia, when.within_days: 60 → 90"),
        ("insomnia", "severity", "soon", "rule insomnia, severity: routine → soon"),
        ("insomnia", "enabled", "no", "rule insomnia, enabled: yes → no"),
        ("opioid-risk", "enabled", "yes", "rule opioid-risk, enabled: no → yes"),
        ("insomnia", "roles", "lead", "rule insomnia, roles: psychologist, primary-care → lead"),
        ("insomnia", "says", 'Ask "how long?"', None),
        ("non-response", "after_weeks", "16", "rule non-response, when.after_weeks: 12 → 16"),
        ("worse-pain", "PEG.last.worse_by_percent", "40",
         "rule worse-pain, when.any.4.worse_by_percent: 30 → 40"),
        ("opioid-unmeasured", "for_days", "120", "rule opioid-unmeasured, when.all.2.for_days: 91 → 120"),
        ("stratified-high", "STARTBACK.psychosocial.at_least", "3",
         "rule stratified-high, when.any.1.all.2.at_least: 4 → 3"),
        ("depression-moderate", "below", "15,5", "rule depression-moderate, when.below: 20 → 15.5"),
    ],
)  # fmt: skip
def test_one_setting_is_changed_and_nothing_else(
    rule: str, setting: str, value: str, says: str | None
) -> None:
    found = said(rule, setting, value)
    assert len(found) == 1
    assert says is None or found == [says]


def test_comments_and_all_other_lines_stay() -> None:
    before, after = TEXT.split("\n"), with_setting(TEXT, "insomnia", "at_least", "14").split("\n")
    assert len(before) == len(after)
    assert sum(was != became for was, became in zip(before, after, strict=True)) == 2


@pytest.mark.parametrize(
    ("rule", "setting", "value", "sentence"),
    [
        ("sleep", "at_least", "14", "There is no rule sleep: `pathway show` lists them."),
        ("insomnia", "at_least", "15", "`at_least` of insomnia is 15 already."),
        ("insomnia", "at_least", "a lot", "`at_least` is a number: 15 now."),
        ("insomnia", "enabled", "perhaps", "`enabled` is yes or no."),
        ("insomnia", "score", "PHQ-9",
         "`score` can't be changed here: change the file, and have it proposed."),
        ("insomnia", "at_most", "3",
         "insomnia has no setting `at_most`; it has: at_least, within_days, label, severity, roles, service, "
         "says, source."),
        ("worse-pain", "worse_by", "3",
         "worse-pain has `worse_by` more than once: say which, `nrs.baseline.worse_by`, "
         "`nrs.last.worse_by`."),
    ],
)  # fmt: skip
def test_a_setting_that_can_not_be_changed(rule: str, setting: str, value: str, sentence: str) -> None:
    with pytest.raises(CantChange) as refusal:
        with_setting(TEXT, rule, setting, value)
    assert str(refusal.value) == sentence


def test_the_version_of_the_whole() -> None:
    assert differences(shipped(), load(numbered(TEXT, 7), "seven.toml")) == (
        Difference("", "version", "1", "7"),
    )
    assert numbered(TEXT, 1) == TEXT


def test_a_rule_that_is_new_and_one_that_is_gone() -> None:
    renamed = load(TEXT.replace('id = "insomnia"', 'id = "sleepless"'), "renamed.toml")
    assert [str(each) for each in differences(shipped(), renamed)] == [
        "rule insomnia: gone",
        "rule sleepless: new",
    ]


def test_a_lower_threshold_raises_more_and_says_for_whom() -> None:
    stricter = changed("insomnia", "at_least", "14")
    told: list[Told] = [(("ISI", 28, 14),), (("ISI", 28, 15),), (("ISI", 28, 13), ("ISI", 14, 14))]
    found = simulate(shipped(), stricter, map(patient, told), NOW - YEAR, NOW)
    assert (found.patients, found.entries, found.weeks) == (3, 4, 4)
    assert (found.old["insomnia"], found.new["insomnia"]) == (1, 3)
    assert (found.raised, found.dropped) == ({"insomnia": 2}, {})
    assert (found.old_by_role, found.new_by_role) == ({"psychologist": 1}, {"psychologist": 3})


def test_what_goes_on_is_raised_once_and_what_begins_again_is_raised_again() -> None:
    goes_on: Told = (("ISI", 40, 20), ("ISI", 30, 21), ("ISI", 20, 5), ("ISI", 10, 20))
    found = simulate(shipped(), shipped(), [patient(goes_on)], NOW - YEAR, NOW)
    assert (found.old, found.raised, found.dropped) == ({"insomnia": 2}, {}, {})


def test_time_alone_raises_a_rule_and_what_was_true_before_is_not_counted() -> None:
    silent = changed("opioid-unmeasured", "for_days", "126")
    told: Told = (("MME", 100, 20), ("PEG", 100, 5))
    found = simulate(shipped(), silent, [patient(told)], NOW - YEAR, NOW)
    assert (found.old, found.new) == ({"opioid-unmeasured": 1}, {})
    assert found.dropped == {"opioid-unmeasured": 1}
    later = simulate(shipped(), silent, [patient(told)], NOW - timedelta(days=7), NOW)
    assert (later.old, later.entries, later.weeks) == ({}, 0, 1)


def test_entries_count_when_they_were_entered() -> None:
    late = history("P-7K3K", SINCE, [measure("ISI", 20, 20)])
    assert simulate(shipped(), shipped(), [late], NOW - timedelta(days=10), NOW).old == {}
    assert simulate(shipped(), shipped(), [late], NOW - timedelta(days=21), NOW).old == {"insomnia": 1}


def test_a_rule_that_goes_to_others_counts_for_them() -> None:
    other = changed("insomnia", "roles", "primary-care")
    found = simulate(shipped(), other, [patient((("ISI", 0, 20),))], NOW - YEAR, NOW)
    assert (found.old_by_role, found.new_by_role) == ({"psychologist": 1}, {"primary-care": 1})
    assert (found.raised, found.dropped) == ({}, {})
