"""Flags looked up, their board, a test of the chain, and from a flag to a handoff."""

from cards.plain import plain
from handlers.request import Outcome
from pathway.flag import State
from tests.handlers.talk import ROOM, Talk, own


def rows(said: str) -> list[tuple[str, ...]]:
    """The flags in a list, as they stand."""
    listed = (each.removeprefix("- ") for each in said.splitlines() if each.startswith("- F-"))
    return [tuple(each.split(" · ")) for each in listed]


def raised(talk: Talk, severity: str, role: str = "psychologist", more: str = "") -> str:
    """A flag of ana's for a patient of its own; the patient's code."""
    code = talk.patient()
    talk.direct("ana", f"flag {code} 'saddle numbness' {severity} {role} {more}")
    return code


def test_nothing_is_open(quick: Talk) -> None:
    assert quick.direct("bo", "flags") == "No open flags wait for you."
    assert quick.say("bo", "flags team") == "No open flags."
    assert quick.say("bo", "flags overdue") == "None overdue."
    assert quick.say("bo", "flags psychologist") == "No open flags."


def test_flags_are_listed_the_most_severe_first_and_by_who_must_answer(talk: Talk) -> None:
    first, second = raised(talk, "soon"), raised(talk, "urgent")
    third = raised(talk, "urgent", "physio")
    talk.direct("cy", "flag claim F-2")
    soon = ("F-1", first, "Soon", "raised", "Bo Lindqvist, Cy Osei", "today 14:00")
    urgent = ("F-2", second, "Urgent", "claimed", "Cy Osei", "today 12:00")
    physio = ("F-3", third, "Urgent", "raised", "Lea Brandt", "today 10:15")
    assert rows(talk.direct("cy", "flags mine")) == [urgent, soon]
    assert rows(talk.direct("bo", "flags")) == [soon]
    assert rows(talk.say("bo", "flags team")) == [urgent, physio, soon]
    assert rows(talk.say("bo", "flag list psychologist")) == [urgent, soon]
    assert talk.say("bo", "flags psychologist").startswith("Flags: team, psychologist\n")
    assert "saddle numbness" not in talk.say("bo", "flags team")


def test_what_is_late_is_overdue(talk: Talk) -> None:
    code = raised(talk, "urgent")
    assert rows(talk.say("bo", "flags overdue")) == []
    talk.pass_time(16)
    found = rows(talk.say("bo", "flags overdue"))
    assert [each[:4] for each in found] == [("F-1", code, "Urgent", "escalated")]
    assert found[0][-1].startswith("overdue today 10:")


def test_a_private_flag_is_in_no_list_but_of_those_concerned_in_private(talk: Talk) -> None:
    raised(talk, "urgent", more="private=yes")
    for seen in (talk.say("bo", "flags team"), talk.direct("dee", "flags team"), talk.say("bo", "flags")):
        assert rows(seen) == []
    assert [each[0] for each in rows(talk.direct("bo", "flags"))] == ["F-1"]
    assert [each[0] for each in rows(talk.direct("bo", "flags team"))] == ["F-1"]


def test_the_board_is_put_up_once_and_kept_up_to_date(talk: Talk) -> None:
    assert "The board belongs in a room" in talk.direct("bo", "flag board")
    code = raised(talk, "urgent")
    talk.hear()
    assert talk.say("bo", "flag board") == "The board of open flags is kept up to date here."
    assert talk.heard()[0] == "Open flags in North team: 1"
    stands = board(talk)
    assert rows(stands) == [("F-1", code, "Urgent", "raised", "Bo Lindqvist, Cy Osei", "Mon 3 Mar 10:15")]
    assert "As of Mon 3 Mar 10:00." in stands
    talk.forward(5)
    talk.direct("bo", "flag claim F-1")
    assert rows(board(talk)) == [("F-1", code, "Urgent", "claimed", "Bo Lindqvist", "Mon 3 Mar 12:05")]
    secret = raised(talk, "urgent", more="private=yes")
    routine = raised(talk, "routine", "physio")
    talk.direct("bo", "flag resolve F-1 'examined'")
    assert [each[:2] for each in rows(board(talk))] == [("F-3", routine)]
    assert secret not in board(talk)
    assert [each for each in talk.heard() if each.startswith("Open flags")] == [], "edits are not news"
    assert "saddle numbness" not in board(talk)


