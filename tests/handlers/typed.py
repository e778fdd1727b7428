"""What is made of a line that somebody types in the team's room."""

from cards.form import Form
from handlers.menu import MENU
from handlers.read import Unclear, Understood, read
from handlers.reading import Reading
from handlers.request import Caller
from tests.handlers.talk import ROOM, Talk


def reads(talk: Talk, who: str, line: str) -> Understood | Unclear | Form:
    """How a line is read."""
    member = talk.id(who)
    with talk.store.clinic(talk.now) as clinic:
        room = clinic.people.room(ROOM.platform, ROOM.target)
        assert room is not None
        roster = clinic.people.roster(room.team)
        known = roster.member(member)
        assert known is not None
        by = Caller(known, ROOM, clinic.definition, roster, (roster,))
        return read(line, MENU, Reading(by, clinic, talk.now))


def typed(talk: Talk, line: str) -> dict[str, object]:
    """What a line was understood as, without what was left at its default."""
    result = reads(talk, "ana", line)
    assert isinstance(result, Understood), result
    defaults = {each.name: each.default for each in result.command.fields}
    return {
        name: value for name, value in vars(result.ask).items() if value not in (defaults.get(name), False)
    }
