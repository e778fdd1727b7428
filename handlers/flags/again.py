"""Flags that somebody can't answer or hold any longer: released, or left by who goes away or leaves."""

from datetime import datetime

from handlers.flags.post import (
    answerers,
    ask_further,
    duty_of,
    let_asked_see,
    remind,
    save,
    severity_of,
    show,
)
from pathway.flag import HELD, UNANSWERED, Flag, Step, move
from pathway.flag_asking import ask_again, ask_cover, ask_on
from pathway.ladder import Rung, still_asked
from pathway.people import Roster
from storage.clinic import Clinic


def offer_again(flag: Flag, member: str, roster: Roster, clinic: Clinic, now: datetime) -> Flag:
    """Asks others about a flag that this member gives back, or can't hold any longer."""
    able = answerers(roster, clinic)
    released = move(flag, Step.RELEASE, flag.holder, now)
    following = ask_again(released, able, duty_of(flag, roster, clinic, now), severity_of(flag, clinic), now)
    again = still_asked(released, able, now)
    let_asked_see(following, again, clinic, now)
    save(following, "released", roster, clinic, now, by=member)
    says = f"{flag.ref} is asked again: {roster.name(flag.holder)} gave it back"
    remind(following, again, says, roster, clinic, now)
    ask_further(flag, following, roster, clinic, now)
    return following


def pass_on(flag: Flag, member: str, roster: Roster, clinic: Clinic, now: datetime) -> Flag:
    """A flag that an absent member holds or was asked about: asked of their cover, or of whoever is next."""
    if flag.state in HELD and flag.holder == member:
        return _with_cover(offer_again(flag, member, roster, clinic, now), member, roster, clinic, now)
    if flag.state not in UNANSWERED or member not in flag.asked or member in flag.declined:
        return flag
    return _with_cover(flag, member, roster, clinic, now)


def _with_cover(flag: Flag, member: str, roster: Roster, clinic: Clinic, now: datetime) -> Flag:
    able = answerers(roster, clinic)
    cover = roster.cover(member, now)
    passed = ask_cover(flag, cover) if able.member(cover) else flag
    if passed == flag and not still_asked(flag, able, now) and flag.rung is not Rung.CHANNEL:
        passed = ask_on(flag, able, duty_of(flag, roster, clinic, now), severity_of(flag, clinic), now)
    if passed == flag:
        return flag
    save(passed, "passed on", roster, clinic, now, by=member)
    ask_further(flag, passed, roster, clinic, now)
    return passed


def leave_behind(member: str, team: str, roster: Roster, clinic: Clinic, now: datetime) -> list[Flag]:
    """What becomes of the open flags of a member who has left the team: those they held, asked of others."""
    theirs = [each for each in clinic.flags.open_of_member(member, [team]) if each.team == team]
    for flag in theirs:
        if pass_on(flag, member, roster, clinic, now) is flag:
            show(flag, roster, clinic, now)  # of which they see no more than the code now
    return [each for each in theirs if each.holder == member]


def role_changed(member: str, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Asks others about what a member holds or is asked, if in their role now they can't answer flags."""
    if answerers(roster, clinic).member(member) is not None:
        return
    for flag in clinic.flags.open_of_member(member, [roster.team.id]):
        if flag.team == roster.team.id:
            pass_on(flag, member, roster, clinic, now)
