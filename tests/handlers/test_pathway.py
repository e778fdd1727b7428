"""The steering group at work: the rules looked at and changed by two people, and what a file may not do."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handlers.definition.post import take_up
from pathway.definition import shipped_text
from storage.clinic import Store
from storage.secrets import Keyring
from tests.handlers.talk import ROLES, Talk

STEERING = {**ROLES, "eli": "pain-specialist"}


def steered(talk: Talk) -> None:
    """The north team, whose lead took eli into the steering group; everybody has heard of it."""
    talk.team(**STEERING)
    talk.direct("lea", "pathway steering add @eli")
    talk.hear()


@pytest.fixture
def group(database_url: str) -> Iterator[Talk]:
    """The north team, in which lea and eli are the steering group, after the first start."""
    talk = Talk(database_url)
    take_up(talk.store, shipped_text(), talk.now)
    steered(talk)
    yield talk
    talk.close()


@pytest.fixture
def quick_group(sqlite_url: str) -> Iterator[Talk]:
    """The same on SQLite alone."""
    talk = Talk(sqlite_url)
    take_up(talk.store, shipped_text(), talk.now)
    steered(talk)
    yield talk
    talk.close()


def threshold(talk: Talk) -> float | None:
    """From which score on insomnia is raised, by what is in force."""
    with talk.store.clinic(talk.now) as clinic:
        rules = {rule.id: rule for rule in clinic.definition.rules}
    return rules["insomnia"].when.at_least


def test_a_threshold_is_changed_by_two_people(group: Talk) -> None:
    said = group.direct("lea", "pathway propose insomnia at_least 14")
    assert said.startswith("Version 2 is proposed.")
    assert "rule insomnia, when.at_least: 15 → 14" in said
    assert "rule insomnia, version: 1 → 2" in said
    assert "For it: Lea Brandt. It comes into force when 1 more of the steering group approve it." in said
    assert group.told("eli") == ["Lea Brandt proposes version 2 of the pathway"]
    assert (group.told("lea"), group.told("ana"), group.told("bo"), group.heard()) == ([], [], [], [])
    assert threshold(group) == 15
    assert group.direct("lea", "pathway approve 2") == (
        "You are for version 2 already: it takes somebody else too."
    )
    assert threshold(group) == 15
    group.now += timedelta(minutes=1)
    said = group.press("eli", "Approve")
    assert said.startswith("Version 2 of the pathway is in force.")
    assert "Approved by Lea Brandt and Eli Novak." in said
    assert threshold(group) == 14
    assert group.told("lea") == ["Version 2 of the pathway is in force"]
    assert group.journal("pathway:1") == ["pathway begin", "pathway replaced"]
    assert group.journal("pathway:2") == ["pathway propose", "pathway approve", "pathway in force"]
    assert "version 2" in group.say("ana", "team show")


def test_another_process_takes_it_up_within_a_minute(group: Talk, database_url: str) -> None:
    other = Store(database_url, Keyring([bytes(32)]), group.store.definition)
    with other.clinic(group.now) as clinic:
        assert clinic.definition.version == 1
    group.direct("lea", "pathway propose insomnia at_least 14")
    group.direct("eli", "pathway approve 2")
    with other.clinic(group.now + timedelta(seconds=29)) as clinic:
        assert clinic.definition.version == 1
    with other.clinic(group.now + timedelta(seconds=31)) as clinic:
        assert clinic.definition.version == 2
    other.close()


def test_only_the_steering_group_changes_it_and_everybody_may_read_it(quick_group: Talk) -> None:
    for line in ("pathway propose insomnia at_least 14", "pathway approve 2", "pathway simulate 2"):
        assert quick_group.direct("bo", line).startswith("As psychologist you can't use `pathway ")
    assert quick_group.direct("bo", "pathway show insomnia").startswith(
        "insomnia · version 1 · Severe sleep disturbance\n\n"
        "> Moderate or severe insomnia: consider cognitive behavioural therapy for insomnia.\n\n"
        "Holds when: ISI at least 15, entered in the last 60 days\n"
        "Severity: routine\n"
        "Who must answer: psychologist, then primary care clinician\n"
    )
    listed = quick_group.direct("bo", "pathway show")
    assert listed.startswith("Chronic musculoskeletal pain, version 1")
    assert "\n\nEmergency:\n- red-flag-cauda-equina: primary care clinician, then pain specialist\n" in listed
    assert listed.endswith("Off:\n- opioid-risk: pharmacist, then primary care clinician")


def test_a_rejected_proposal_is_over_and_says_why(quick_group: Talk) -> None:
    quick_group.direct("lea", "pathway propose insomnia at_least 14")
    quick_group.hear()
    said = quick_group.direct("eli", "pathway reject 2 'too many for one psychologist'")
    assert said.startswith("Version 2 of the pathway was rejected.")
    assert quick_group.told("lea") == ["Version 2 of the pathway was rejected"]
    assert "Eli Novak: too many for one psychologist" in quick_group.private("lea")[-1]
    assert quick_group.direct("eli", "pathway approve 2") == "Version 2 is no proposal: it is rejected."
    assert threshold(quick_group) == 15


def test_approvals_of_other_proposals_end_when_one_comes_into_force(quick_group: Talk) -> None:
    quick_group.direct("lea", "pathway propose insomnia at_least 14")
    quick_group.direct("lea", "pathway propose catastrophizing at_least 24")
    quick_group.direct("eli", "pathway approve 2")
    said = quick_group.direct("eli", "pathway diff 3")
    assert "rule insomnia, when.at_least: 14 → 15" in said, "it was made from version 1, and says so"
    assert "It comes into force when 2 of the steering group approve it." in said
    assert quick_group.direct("eli", "pathway approve 3").startswith("You are for version 3.")
    assert threshold(quick_group) == 14


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("pathway propose sleep at_least 3", "There is no rule sleep: `pathway show` lists them."),
        ("pathway propose insomnia at_least 99", "`at_least` is 99, but ISI goes from 0 to 28."),
        ("pathway propose insomnia roles surgeon", "There is no role `surgeon`."),
        ("pathway propose insomnia severity later",
         "There is no flag severity `later`: it is one of routine, soon, urgent, emergency."),
        ("pathway propose insomnia at_least 15", "`at_least` of insomnia is 15 already."),
        ("pathway approve 7", "There is no version 7 of the pathway; proposed are: none."),
        ("pathway approve 1", "Version 1 is no proposal: it is in force."),
    ],
)  # fmt: skip
def test_what_can_not_be_proposed_or_approved(quick_group: Talk, line: str, answer: str) -> None:
    assert quick_group.direct("lea", line) == answer
    assert quick_group.told("eli") == []


def test_a_text_is_checked_and_nothing_comes_of_it(quick_group: Talk) -> None:
    rule = (
        '[[rules]]\nid = "mine"\nversion = 1\nlabel = "Mine"\nseverity = "soon"\nroles = ["psychologist"]\n'
        'service = "psychology"\nsays = "Look."\nsource = "ours"\nwhen = { score = "PHQ-9", at_least = 40 }'
    )
    said = quick_group.direct("bo", f"pathway check {rule}")
    assert said == ("The text is refused.\n\n⚠️ Line 10: `at_least` is 40, but PHQ-9 goes from 0 to 27.")
    good = quick_group.direct("bo", f"pathway check {rule.replace('40', '12')}")
    assert good.startswith("The text holds together. Nothing was changed by this.\n\nRules: 35 on, 1 off")
    assert quick_group.direct("bo", "pathway check").startswith(
        "Chronic musculoskeletal pain, version 1, is in force and holds together."
    )


def test_what_was_entered_before_is_held_against_a_change_within_a_week(quick_group: Talk) -> None:
    group = quick_group
    short, over = group.patient(), group.patient()
    group.direct("ana", f"assess {short} ISI total 14")
    group.direct("ana", f"assess {over} ISI total 15")
    group.direct("lea", "pathway propose insomnia at_least 14")
    group.direct("eli", "pathway approve 2")
    assert open_flags(group, short) == []
    group.pass_time(7 * 24 * 60)
    assert open_flags(group, short) == ["insomnia"]
    group.direct("lea", "pathway propose insomnia at_least 20")
    group.direct("eli", "pathway approve 3")
    group.pass_time(7 * 24 * 60)
    assert open_flags(group, over) == ["insomnia"], "somebody answers it, not the new number"


def open_flags(talk: Talk, code: str) -> list[str]:
    """The rules of a patient's open flags."""
    with talk.store.clinic(talk.now) as clinic:
        return [each.reason for each in clinic.flags.open_of_patient(code)]


