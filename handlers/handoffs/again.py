"""Handoffs that somebody can't answer or hold any longer: given back, or left by who goes away or leaves."""

from dataclasses import replace
from datetime import datetime

from handlers.handoffs.post import (
    ask_further,
    end_holders_access,
    let_asked_see,
    remind,
    ring_channel,
    save,
    urgency_of,
)
from pathway.asking import answering, ask_again, ask_cover, ask_on, still_asked
from pathway.handoff import HELD, WAITING, Handoff, Rung, Step, move
from pathway.people import Member, Roster
from storage.clinic import Clinic


def take_back(
    handoff: Handoff, reason: str, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> Handoff:
    """Offers a handoff again that `by` held: those who had been asked hear of it afresh."""
    talk = replace(handoff.talk, reason=f"{by.name}: {reason}", read_back="", correction="", met="")
    returned = replace(move(handoff, Step.GIVE_BACK, by.id, now), talk=talk)
    able = answering(roster, clinic.definition)
    following = ask_again(returned, able, urgency_of(handoff, clinic), now)
    end_holders_access(handoff, by.id, clinic, now)
    again = still_asked(returned, able, now)
    let_asked_see(following, again, clinic, now)
    save(following, "given back", roster, clinic, now, by=by.id, note=reason)
    says = f"{handoff.ref} is offered again: {by.name} gave it back"
    remind(following, again, says, roster, clinic, now)
    ask_further(handoff, following, roster, clinic, now)
    if following.rung is Rung.CHANNEL and handoff.rung is Rung.CHANNEL:
        ring_channel(following, says, roster, clinic, now)
    return following


def pass_on(handoff: Handoff, member: str, roster: Roster, clinic: Clinic, now: datetime) -> Handoff:
    """A handoff whose answer this absent member owed: asked of their cover, or else of whoever is next.

    It stays as it was for whoever owed no answer, and while others who were asked are here.
    """
    if handoff.state not in WAITING or member not in handoff.asked or member in handoff.declined:
        return handoff
    able = answering(roster, clinic.definition)
    cover = roster.cover(member, now)
    covered = ask_cover(handoff, cover) if able.member(cover) else handoff
    passed = covered if covered != handoff else ask_on(handoff, able, urgency_of(handoff, clinic), now)
    if passed.asked == handoff.asked and passed.rung is handoff.rung:
        return handoff
    save(passed, "passed on", roster, clinic, now, by=member)
    ask_further(handoff, passed, roster, clinic, now)
    return passed


def leave_behind(member: Member, team: str, roster: Roster, clinic: Clinic, now: datetime) -> list[Handoff]:
    """What becomes of the open handoffs of a member who has left the team: those they sent or held.

    What they held is offered again, what they were asked goes on to whoever is next.
    """
    theirs = clinic.handoffs.open_of_member(member.id, [team])
    for handoff in theirs:
        if handoff.receiver == member.id and handoff.state in HELD:
            take_back(handoff, "has left the team", member, roster, clinic, now)
        else:
            pass_on(handoff, member.id, roster, clinic, now)
    return [each for each in theirs if member.id in (each.receiver, each.sender) and each.team == team]
