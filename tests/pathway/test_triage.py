"""Every shipped rule is raised at its threshold and not one below it, with the values that raised it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.definition import Definition, shipped
from pathway.definition_rules import Condition
from pathway.finding import Evidence, Finding
from pathway.instruments import instrument, instruments
from pathway.measure import History, history
from pathway.triage import evaluate
from tests.pathway.rule_cases import ALSO, CASES, NOW, RED_FLAGS, SINCE, Told, measure, patient

BOTH = [*CASES.items(), *ALSO.items()]


def every_rule_on() -> Definition:
    """What we ship, with the rules that wait for a confirmation turned on."""
    pathway = shipped()
    rules = tuple(rule.model_copy(update={"enabled": True}) for rule in pathway.rules)
    return pathway.model_copy(update={"rules": rules})


def raised(told: Told, now: datetime = NOW) -> set[str]:
    return {finding.rule for finding in evaluate(every_rule_on(), patient(told), now)}


def found(told: Told, rule: str, now: datetime = NOW) -> Finding:
    return next(each for each in evaluate(every_rule_on(), patient(told), now) if each.rule == rule)


def test_there_is_a_case_for_every_rule_that_we_ship() -> None:
    assert set(CASES) == {rule.id for rule in shipped().rules}


@pytest.mark.parametrize(("rule", "case"), BOTH, ids=[rule for rule, _ in BOTH])
def test_a_rule_is_raised_at_its_threshold_and_not_below(rule: str, case: tuple[Told, Told]) -> None:
    at, short = case
    assert rule in raised(at)
    assert rule not in raised(short)


def test_an_entry_of_nothing_raises_nothing() -> None:
    assert evaluate(every_rule_on(), patient(()), NOW) == ()


def test_a_rule_that_is_off_is_never_raised() -> None:
    off = [rule.id for rule in shipped().rules if not rule.enabled]
    assert off == ["opioid-risk"]
    assert evaluate(shipped(), patient(CASES["opioid-risk"][0]), NOW) == ()


@pytest.mark.parametrize("problem", [item.id for item in instrument("PROBLEMS").items])
def test_a_problem_silences_the_rules_on_the_dose_and_not_the_one_on_sedatives(problem: str) -> None:
    for dose in (60, 120):
        told: Told = (("MME", 0, dose), ("CO-RX", 0, {"benzodiazepine": 1}), ("PEG", 0, 5))
        known, over = ("PROBLEMS", 400, {problem: 1}), ("PROBLEMS", 1, {problem: 0})
        of_dose = "opioid-dose" if dose < 90 else "opioid-dose-high"
        assert raised(told) == {of_dose, "opioid-with-sedative"}
        assert raised((*told, known)) == {"opioid-with-sedative"}, "however long ago it was noted"
        assert raised((*told, known, over)) == {of_dose, "opioid-with-sedative"}


def test_a_whole_finding() -> None:
    told: Told = (("PHQ-9", 3, {"1": 3, "9": 1}),)
    at = NOW - timedelta(days=3)
    assert evaluate(shipped(), patient(told), NOW) == (
        Finding(
            rule="self-harm-thoughts",
            version=1,
            label="Thoughts of being better off dead or of self-harm",
            severity="emergency",
            roles=("psychologist", "primary-care"),
            service="urgent medical review",
            says="Any answer above 0 to item 9 of PHQ-9 needs a clinician to look at this person's safety "
            "now, whatever the total.",
            evidence=(Evidence("PHQ-9.9", "1", "at least 1", at, "PHQ-9-3-0"),),
        ),
    )


def test_evidence_says_each_value_and_its_threshold() -> None:
    sedative = found(CASES["opioid-with-sedative"][0], "opioid-with-sedative")
    assert [(each.what, each.value, each.threshold) for each in sedative.evidence] == [
        ("MME", "1", "at least 1"),
        ("CO-RX.benzodiazepine", "yes", "yes"),
    ]
    still = found(CASES["non-response"][0], "non-response")
    assert [(each.value, each.threshold) for each in still.evidence] == [
        ("10 to 7.01, better by 2.99 (30 %)", "better by less than 30 % since baseline after 12 weeks")
    ]
    medium = found((("STARTBACK", 0, {"1": 1, "psychosocial": 3}),), "stratified-medium")
    assert [(each.what, each.value, each.threshold) for each in medium.evidence] == [
        ("STARTBACK", "4", "at least 4"),
        ("STARTBACK.psychosocial", "3", "not at least 4"),
    ]
    silent = found(CASES["opioid-unmeasured"][0], "opioid-unmeasured")
    assert silent.evidence[1] == Evidence(
        "PEG", "none for 91 days", "none for 91 days", NOW - timedelta(days=91), ""
    )


def test_safeguarding_is_private_and_red_flags_are_answered_by_clinicians() -> None:
    private = {rule.id for rule in shipped().rules if rule.private}
    assert private == {"opioid-risk", "safeguarding", "unsafe-at-home"}
    roles = {rule.id: rule.roles for rule in shipped().rules}
    assert {roles[rule] for rule in RED_FLAGS} == {("primary-care", "pain-specialist")}


def test_what_was_entered_long_ago_is_not_asked_about_again() -> None:
    told = CASES["self-harm-thoughts"][0]
    assert "self-harm-thoughts" in raised(told, NOW + timedelta(days=30))
    assert "self-harm-thoughts" not in raised(told, NOW + timedelta(days=31))


def test_what_comes_late_on_paper_is_still_looked_at() -> None:
    late = replace(measure("PHQ-9", 90, {"9": 2}), entered_at=NOW)
    known = history("P-7K3K", SINCE, [late])
    assert {each.rule for each in evaluate(shipped(), known, NOW)} == {"self-harm-thoughts"}


def test_a_later_answer_counts_and_a_later_total_without_answers_does_not_undo_one() -> None:
    assert "self-harm-thoughts" not in raised((("PHQ-9", 5, {"9": 2}), ("PHQ-9", 1, {"9": 0})))
    assert "self-harm-thoughts" in raised((("PHQ-9", 5, {"9": 2}), ("PHQ-9", 1, 4)))


def test_an_old_entry_that_comes_late_does_not_pass_for_the_newest() -> None:
    newest = measure("PHQ-9", 70, 3)
    older = replace(measure("PHQ-9", 100, 25), entered_at=NOW)
    assert evaluate(shipped(), history("P-7K3K", SINCE, [newest, older]), NOW) == ()


def test_a_corrected_entry_raises_nothing() -> None:
    slip = measure("PHQ-9", 1, 27)
    right = replace(measure("PHQ-9", 1, 2), id="right", replaces=slip.id)
    assert evaluate(shipped(), history("P-7K3K", SINCE, [slip, right]), NOW) == ()


def test_what_was_nothing_before_has_no_percentage_but_a_change() -> None:
    assert "worse-pain" not in raised((("PEG", 9, 0), ("PEG", 0, 9)))
    assert "worse-pain" in raised((("NRS", 9, 0), ("NRS", 0, 2)))
    assert "non-response" not in raised((("PEG", 90, 0), ("PEG", 0, 0)))


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        evaluate(shipped(), patient(()), NOW.replace(tzinfo=None))


def test_a_score_that_is_better_when_it_is_higher_gets_worse_by_falling() -> None:
    rule = shipped().rules[0]
    falling = rule.model_copy(
        update={"when": Condition(change="PSEQ", since="last", worse_by=10), "enabled": True}
    )
    pathway = shipped().model_copy(update={"rules": (falling,)})
    assert evaluate(pathway, patient((("PSEQ", 9, 40), ("PSEQ", 0, 30))), NOW) != ()
    assert evaluate(pathway, patient((("PSEQ", 9, 30), ("PSEQ", 0, 40))), NOW) == ()


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from([each.code for each in instruments() if each.items]),
        st.integers(0, 200),
        st.integers(0, 3),
    ),
    max_size=6,
    unique_by=lambda each: each[:2],
)


def entered(drawn: list[tuple[str, int, int]]) -> History:
    codes = {each.code: each for each in instruments()}
    made = []
    for nth, (code, days, value) in enumerate(drawn):
        answers = {item.id: min(max(item.low, value), item.high) for item in codes[code].questions}
        made.append(measure(code, days, answers, nth))
    return history("P-7K3K", SINCE, made)


@given(ENTRIES)
def test_the_order_in_which_entries_come_changes_nothing(drawn: list[tuple[str, int, int]]) -> None:
    known = entered(drawn)
    backwards = History(known.patient, known.since, known.measures[::-1])
    assert evaluate(every_rule_on(), known, NOW) == evaluate(every_rule_on(), backwards, NOW)


@given(ENTRIES)
def test_every_finding_has_evidence_which_is_no_later_than_now(drawn: list[tuple[str, int, int]]) -> None:
    for each in evaluate(every_rule_on(), entered(drawn), NOW):
        assert each.evidence
        assert all(piece.value and piece.threshold and piece.at <= NOW for piece in each.evidence)


@given(st.sampled_from(["PHQ-9", "GAD-7", "PCS", "ISI", "MME"]), st.integers(0, 50), st.integers(0, 50))
def test_a_higher_score_is_never_answered_less_urgently(code: str, score: int, more: int) -> None:
    """Two rules share a score where `below` divides it: the higher one is at least as severe."""

    def worst(score: float) -> int:
        findings = evaluate(every_rule_on(), patient(((code, 0, score),)), NOW)
        return max((shipped().flag_rank(each.severity) for each in findings), default=-1)

    assert worst(score) <= worst(score + more)


def test_two_entries_of_one_moment_are_told_apart_by_their_ids() -> None:
    three = [measure("PHQ-9", 0, score, nth) for nth, score in enumerate((3, 25, 12))]
    results = {
        evaluate(shipped(), History("P-7K3K", SINCE, tuple(order)), NOW) for order in permutations(three)
    }
    assert len(results) == 1
