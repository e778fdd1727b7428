"""Who is expected at a conference."""

from collections.abc import Mapping

from agendas.rank import Expected
from pathway.conference import Conference
from pathway.definition import Definition
from pathway.invitee import Answer, Answered, member_key
from pathway.people import Roster

NOT_COMING = frozenset({Answer.DECLINED, Answer.DELEGATED})


def expected(
    conference: Conference,
    roster: Roster,
    definition: Definition,
    answers: Mapping[str, Answered] | None = None,
) -> tuple[Expected, ...]:
    """Everybody of the team who is not away when it starts, with their disciplines.

    `answers` is what `clinic.invitees.answers` gives: then of them those who are invited and have not
    declined. While nobody is invited, it is everybody.
    """
    here = roster.present([each.member.id for each in roster.places], conference.starts)
    if answers:
        given = {each: answers.get(member_key(each)) for each in here}
        here = tuple(each for each, said in given.items() if said and said.answer not in NOT_COMING)
    return tuple(Expected(each, discipline(each, roster, definition)) for each in here)


def discipline(member: str, roster: Roster, definition: Definition) -> str:
    """A member's discipline by their role in the team; "" for none."""
    role = definition.role(roster.role(member))
    return role.discipline or "" if role else ""


def of_discipline(wanted: str, roster: Roster, definition: Definition) -> tuple[str, ...]:
    """The members of a team who are of a discipline."""
    members = (each.member.id for each in roster.places)
    return tuple(each for each in members if discipline(each, roster, definition) == wanted)
