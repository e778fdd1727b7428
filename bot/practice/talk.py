"""What people say on the practice page, and what they are answered: through the one door, like everywhere."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.door import Door
from bot.practice.live import Live
from bot.practice.people import PLATFORM, ZONE, Person
from bot.practice.show import card_json, form_json
from cards.card import Card
from cards.form import Form
from cards.plain import plain
from handlers.request import ChatId, Reply, Request
from storage.clinic import Clinic
from storage.post import Lane, direct_lane
from storage.practice import PracticeMessages, Said

DIRECT = "direct"
_CALLED_BY_NAME = re.compile(r"\A\s*(?:[/!]care|@?baton)\b[,:]?\s*", re.IGNORECASE)


class Unknown(ValueError):
    """There is no such person or room on the page. Its str is one sentence."""


@dataclass(frozen=True)
class Asked:
    """One thing that a person of the page says: typed, pressed, or sent as a form.

    `room` is a room's address, or `direct`. `id` says that it is the same thing when it comes again.
    `label` is what was pressed; with none, the line was typed and stands there for others to read.
    `filled` says that the line is a form, sent: what is missing in it is said on its fields.
    """

    who: str
    room: str
    line: str
    label: str = ""
    id: str = ""
    filled: bool = False


class Talk:
    """Answers the people of one practice page in its rooms."""

    def __init__(
        self, door: Door, live: Live, people: Mapping[str, Person], rooms: Mapping[str, str]
    ) -> None:
        self.door = door
        self.live = live
        self.people = people
        self.rooms = rooms

    async def say(self, asked: Asked) -> dict[str, Any]:
        """The answer as JSON; where it is a card, it stands on the page too, for the asker alone.

        Raises Unknown.
        """
        lane = self.lane(asked.who, asked.room)
        event = f"practice:{asked.who}:{asked.id or secrets.token_hex(8)}"
        if not asked.label:
            await self._keep(f"{event}:line", lane, Said(text=asked.line), author=asked.who)
        sender = ChatId(PLATFORM, asked.who, self.people[asked.who].name, ZONE)
        line = _CALLED_BY_NAME.sub("", asked.line)
        reply = await self.door.answer(
            Request(event, sender, lane, line, posts_answer=False, shows_forms=True)
        )
        if reply.form is not None and asked.filled:
            reply = replace(reply, form=_with_missing(reply.form))
        message = ""
        if reply.card is not None:
            message = f"{event}:answer"
            said = Said(card=reply.card, asked=asked.label or _in_short(asked.line))
            await self._keep(message, lane, said, only="" if lane.direct else asked.who)
        return _answer(reply, message, f"form-{asked.who}-{asked.room}")

    async def react(self, who: str, room: str, message: str, reaction: str) -> dict[str, Any]:
        """A reaction to a card says what its choice says; one that stands for nothing is ignored.

        Raises Unknown.
        """
        self.lane(who, room)
        card = await self.door.look(lambda clinic: _card_at(clinic, message))
        plain_reaction = reaction.rstrip("\ufe0f")
        for choice in card.choices if card else ():
            if choice.reaction and choice.reaction.rstrip("\ufe0f") == plain_reaction:
                return await self.say(Asked(who, room, choice.says, label=f"{reaction} {choice.label}"))
        return {"outcome": "ignored", "card": None, "text": "", "form": None, "message": ""}

    def lane(self, who: str, room: str) -> Lane:
        """Where that is. Raises Unknown."""
        if who not in self.people:
            raise Unknown(f"Nobody here is called that. There are: {', '.join(self.people)}.")
        if room == DIRECT:
            return direct_lane(PLATFORM, who)
        if room not in self.rooms:
            raise Unknown(f"There is no such room. There are: {', '.join([*self.rooms, DIRECT])}.")
        return Lane(PLATFORM, room)

    async def _keep(self, message: str, lane: Lane, said: Said, *, author: str = "", only: str = "") -> None:
        def add(clinic: Clinic) -> None:
            PracticeMessages(clinic.rows).add(
                message, lane.target, said, self.door.clock.now(), author=author, only=only
            )

        await self.door.look(add)
        self.live.ring()


def _answer(reply: Reply, message: str, form_id: str) -> dict[str, Any]:
    return {
        "outcome": reply.outcome.value,
        "card": card_json(reply.card) if reply.card else None,
        "text": plain(reply.card) if reply.card else "",
        "form": form_json(reply.form, form_id) if reply.form else None,
        "message": message,
    }


def _with_missing(form: Form) -> Form:
    empty = (each for each in form.fields if each.required and not form.values.get(each.name, "").strip())
    errors = {each.name: f"{each.label} is needed." for each in empty} | form.errors
    in_order = {each.name: errors[each.name] for each in form.fields if each.name in errors}
    return replace(form, errors=in_order | errors)


def _card_at(clinic: Clinic, message: str) -> Card | None:
    found = PracticeMessages(clinic.rows).find(message)
    return found.said.card if found else None


def _in_short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:59]}…"
