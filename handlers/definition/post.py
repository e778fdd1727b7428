"""Who hears of a change of the pathway definition, and what happens to the configured file at the start."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cards.card import Card, Choice, Items, Part, Text, Tone
from pathway.diff import differences, not_raised
from pathway.handoff import Refused
from storage.clinic import Clinic, Store
from storage.definitions import NEEDED, Standing, Version

MOST_LINES = 30


def take_up(store: Store, text: str, now: datetime) -> None:
    """Puts the configured definition in force if none is; one that says something new becomes a proposal.

    Never anything more: a file that was changed does not go live by a restart.
    """
    try:
        _take_up(store, text, now)
    except IntegrityError:  # another process that started at the same moment has done so
        _take_up(store, text, now)


def _take_up(store: Store, text: str, now: datetime) -> None:
    with store.clinic(now) as clinic:
        if clinic.definitions.in_force() is None:
            clinic.definitions.begin(text, now)
            return
        if clinic.definitions.same(text) is None:
            proposed = clinic.definitions.propose(text, "", now)
            says = f"The configured file differs from what is in force: it waits as version {proposed.number}"
            tell_steering(Card(says, version_parts(proposed, clinic), version_choices(proposed)), clinic, now)


def found(typed: str, clinic: Clinic) -> Version:
    """The version that people call by this number. Raises Refused."""
    number = typed.strip().lower().removeprefix("v")
    version = clinic.definitions.find(int(number)) if number.isdecimal() and len(number) < 9 else None
    if version is None:
        waiting = ", ".join(str(each.number) for each in clinic.definitions.proposed()) or "none"
        raise Refused(f"There is no version {typed.strip()} of the pathway; proposed are: {waiting}.")
    return version


def in_force(clinic: Clinic) -> Version:
    """The version in force. Raises Refused where a bot has never been started on this database."""
    version = clinic.definitions.in_force()
    if version is None:
        raise Refused("No pathway definition is in force yet: start Baton once with `baton run`.")
    return version


def version_parts(version: Version, clinic: Clinic) -> tuple[Part, ...]:
    """What a version changes in what is in force, and who is for it."""
    now_is = in_force(clinic)
    lines = tuple(str(each) for each in differences(now_is.definition, version.definition))
    rest = len(lines) - MOST_LINES
    shown = (*lines[:MOST_LINES], f"and {rest} more: `baton pathway diff`") if rest > 0 else lines
    parts: tuple[Part, ...] = (
        Items(shown, f"Version {version.number} against version {now_is.number}, which is in force"),
    )
    if version.standing is Standing.PROPOSED:
        parts += (Text(_for_it(version, clinic), Tone.QUIET),)
    return parts


def _for_it(version: Version, clinic: Clinic) -> str:
    members = [clinic.people.member(each) for each in version.approvers]
    names = ", ".join(each.name for each in members if each)
    more = NEEDED - len(version.approvers)
    others = f"{more} more of the steering group" if names else f"{more} of the steering group"
    return f"{f'For it: {names}. ' if names else ''}It comes into force when {others} approve it."


def version_choices(version: Version) -> tuple[Choice, ...]:
    """What can be done about a proposal."""
    if version.standing is not Standing.PROPOSED:
        return ()
    number = version.number
    return (
        Choice("Try it on the past", f"pathway simulate {number}"),
        Choice("Approve", f"pathway approve {number}"),
        Choice("Reject…", f"pathway reject {number}"),
    )


def tell_steering(
    card: Card,
    clinic: Clinic,
    now: datetime,
    *,
    also: Iterable[str] = (),
    without: tuple[str, ...] = (),
) -> None:
    """Tells everybody of the steering group, and others whom it concerns, after quiet hours."""
    for member in dict.fromkeys((*clinic.steering.members(), *also)):
        if member not in without:
            tell_one(member, card, clinic, now)


def tell_one(member: str, card: Card, clinic: Clinic, now: datetime) -> None:
    """Tells a member in private, after the quiet hours of the teams in which they work."""
    teams = map(clinic.people.team, clinic.people.teams_of(member))
    at = max((team.hours.quiet_until(now) for team in teams if team), default=now)
    clinic.outbox.tell([member], card, now, send_after=at)


def check_usable(version: Version, clinic: Clinic) -> None:
    """Raises Refused for a definition by which open work could not go on, or flags would be named wrongly."""
    new = version.definition
    if rules := not_raised(in_force(clinic).definition, new):
        raise Refused(
            f"Version {version.number} changes {', '.join(rules)} without raising the version of that rule, "
            "which flags name: raise it in the file, and start Baton again."
        )
    lost = {
        "urgency": clinic.handoffs.urgencies_in_use() - {each.id for each in new.urgencies},
        "flag severity": clinic.flags.severities_in_use() - {each.id for each in new.flag_severities},
    }
    for what, ids in lost.items():
        if ids:
            named = ", ".join(sorted(ids))
            raise Refused(f"Version {version.number} has no {what} {named}, which open work still needs.")
    if not any("pathway" in role.may for role in new.roles):
        raise Refused(f"By version {version.number} nobody could change the pathway any more.")
