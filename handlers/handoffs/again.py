"""Handoffs that somebody can't answer or hold any longer: given back, or left by who goes away or leaves."""

from dataclasses import replace
from datetime import datetime

from cards.card import Card, Text
from handlers.handoffs.post import (
    ask_further,
    end_holders_access,
    inform,
    let_asked_see,
    remind,
    ring_channel,
    save,
    show,
    urgency_of,
)
from handlers.people.tell import may_disturb_at
from pathway.asking import answering, ask_again, ask_cover, ask_on, keep_out, still_asked
from pathway.handoff import HELD, WAITING, Handoff, Rung, Step, move
from pathway.people import Member, Roster
from storage.clinic import Clinic


def take_back(
    handoff: Handoff, reason: str, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> Handoff:
    """Offers a handoff again that somebody held: those who had been asked hear of it afresh.

    `by` gives it back: whoever held it, or somebody in their place.
    """
    talk = replace(handoff.talk, reason=f"{by.name}: {reason}", read_back="", correction="", met="")
    returned = replace(move(handoff, Step.GIVE_BACK, by.id, now), talk=talk)
    able = answering(roster, clinic.definition)
    following = ask_again(returned, able, urgency_of(handoff, clinic), now)
    end_holders_access(handoff, handoff.receiver, roster, clinic, now)
    again = still_asked(returned, able, now)
    let_asked_see(following, again, clinic, now)
    save(following, "given back", roster, clinic, now, by=by.id, note=reason)
    says = f"{handoff.ref} is offered again: {_gave_back(handoff, by, roster)}"
    remind(following, again, says, roster, clinic, now)
    ask_further(handoff, following, roster, clinic, now)
    if following.rung is Rung.CHANNEL and handoff.rung is Rung.CHANNEL:
        ring_channel(following, says, roster, clinic, now)
    return following


def _gave_back(handoff: Handoff, by: Member, roster: Roster) -> str:
    whose = "" if by.id == handoff.receiver else f" for {roster.name(handoff.receiver)}"
    return f"{by.name} gave it back{whose}"


def tell_given_back(
    before: Handoff, following: Handoff, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells the sender and the lead; and whoever held it, if somebody else gave it back for them."""
    gave, holder = _gave_back(before, by, roster), before.receiver
    next_asked = Text(who_next(following, before, roster, now))
    said = Card(f"{before.ref}: {gave}", (next_asked,))
    others = [each for each in (before.sender, *roster.leads()) if each not in (by.id, holder)]
    inform(following, others, said, roster, clinic, now)
    if holder != by.id:
        # Not their cover: it is theirs to know, and who covers for them may be who gave it back.
        at = may_disturb_at(urgency_of(before, clinic), roster, now)
        told = Card(f"{before.ref} is no longer yours: {gave}", (next_asked,))
        clinic.outbox.tell([holder], told, now, subject=before.ref, send_after=at)


def _tell_sender(
    before: Handoff, following: Handoff, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> None:
    """Tells the sender that who held it has left; the lead hears of it with all else that was theirs."""
    if before.sender not in (by.id, *roster.leads()):
        said = Card(f"{before.ref}: {by.name} has left", (Text(who_next(following, before, roster, now)),))
        inform(following, [before.sender], said, roster, clinic, now)


def who_next(following: Handoff, before: Handoff, roster: Roster, now: datetime) -> str:
    """Whom a handoff is asked of, after somebody said no or gave it back."""
    fresh = following.asked[len(before.asked) :]
    left = still_asked(following, roster, now)
    if following.rung is Rung.CHANNEL:
        return "The whole channel is asked now."
    if not fresh:
        return f"Still asked: {', '.join(roster.name(each) for each in left)}."
    return f"Now asked: {', '.join(roster.name(each) for each in fresh)}."


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
    """What becomes of the team's open handoffs of a member who has left it: those they sent or held.

    What they held is offered again, what they were asked goes on to whoever is next, and whatever card they
    have shows them no more than the code.
    """
    theirs = clinic.handoffs.open_with(member.id, team)
    for handoff in theirs:
        if _holds(member.id, handoff):
            following = take_back(handoff, "has left the team", member, roster, clinic, now)
            _tell_sender(handoff, following, member, roster, clinic, now)
        elif pass_on(handoff, member.id, roster, clinic, now) is handoff:
            show(handoff, roster, clinic, now)
    return [each for each in theirs if member.id in (each.receiver, each.sender)]


def role_changed(member: str, by: Member, roster: Roster, clinic: Clinic, now: datetime) -> None:
    """Passes on what a member holds or is asked, if in their role now they can't take patients over."""
    if answering(roster, clinic.definition).member(member) is not None:
        return
    for handoff in clinic.handoffs.open_with(member, roster.team.id):
        if _holds(member, handoff):
            reason = f"{roster.name(member)} has another role now"
            following = take_back(handoff, reason, by, roster, clinic, now)
            tell_given_back(handoff, following, by, roster, clinic, now)
        else:
            pass_on(handoff, member, roster, clinic, now)


def let_go(
    member: str, code: str, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> list[Handoff]:
    """Keeps a member out of a patient's open handoffs; those they held or owed an answer, as they stand then.

    What they held is offered again; of what they were asked, the next are asked if nobody else is left.
    """
    left = []
    for handoff in clinic.handoffs.open_of_patient(code):
        if member != handoff.receiver and member not in handoff.asked:
            continue
        after = _let_go_of(handoff, member, by, roster, clinic, now)
        owed = not handoff.receiver and member not in handoff.declined
        left += [after] if owed or handoff.receiver == member else []
    return left


def let_in(member: str, code: str, by: Member, clinic: Clinic, now: datetime) -> None:
    """Lets a member answer a patient's open handoffs again, out of which they were kept."""
    for handoff in clinic.handoffs.open_of_patient(code):
        if member in handoff.kept_out:
            kept_out = tuple(each for each in handoff.kept_out if each != member)
            clinic.handoffs.put(replace(handoff, kept_out=kept_out), "may be asked again", now, by=by.id)


def _let_go_of(
    handoff: Handoff, member: str, by: Member, roster: Roster, clinic: Clinic, now: datetime
) -> Handoff:
    without = keep_out(handoff, member)
    reason = f"{roster.name(member)} is no longer on the care team"
    if _holds(member, handoff):
        following = take_back(without, reason, by, roster, clinic, now)
        tell_given_back(without, following, by, roster, clinic, now)
        return following
    if handoff.state not in WAITING:  # nothing else changes, nor is anything taken back that waits to be said
        clinic.handoffs.put(without, "asked no more", now, by=by.id, note=reason)
        return without
    able = answering(roster, clinic.definition)
    following = ask_on(without, able, urgency_of(handoff, clinic), now)
    save(following, "asked no more", roster, clinic, now, by=by.id, note=reason)
    ask_further(without, following, roster, clinic, now)
    return following


def _holds(member: str, handoff: Handoff) -> bool:
    return handoff.receiver == member and handoff.state in HELD
