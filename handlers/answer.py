"""The one door: dedupe, identify, read, authorise, run, commit.

Every way in ends here, and nothing is told to a person before the transaction that made it true has
committed. A request that has been answered before gets the same answer and has no second effect.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from cards.card import Card, Choice, Detail, Text
from cards.form import Form
from cards.wire import dumps, loads
from handlers import draft, draft_start
from handlers.command import ANYONE, Command
from handlers.line import words
from handlers.meant_team import narrowed
from handlers.menu import MENU
from handlers.read import Unclear, Understood, find_command, read
from handlers.reading import Reading
from handlers.request import Caller, Outcome, Reply, Request
from pathway.handoff import Refused
from pathway.hours import is_zone
from storage.clinic import Clinic, CommitUnknown, Store, TooLate
from storage.outbox import Kind, Lane

MOST_TRIES = 5
NOT_DONE = "Baton did not do that"
"""On a locked phone in place of a refusal, which may repeat what was typed."""


class Busy(Exception):
    """Others changed the same things each time this was tried; nothing of it was done."""


class NotKnown(Exception):
    """The database went away while it committed and has not come back: this may be done, or not."""


def answer(
    request: Request, store: Store, now: datetime, may_commit: Callable[[], bool] = lambda: True
) -> Reply:
    """Answers a request in one transaction, tried again if somebody else changed the same things first.

    Raises `storage.clinic.TooLate` if `may_commit` says no when all is ready, and Busy if others were
    always faster; in both cases nothing was done. Raises NotKnown if that can't be said.
    """
    return _trying(lambda: _answer_once(request, store, now, may_commit))


def glance(request: Request, clinic: Clinic, now: datetime) -> Card | None:
    """What a request that only shows something would be answered, for one person's page: it is forgotten."""
    try:
        card = _reply(request, clinic, now).card
    except Refused as error:
        card = Card(str(error))
    return card.within(clinic.direct_detail, private=True) if card is not None else None


def once(event_id: str, store: Store, now: datetime, work: Callable[[Clinic], None]) -> frozenset[Lane]:
    """Does what a platform reported, in one transaction and once per event; where posts now wait."""

    def attempt() -> Reply:
        with store.clinic(now) as clinic:
            if clinic.memory.answered(event_id) is not None:
                return Reply(Outcome.IGNORED)
            work(clinic)
            clinic.memory.remember(event_id, "", now)
        return Reply(Outcome.DONE, lanes=frozenset(clinic.posted))

    return _trying(attempt).lanes


def _trying(attempt: Callable[[], Reply]) -> Reply:
    last: Exception | None = None
    unknown = False
    for _ in range(MOST_TRIES):
        try:
            return attempt()
        except CommitUnknown as error:
            # The next try finds the event remembered if this was committed after all.
            unknown, last = True, error
        except (StaleDataError, IntegrityError, OperationalError) as error:
            # Somebody else was faster. The next try sees what they did and may well be refused by it.
            last = error
        except TooLate as error:
            if not unknown:
                raise
            raise NotKnown from error
    raise (NotKnown if unknown else Busy) from last


def _answer_once(request: Request, store: Store, now: datetime, may_commit: Callable[[], bool]) -> Reply:
    try:
        with store.clinic(now, may_commit) as clinic:
            earlier = clinic.memory.answered(request.event_id)
            if earlier is not None:
                return _recall(earlier)
            reply = _reply(request, clinic, now)
            if not request.posts_answer and reply.card is not None:
                reply = replace(reply, card=reply.card.within(clinic.direct_detail, private=True))
            _give(reply, request, clinic, now)
        return replace(reply, lanes=frozenset(clinic.posted))
    except Refused as error:
        refusal = str(error)
        refused = Reply(Outcome.REFUSED, Card(refusal, notice=NOT_DONE))
    # What a handler did before it refused is rolled back; that it refused is remembered.
    with store.clinic(now, may_commit) as clinic:
        by = identify(request, clinic, now)
        if by is not None and not request.shows_forms and draft.keep_refused(request, by, clinic, now, MENU):
            refused = Reply(Outcome.REFUSED, Card(refusal, (draft.STILL_OPEN,), notice=NOT_DONE))
        _give(refused, request, clinic, now)
    return replace(refused, lanes=frozenset(clinic.posted))


def _give(reply: Reply, request: Request, clinic: Clinic, now: datetime) -> None:
    """Remembers the answer, and puts it in line where the platform posts its answers."""
    clinic.memory.remember(request.event_id, _keep(reply), now)
    if request.posts_answer and reply.card is not None:
        said = _beside_living_card(reply.card, request.lane, clinic, now)
        clinic.outbox.say(request.lane, said, now, thread=request.thread)


