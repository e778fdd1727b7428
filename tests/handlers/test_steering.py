"""The steering group: who begins it, who adds whom, and what nobody outside of it can do to the pathway."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handlers.definition.post import take_up
from pathway.definition import shipped_text
from storage.outbox import Lane
from tests.handlers.talk import ROLES, Talk, text

SOUTH = Lane("slack", "C-south")
PROPOSE = "pathway propose insomnia at_least 14"
ONLY_LEA = "Only the steering group of the pathway may do that: ask Lea Brandt."


def led_by_lea(url: str) -> Iterator[Talk]:
    """The north team after the first start, with a pain specialist; lea alone is in the steering group."""
    talk = Talk(url)
    take_up(talk.store, shipped_text(), talk.now)
    talk.team(**ROLES, eli="pain-specialist")
    yield talk
    talk.close()


@pytest.fixture
def led(database_url: str) -> Iterator[Talk]:
    """That team on both databases."""
    yield from led_by_lea(database_url)


@pytest.fixture
def quick_led(sqlite_url: str) -> Iterator[Talk]:
    """The same on SQLite alone."""
    yield from led_by_lea(sqlite_url)


def group(talk: Talk) -> list[str]:
    """The names of those who are in the group."""
    with talk.store.clinic(talk.now) as clinic:
        members = map(clinic.people.member, clinic.steering.members())
        return [each.name for each in members if each]


def in_force(talk: Talk) -> int:
    """The number of the version in force."""
    with talk.store.clinic(talk.now) as clinic:
        return clinic.definition.version


def test_a_team_of_ones_own_gives_no_say_over_the_rules_of_all(led: Talk) -> None:
    led.room_known(SOUTH, "")
    assert "South team" in text(led.ask("zoe", "team setup name='South team' phone=1", lane=SOUTH))
    assert text(led.ask("zoe-2", "team join pain-specialist", lane=SOUTH)).startswith("zoe-2 is now pain")
    led.direct("lea", PROPOSE)
    led.hear()
    for who in ("zoe", "zoe-2", "eli"):
        for line in (PROPOSE, "pathway approve 2", "pathway reject 2 'not mine'", "pathway steering add me"):
            assert led.direct(who, line) == ONLY_LEA, (who, line)
        assert led.direct(who, "pathway steering remove @lea") == ONLY_LEA
    assert group(led) == ["Lea Brandt"]
    assert in_force(led) == 1
    assert (led.told("lea"), led.told("zoe-2"), led.told("eli")) == ([], [], [])
    assert led.journal("pathway:2") == ["pathway propose"]
    assert "Version 2" in led.direct("zoe", "pathway show"), "looking is for everybody"
    assert led.direct("zoe", "pathway simulate 2").startswith("Version 2 on the past, against version 1")


def test_a_member_adds_another_and_all_who_are_concerned_are_told(led: Talk) -> None:
    led.now += timedelta(minutes=1)
    said = led.direct("lea", "pathway steering add @eli")
    assert said == (
        "Eli Novak is in the steering group of the pathway now.\n\n1. Who is in it? — pathway steering"
    )
    assert led.private("eli")[-1] == (
        "You are in the steering group of the pathway now\n\n"
        "You can propose changes of the pathway, and approve or reject what others propose.\n\n"
        "1. Who is in it? — pathway steering"
    )
    assert (led.told("eli"), led.told("lea"), led.told("bo"), led.heard()) == (
        ["You are in the steering group of the pathway now"], [], [], [],
    )  # fmt: skip
    led.now += timedelta(minutes=1)
    led.direct("eli", "pathway steering add Bo")
    assert led.told("lea") == ["Bo Lindqvist is in the steering group of the pathway now"]
    assert "By Eli Novak." in led.private("lea")[-1]
    assert led.told("eli") == []
    assert led.private("bo")[-1] == (
        "You are in the steering group of the pathway now\n\n"
        "⚠️ You hear what is proposed. "
        "To propose and approve, one must also be pain specialist or team lead.\n\n"
        "1. Who is in it? — pathway steering"
    )
    rows = [" ".join(row.split()) for row in led.direct("ana", "pathway steering").splitlines()]
    assert rows == [
        "The steering group of the pathway",
        "",
        "Name Since Added by",
        "Lea Brandt today 09:00 Lea Brandt",
        "Eli Novak today 10:01 Lea Brandt",
        "Bo Lindqvist today 10:02 Eli Novak",
        "",
        "A change of the pathway takes 2 of them. `pathway steering add @name` puts somebody in. "
        "To propose and approve, one must also be pain specialist or team lead. That is not: Bo Lindqvist.",
    ]
    assert led.journal(f"member:{led.id('bo')}") == ["steering add"]
    assert led.direct("bo", PROPOSE).startswith("As psychologist you can't use `pathway propose` here."), (
        "a place does not take the place of the role"
    )


def test_a_member_of_another_team_is_added_by_name(quick_led: Talk) -> None:
    quick_led.room_known(SOUTH, "")
    quick_led.ask("zoe", "team setup name='South team' phone=1 role=pain-specialist", lane=SOUTH)
    assert quick_led.direct("lea", "pathway steering add @zoe").startswith("zoe is in the steering group")
    quick_led.direct("lea", PROPOSE)
    assert quick_led.told("zoe") == [
        "You are in the steering group of the pathway now",
        "Lea Brandt proposes version 2 of the pathway",
    ]
    assert "is in force." in quick_led.direct("zoe", "pathway approve 2")


def test_who_is_removed_counts_no_more(led: Talk) -> None:
    led.direct("lea", "pathway steering add @eli")
    led.direct("lea", "pathway steering add @dee")
    led.direct("eli", PROPOSE)
    led.hear()
    assert led.direct("lea", "pathway steering remove @eli").startswith(
        "Eli Novak is in the steering group of the pathway no more."
    )
    assert led.told("eli") == ["You are in the steering group of the pathway no more"]
    assert led.told("dee") == ["Eli Novak is in the steering group of the pathway no more"]
    assert led.told("lea") == []
    assert led.journal(f"member:{led.id('eli')}") == ["steering add", "steering remove"]
    assert led.direct("eli", "pathway approve 2") == (
        "Only the steering group of the pathway may do that: ask Lea Brandt and Dee Park."
    )
    said = led.direct("lea", "pathway approve 2")
    assert said.startswith("You are for version 2."), "eli's word does not count any more"
    assert "For it: Lea Brandt. It comes into force when 1 more of the steering group approve it." in said
    assert in_force(led) == 1
    led.direct("lea", "pathway steering add @eli")
    assert "For it: Lea Brandt. It" in led.direct("lea", "pathway diff 2"), "nor when they come back"
    assert "is in force." in led.direct("eli", "pathway approve 2")
    assert in_force(led) == 2


def test_the_last_one_stays(quick_led: Talk) -> None:
    last = "You are the last one in the steering group: add somebody else first."
    assert quick_led.direct("lea", "pathway steering remove @lea") == last
    quick_led.direct("lea", "pathway steering add @eli")
    assert quick_led.direct("lea", "pathway steering remove me").startswith("Lea Brandt is in the steering")
    assert quick_led.told("lea") == []
    assert quick_led.direct("eli", "pathway steering remove @eli") == last
    assert group(quick_led) == ["Eli Novak"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("pathway steering add @lea", "Lea Brandt is in the steering group already."),
        ("pathway steering add @nobody",
         "Nobody of any team is called “@nobody”: they type `team join` first."),
        ("pathway steering remove @bo",
         "Nobody in the group is called “@bo”: `pathway steering` lists it."),
    ],
)  # fmt: skip
def test_who_can_not_be_added_or_removed(quick_led: Talk, line: str, answer: str) -> None:
    assert quick_led.direct("lea", line) == answer
    assert group(quick_led) == ["Lea Brandt"]


def test_two_who_remove_each_other_at_once_leave_one(led: Talk) -> None:
    led.direct("lea", "pathway steering add @eli")
    both = [("lea", "pathway steering remove @eli"), ("eli", "pathway steering remove @lea")]
    with ThreadPoolExecutor(2) as pressing:
        said = list(pressing.map(lambda each: led.direct(*each), both))
    assert len(group(led)) == 1
    assert sum("no more." in each for each in said) == 1


def test_a_later_team_does_not_begin_the_group_anew_and_a_leaver_keeps_the_place(quick_led: Talk) -> None:
    quick_led.say("lea", "team leave")
    quick_led.room_known(SOUTH, "")
    quick_led.ask("zoe", "team setup name='South team' phone=1", lane=SOUTH)
    assert group(quick_led) == ["Lea Brandt"]
    assert quick_led.direct("zoe", PROPOSE) == ONLY_LEA


def test_a_place_goes_over_to_the_account_that_stays(led: Talk) -> None:
    led.direct("lea", "pathway steering add @eli")
    led.direct("bo", "link account slack U-eli")
    code = led.private("eli")[-1].split("link code ")[1].split("\n")[0]
    led.direct("bo", f"link code {code}")
    assert group(led) == ["Lea Brandt", "Bo Lindqvist"]
    led.direct("lea", PROPOSE)
    for who in ("bo", "eli"):
        led.direct("lea", f"link account slack U-{who}")
        code = led.private(who)[-1].split("link code ")[1].split("\n")[0]
        led.direct("lea", f"link code {code}")
    assert group(led) == ["Lea Brandt"], "one person has one place"
    for who in ("lea", "bo", "eli"):
        assert led.direct(who, "pathway approve 2") == (
            "You are for version 2 already: it takes somebody else too."
        )
    assert in_force(led) == 1


def test_the_group_hears_after_quiet_hours(quick_led: Talk) -> None:
    quick_led.direct("lea", "pathway steering add @eli")
    quick_led.pass_time(11 * 60)
    quick_led.hear()
    quick_led.direct("lea", PROPOSE)
    assert quick_led.told("eli") == []
    quick_led.pass_time(11 * 60)
    assert quick_led.told("eli") == ["Lea Brandt proposes version 2 of the pathway"]