def lower(version: int) -> str:
    """What we ship with a lower threshold of one rule, of which this is the version."""
    text = shipped_text().replace('{ score = "ISI", at_least = 15,', '{ score = "ISI", at_least = 12,')
    return text.replace('id = "insomnia"\nversion = 1', f'id = "insomnia"\nversion = {version}')


def test_a_rule_of_a_file_that_changed_under_its_old_version_is_not_approved(group: Talk) -> None:
    take_up(group.store, lower(version=1), group.now)
    group.post()
    assert group.direct("lea", "pathway approve 2") == (
        "Version 2 changes insomnia without raising the version of that rule, which flags name: raise it in "
        "the file, and start Baton again."
    )
    take_up(group.store, lower(version=2), group.now)
    group.post()
    group.direct("lea", "pathway approve 3")
    group.direct("eli", "pathway approve 3")
    code = group.patient()
    group.direct("ana", f"assess {code} ISI total 12")
    assert "insomnia, version 2" in group.direct("ana", "flag show F-1")


def test_a_file_that_changed_is_a_proposal_and_never_live(group: Talk) -> None:
    changed = lower(version=2)
    for _ in range(2):  # a second start with the same file proposes nothing more
        take_up(group.store, changed, group.now)
        group.post()
    assert threshold(group) == 15
    said = "The configured file differs from what is in force: it waits as version 2"
    assert (group.told("lea"), group.told("eli")) == ([said], [said])
    assert group.direct("lea", "pathway approve 2").startswith("You are for version 2.")
    assert threshold(group) == 15
    assert "is in force." in group.direct("eli", "pathway approve 2")
    assert threshold(group) == 12
    take_up(group.store, shipped_text(), group.now)
    assert threshold(group) == 12, "the first file, started again, is no news"
    take_up(group.store, f"# only a comment\n{changed}", group.now)
    assert "none" in group.direct("lea", "pathway diff 9")


