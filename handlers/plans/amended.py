"""The message that a decision or an action was made of says something else now, or is gone.

What was decided holds, in the words in which it was: the new ones stand beside it, and whoever wrote it hears
of that.
"""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Choice, Detail, Text, Tone
from handlers.actions.post import save
from handlers.live.follow import follow
from handlers.people.tell import in_private
from pathway.action import Action
from pathway.plan import Entry
from pathway.question import same
from storage.clinic import Clinic

GONE = "nothing any more: it was deleted"


def concerns(link: str, clinic: Clinic) -> bool:
    """Whether something that holds was made of this message."""
    return bool(clinic.plans.of_message(link) or clinic.actions.of_message(link))


def message_changed(link: str, says: str | None, clinic: Clinic, now: datetime) -> None:
    """The message was edited and `says` something else, or was deleted (None)."""
    for entry in clinic.plans.of_message(link):
        if (words := _news(entry, says)) is not None:
            changed = replace(entry, amended=words)
            clinic.plans.put(changed, "amended", now, note=words)
            _tell(changed, entry.by, says, clinic, now)
    for action in clinic.actions.of_message(link):
        if (words := _news(action, says)) is not None:
            roster = clinic.people.roster(action.team)
            save(replace(action, amended=words), "amended", roster, clinic, now, note=words)
            _tell(action, action.made_by, says, clinic, now)


def _news(made: Entry | Action, says: str | None) -> str | None:
    """What the message says now, if that is not what is known of it already."""
    words = GONE if says is None else says
    return None if not words.strip() or same(words, made.amended or made.text) else words


def _tell(made: Entry | Action, who: str, says: str | None, clinic: Clinic, now: datetime) -> None:
    roster = clinic.people.roster(made.team)
    became = "deleted" if says is None else "edited"
    how = f"plan change {made.ref}" if isinstance(made, Entry) else f"action show {made.ref}"
    text = Text(says or made.text, Tone.QUOTE, Detail.CLINICAL)
    stays = Text(f"What was written down stays as it is: `{how}`.", Tone.QUIET)
    choice = Choice("Show the plan", f"plan show {made.patient}")
    card = Card(f"{made.ref} is amended: its message was {became}", (text, stays), (choice,))
    in_private(made.patient, [who], card, roster, clinic, now, roster.team.hours.quiet_until(now))
    follow(made.patient, made.team, clinic, now)
