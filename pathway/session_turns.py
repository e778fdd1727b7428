"""Whose turn it is in a conference: one item after another, one at once, one left out, and how it ends.

Each function gives the session as it is then; what a step does to one item is `pathway.session`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pathway.ladder import Refused
from pathway.session import MOVES, Item, Session, State, Step, move, put

MOST_EXTENDED = 60
"""By so many minutes an item can be extended at most."""


def begin(session: Session, now: datetime) -> Session:
    """The first item is taken; nothing changes where one is current or none is to come."""
    following = session.upcoming
    if session.current is not None or not following:
        return session
    return put(session, move(following[0], Step.TAKE, now))


def close(session: Session, step: Step, now: datetime, reason: str = "") -> Session:
    """The current item is finished, parked or skipped, and the next is taken.

    What was just parked is not taken again at once: if nothing else is to come, nothing is current. Raises
    Refused if nothing was.
    """
    current = session.current
    if current is None:
        raise Refused("No item is being talked about now.")
    closed = put(session, move(current, step, now, reason))
    others = [each for each in closed.upcoming if each.patient != current.patient]
    return put(closed, move(others[0], Step.TAKE, now)) if others else closed


def take(session: Session, patient: str, now: datetime) -> Session:
    """This patient's item is taken at once; what was current waits for its turn again.

    Raises Refused for a patient who has no item, or whose item is current.
    """
    wanted = session.of(patient)
    if wanted is None:
        raise Refused(f"{patient} is not on the agenda of this conference.")
    taken = move(wanted, Step.TAKE, now)
    if session.current is not None:
        session = put(session, move(session.current, Step.INTERRUPT, now))
    return put(session, taken)


def bring(session: Session, item: Item, now: datetime) -> Session:
    """An item that was not on is taken at once; one of the same patient is taken instead."""
    if session.of(item.patient) is None:
        place = max((each.place for each in session.items), default=0) + 1
        session = Session((*session.items, replace(item, place=place)))
    return take(session, item.patient, now)


def skip(session: Session, patient: str, now: datetime, reason: str) -> Session:
    """An item that is still to come is left out, so that its turn does not come. Raises Refused."""
    return _ahead(session, patient, Step.SKIP, now, reason)


def settle(session: Session, patient: str, now: datetime, reason: str) -> Session:
    """An item that is still to come was settled before its turn. Raises Refused."""
    return _ahead(session, patient, Step.SETTLE, now, reason)


def unsettle(session: Session, patient: str, now: datetime) -> Session:
    """What was settled is outstanding again: the item has its turn. Raises Refused."""
    return _ahead(session, patient, Step.RESUME, now, "")


def _ahead(session: Session, patient: str, step: Step, now: datetime, reason: str) -> Session:
    item = session.of(patient)
    if item is None:
        raise Refused(f"{patient} is not on the agenda of this conference.")
    return put(session, move(item, step, now, reason))


def extend(session: Session, minutes: int) -> Session:
    """The current item has so many minutes more. Raises Refused if none is current, or it is too much."""
    current = session.current
    if current is None:
        raise Refused("No item is being talked about now.")
    extended = current.extended + minutes
    if minutes < 1 or extended > MOST_EXTENDED:
        raise Refused(f"An item can be extended by 1 to {MOST_EXTENDED} minutes altogether.")
    return put(session, replace(current, extended=extended))


def end(session: Session, now: datetime, discussed: bool, why: Callable[[Item], str]) -> Session:
    """The conference is over: what was not reached is carried over, with what `why` says of it.

    The current item is done if something was `discussed`; else it has only just begun and is carried over.
    """
    current = session.current
    if current is not None and discussed:
        session = put(session, move(current, Step.FINISH, now))
    left = [each for each in session.items if Step.CARRY in MOVES[each.state]]
    for item in left:
        session = put(session, move(item, Step.CARRY, now, item.reason or why(item)))
    return session


def resume(session: Session, now: datetime) -> Session:
    """The conference was ended too early: what its end carried over is to come, and the first is taken."""
    items = (move(each, Step.RESUME, now) if each.state is State.CARRIED else each for each in session.items)
    return begin(Session(tuple(items)), now)