def test_processes_that_start_at_once_put_one_definition_in_force(database_url: str) -> None:
    talks = [Talk(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as starting:
        list(starting.map(lambda talk: take_up(talk.store, shipped_text(), talk.now), talks))
    assert talks[0].journal("pathway:1") == ["pathway begin"]
    with talks[1].store.clinic(talks[1].now) as clinic:
        assert clinic.definitions.next_number() == 2
    for talk in talks:
        talk.close()


def test_a_definition_that_open_work_could_not_go_on_with_is_not_approved(quick_group: Talk) -> None:
    code = quick_group.patient()
    quick_group.direct("ana", f"handoff offer {code} bo soon 'low mood'")
    start, end = shipped_text().split('id = "soon"\nlabel = "Soon"\nsays = "Should be picked up', 1)
    changed = f'{start}id = "sooner"\nlabel = "Soon"\nsays = "Should be picked up{end}'
    take_up(quick_group.store, changed, quick_group.now)
    assert quick_group.direct("lea", "pathway approve 2") == (
        "Version 2 has no urgency soon, which open work still needs."
    )


def test_before_the_first_start_there_is_nothing_to_change(quick: Talk) -> None:
    assert quick.direct("lea", "pathway propose insomnia at_least 14") == (
        "No pathway definition is in force yet: start Baton once with `baton run`."
    )


def test_a_change_is_tried_on_the_past(group: Talk) -> None:
    code = group.patient("ana")
    group.direct("ana", f"assess {code} ISI total 14")
    group.direct("lea", "pathway propose insomnia at_least 14")
    said = group.direct("eli", "pathway simulate 2")
    assert said.startswith(
        "Version 2 on the past, against version 1\n\n1 entries of 1 patients, over 1 weeks."
    )
    assert re.search(r"insomnia\W+0\W+1\W+1\W+0", said)
    assert re.search(r"Psychologists\W+0\.0\W+1\.0\W+2\W+0\.0\W+0\.5", said), "of two psychologists"
    assert code not in said