def _beside_living_card(card: Card, lane: Lane, clinic: Clinic, now: datetime) -> Card:
    """The answer to a step whose living card stands at the same place: only what that card doesn't say.

    A second copy would not change with the first, and its buttons would soon be stale. A living card that
    waits for the end of quiet hours, or may not come at all, does not stand there yet.
    """
    here = [each for each in clinic.outbox.posts if each.send_after <= now and not each.if_there]
    for post in here:
        if post.kind is Kind.SHOW and post.lane == lane and post.card.title == card.title:
            fresh = tuple(part for part in card.parts if part not in post.card.parts)
            return Card(f"Done: {post.subject} is up to date above.", fresh)
    return card


def _reply(request: Request, clinic: Clinic, now: datetime) -> Reply:
    by = identify(request, clinic, now)
    if by is not None and not request.shows_forms:
        continued = draft.go_on(request, by, clinic, now, MENU)
        if isinstance(continued, Reply):
            return continued
        if continued is not None:
            return _run(continued, request, replace(by, link=""), clinic, now)  # not what was asked
    said = words(request.line)
    found = find_command(MENU, said)
    if found is not None and not found[0].allows(by):
        return Reply(Outcome.REFUSED, _not_allowed(found[0], by))
    if by is None:
        by = _enrol(request, clinic, now) if found is not None and found[0].may == ANYONE else None
    if by is None:
        return Reply(Outcome.REFUSED, stranger())
    result = read(request.line if said else "help", MENU, narrowed(Reading(by, clinic, now), [request.line]))
    if isinstance(result, Unclear):
        return Reply(Outcome.UNCLEAR, result.card)
    if isinstance(result, Form):
        if request.shows_forms:
            return Reply(Outcome.FORM, form=result)
        private = found is not None and (found[0].private or found[0].asks_privately)
        private = private or (result.clinical and clinic.outbox.detail(request.lane) < Detail.CLINICAL)
        begin = draft_start.begin_privately if private else draft_start.begin
        return begin(result, request, by, clinic, now)
    return _run(result, request, by, clinic, now)


def _run(understood: Understood, request: Request, by: Caller, clinic: Clinic, now: datetime) -> Reply:
    """Does it. An answer that is not for the room in which it would stand goes to the caller alone."""
    command = understood.command
    if not command.allows(by):
        return Reply(Outcome.REFUSED, _not_allowed(command, by))
    card = command.run(understood.ask, by, clinic, now)
    in_room = request.posts_answer and not request.lane.direct
    if in_room and (command.private or (clinic.spoke_of_other_team and card.within(Detail.CODE) != card)):
        clinic.outbox.tell([by.id], card, now)
        why = "names are not for a room" if command.private else "this belongs to another team than the room"
        return Reply(Outcome.DONE, Card(f"Answered in private: {why}."))
    return Reply(Outcome.DONE, card)


def identify(request: Request, clinic: Clinic, now: datetime) -> Caller | None:
    """Who this is and in which team they speak; None for somebody whom the bot does not know."""
    member = clinic.people.by_account(request.sender.platform, request.sender.account)
    if member is None:
        return None
    room = None if request.lane.direct else clinic.people.room(request.lane.platform, request.lane.target)
    teams = [room.team] if room and room.team else []
    if request.lane.direct:
        teams = clinic.people.teams_of(member.id)
    rosters = tuple(clinic.people.roster(team) for team in teams)
    here = rosters[0] if len(rosters) == 1 else None
    return Caller(member, request.lane, clinic.definition, here, rosters, request.link)


def _enrol(request: Request, clinic: Clinic, now: datetime) -> Caller | None:
    name = request.sender.name or request.sender.account
    zone = request.sender.zone if is_zone(request.sender.zone) else ""
    clinic.people.enrol(name, request.sender.platform, request.sender.account, now, zone=zone)
    return identify(request, clinic, now)


def stranger() -> Card:
    """What somebody hears whom the bot does not know."""
    return Card(
        "I don't know you yet.",
        (Text("In your team's channel, type `team join` and your role; then I know what waits for you."),),
        (Choice("Join the team", "team join"), Choice("Help", "help")),
    )


def _not_allowed(command: Command, by: Caller | None) -> Card:
    if by is None:
        return stranger()
    if by.role is None:
        return Card(
            f"`{command.name}` needs a role in the team.",
            (Text("In the team's channel, type `team join` and your role."),),
            (Choice("Join the team", "team join"),),
        )
    return Card(
        f"As {by.role.label.lower()} you can't use `{command.name}` here.",
        (Text("The pathway definition says who may; the lead can change your role with `team role`."),),
        (Choice("What can I do here?", "help"),),
    )


def _keep(reply: Reply) -> str:
    """A reply as it is remembered. A form is not kept: an event that comes twice opens it only once."""
    return json.dumps({"outcome": reply.outcome, "card": dumps(reply.card) if reply.card else ""})


def _recall(kept: str) -> Reply:
    if not kept:
        return Reply(Outcome.IGNORED)
    told = json.loads(kept)
    return Reply(Outcome(told["outcome"]), loads(told["card"]) if told["card"] else None)