def board(talk: Talk) -> str:
    """The board as it stands in the room: there is one."""
    found = [each for each in talk.messages[ROOM].values() if each.subject.startswith("board:")]
    assert len(found) == 1
    return plain(found[0].card)


def test_without_a_board_a_flag_puts_none_up(talk: Talk) -> None:
    raised(talk, "urgent")
    assert [each for each in talk.messages[ROOM].values() if each.subject.startswith("board:")] == []


def test_a_test_goes_through_the_whole_chain_and_is_marked(talk: Talk) -> None:
    assert talk.ask("bo", "flag test").outcome is Outcome.REFUSED
    offered = ["Send a test flag — flag test" in talk.direct(who, "duty") for who in ("bo", "lea")]
    assert offered == [False, True]
    said = talk.say("lea", "flag test urgent psychologist")
    assert said.startswith("F-1 · TEST · Urgent · raised\n\nA test is on its way. Asked first: Bo Lindqvist")
    assert talk.told("bo") == ["F-1 · TEST · Urgent · raised"]
    assert "TEST: nothing is wrong with anybody." in talk.private("bo")[-1]
    assert talk.say("lea", "flag test") == "F-1 is still open, and a test too: resolve it first."
    talk.hear()
    talk.pass_time(75)
    assert "Nobody has taken F-1 (TEST) yet" in talk.heard()
    assert talk.direct("cy", "flag claim F-1").startswith("F-1 · TEST · Urgent · claimed")
    assert talk.direct("cy", "flag handoff F-1 bo") == "F-1 is a test: there is nobody to hand over."
    talk.direct("cy", "flag resolve F-1 'it works'")
    assert talk.flag().state is State.RESOLVED
    assert talk.say("lea", "flag test").startswith("F-2 · TEST · Urgent · raised")
    assert talk.broke == []


def test_from_a_flag_to_a_handoff_with_its_facts_filled_in(talk: Talk) -> None:
    code = raised(talk, "soon")
    talk.direct("bo", "flag claim F-1")
    talk.hear()
    form = talk.form("bo", says(talk, "bo", "Hand off"))
    assert (form.command, form.values) == ("flag handoff", {"flag": "F-1"})
    answer = talk.direct("bo", "flag handoff F-1 cy 'she lives alone'")
    assert answer.startswith(f"H-1 · {code} · offered")
    handoff = talk.handoff()
    assert handoff.ipass.summary == ("From F-1, raised today 10:00\nsaddle numbness\nshe lives alone")
    assert (handoff.urgency, handoff.patient, handoff.to_member) == ("soon", code, talk.id("cy"))
    assert talk.told("cy") == [f"H-1 · {code} · offered"]
    assert talk.flag().state is State.CLAIMED, "the flag is resolved by a word of its own"
    assert "saddle numbness" not in talk.card("H-1")


def says(talk: Talk, who: str, label: str) -> str:
    """What a button of somebody's private messages says."""
    cards = [each.card for each in talk.messages[own(who)].values()]
    return next(choice.says for card in cards for choice in card.choices if choice.label == label)


def test_a_private_flag_is_not_handed_over_in_its_own_words(talk: Talk) -> None:
    raised(talk, "urgent", more="private=yes")
    talk.direct("bo", "flag claim F-1")
    assert talk.direct("bo", "flag handoff F-1 cy") == (
        "F-1 is private: offer a handoff in your own words, as others will read them."
    )
