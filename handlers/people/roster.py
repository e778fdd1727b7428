"""Who is in a team: joining, leaving, roles, the lead."""

from dataclasses import dataclass, replace
from datetime import datetime

from cards.card import Card, Choice, Facts, Items, Table, Text, Tone
from cards.form import Kind, ask
from handlers.actions import give as action_give
from handlers.command import Nothing
from handlers.conferences import guests as conference_guests
from handlers.conferences.expected import discipline
from handlers.flags import again as flag_again
from handlers.flags.card import UNTAKEN
from handlers.handoffs.again import leave_behind, role_changed
from handlers.request import Caller
from pathway.definition import Definition, RoleDef
from pathway.handoff import Handoff, Refused, Rung
from pathway.hours import say_quiet, say_working
from pathway.people import Member, Roster
from pathway.public_holidays import NONE, Kept
from pathway.when import say_when
from storage.clinic import Clinic
from storage.rounds import Kind as Look


@dataclass(frozen=True)
class Join:
    """Which part one plays."""

    role: str = ask("Your role", Kind.ROLE, example="physiotherapist")


@dataclass(frozen=True)
class GiveRole:
    """Another member's role."""

    member: str = ask("Who", Kind.MEMBER, example="@bo")
    role: str = ask("Role", Kind.ROLE, example="psychologist")


@dataclass(frozen=True)
class Lead:
    """Who leads."""

    member: str = ask("Who leads the team", Kind.MEMBER, example="@bo")


def join(asked: Join, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Takes a role in this room's team; the joiner hears in private what waits in it, the lead who joined.

    Who is in the team already has another role from the lead alone, if there is one.
    """
    if by.roster_here is None:
        raise Refused("No team works here yet: type `team setup` first, in the team's channel.")
    role = clinic.definition.role(asked.role)
    if role is None:
        raise Refused("There is no such role.")
    team, leads = by.roster.team, by.roster.leads()
    if "lead" in role.may and not by.leads and leads:
        raise Refused(f"Only the lead can make somebody a {role.label.lower()}: `team role @you {role.id}`.")
    if by.role not in (None, role) and not by.leads and leads:
        asks = " or ".join(map(by.roster.name, leads))
        raise Refused(f"Only the lead can change your role: ask {asks} to type `team role @you {role.id}`.")
    had = discipline(by.id, by.roster, clinic.definition) if by.roster.member(by.id) else None
    clinic.people.join(team.id, by.id, role.id, now)
    clinic.journal.write("team join", f"team:{team.id}", now, by=by.id, became=role.id)
    clinic.rows.session.flush()
    roster = clinic.people.roster(team.id)
    conference_guests.place_changed(by.id, had, roster, clinic, now)
    clinic.outbox.tell([by.id], welcome(by.within(roster), clinic, now), now)
    if by.roster.member(by.id) is None:
        _tell_lead(by.member, role, roster, clinic, now)
    return Card(
        f"{by.member.name} is now {role.label.lower()} in {roster.team.name}.",
        (),
        (Choice("Who is here?", "team show"),),
    )


def _tell_lead(joiner: Member, role: RoleDef, roster: Roster, clinic: Clinic, now: datetime) -> None:
    leads = [each for each in roster.leads() if each != joiner.id]
    card = Card(
        f"{joiner.name} has joined {roster.team.name} as {role.label.lower()}",
        (Text("If that is not their role, `team role` gives them another.", Tone.QUIET),),
    )
    at = roster.team.hours.quiet_until(now)
    clinic.outbox.tell(roster.standing_in(leads, now) or leads, card, now, send_after=at)


def welcome(by: Caller, clinic: Clinic, now: datetime) -> Card:
    """What a joiner hears in private: what the role does, and what waits in it."""
    label = by.role.label.lower() if by.role else "member"
    lines = _waiting(by.role.id, by, clinic) if by.role else ()
    parts = (
        Text(f"You are {label} in {by.roster.team.name}. What is asked of your role is asked of you here."),
        Text("`help` shows what you can do; `away until friday cover @name` sends it to your cover."),
        Items(lines, "Waiting in your role")
        if lines
        else Text("Nothing waits in your role now.", Tone.QUIET),
    )
    return Card(
        f"Welcome to {by.roster.team.name}",
        parts,
        (Choice("Help", "help"), Choice("What waits for me", "mine")),
    )


def _waiting(role: str, by: Caller, clinic: Clinic) -> tuple[str, ...]:
    """The flags and handoffs that wait for whoever has this role, a line for each."""
    team = by.roster.team.id
    flags = [
        each for each in clinic.flags.open_of_team(team)
        if each.state in UNTAKEN and role in (each.roles if each.rung >= Rung.ROLE else each.roles[:1])
    ]  # fmt: skip
    handoffs = [
        each for each in clinic.handoffs.open_of_team(team)
        if each.to_role == role and not each.receiver and (not each.to_member or each.rung >= Rung.ROLE)
    ]  # fmt: skip
    label = by.definition.flag_severity
    return (
        *(f"{e.ref} ({e.patient}), {label(e.severity).label.lower()}, {e.state}" for e in flags),
        *(f"{each.ref} ({each.patient}), {each.state}" for each in handoffs),
    )


def leave(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives up one's place in the team, and with it access to its patients."""
    drop_member(by.roster.team.id, by.id, clinic, now)
    return Card(f"{by.member.name} has left {by.roster.team.name}.")


def drop_member(team_id: str, member_id: str, clinic: Clinic, now: datetime) -> None:
    """Ends a place in a team and all access that came with it; whoever leads hears what was left open.

    What the member held is offered again, what they were asked goes on to others.
    """
    if not clinic.people.leave(team_id, member_id, now):
        return
    clinic.patients.end_all_access(member_id, team_id)
    clinic.outbox.reduce(member_id, team_id)
    conference_guests.left(member_id, team_id, clinic, now)
    clinic.journal.write("team leave", f"team:{team_id}", now, by=member_id)
    clinic.rows.session.flush()
    clinic.rounds.wake(Look.DUTY, team_id, now)
    roster = clinic.people.roster(team_id)
    member = clinic.people.member(member_id)
    left = leave_behind(member, team_id, roster, clinic, now) if member else []
    lines = tuple(f"{each.ref} ({each.patient}), {_part(each, member_id)}" for each in left)
    held = flag_again.leave_behind(member_id, team_id, roster, clinic, now)
    lines += tuple(f"{each.ref} ({each.patient}), held by them: now asked of others" for each in held)
    actions = [each for each in clinic.actions.of_owner(member_id, limit=1000) if each.team == team_id]
    action_give.leave_behind(member_id, actions, roster, clinic, now)
    lines += tuple(f"{each.ref} ({each.patient}), theirs to do: now nobody's" for each in actions)
    says = f"{member.name if member else 'A member'} has left {roster.team.name}"
    told = Card(says, (Items(lines, "What was theirs and is open"),) if lines else ())
    at = roster.team.hours.quiet_until(now)
    clinic.outbox.tell(roster.leading(now), told, now, send_after=at)
    if not roster.leads():
        headless = Text("Whoever leads it from now on types `team join lead` here.")
        card = Card(f"{roster.team.name} has no lead any more", (headless,))
        clinic.outbox.announce(team_id, card, now, send_after=at)


def _part(handoff: Handoff, member: str) -> str:
    if handoff.receiver == member:
        return "held by them: now offered again"
    return f"{handoff.state}: offered by them, the lead answers for them now"


def show(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Who is in the team, in which role, and who is away."""
    return roster_card(by.roster, clinic.definition, now)


def roster_card(roster: Roster, definition: Definition, now: datetime) -> Card:
    """The roster."""
    team = roster.team
    rows = []
    for place in roster.places:
        role = definition.role(place.role)
        lead = " (lead)" if place.member.id == team.lead else ""
        absence = roster.away(place.member.id, now)
        cover = f", cover {roster.name(absence.cover)}" if absence and absence.cover else ""
        state = f"away until {say_when(absence.ends, team.hours.zone, now)}{cover}" if absence else "here"
        rows.append((place.member.name, f"{role.label if role else place.role}{lead}", state))
    facts = Facts((
        ("Working hours", f"{say_working(team.hours)} ({team.hours.zone})"),
        ("Public holidays", Kept(team.holidays, team.hours.zone).region or NONE),
        ("Quiet hours", say_quiet(team.hours)),
        ("If nobody answers", team.phone or "no phone set: `team setup`"),
        ("Emergency number", team.emergency_number or "none set: `team setup`"),
        ("Pathway", f"{definition.title}, version {definition.version}"),
    ))  # fmt: skip
    return Card(
        team.name,
        (facts, Table(("Name", "Role", ""), tuple(rows))),
        (Choice("Join with your role", "team join"),),
    )


def give_role(asked: GiveRole, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Gives a member another role."""
    team = by.roster.team
    before = by.roster.role(asked.member)
    clinic.people.join(team.id, asked.member, asked.role, now)
    clinic.journal.write("team role", f"member:{asked.member}", now, by=by.id, was=before, became=asked.role)
    clinic.rows.session.flush()
    had = discipline(asked.member, by.roster, clinic.definition)
    roster = clinic.people.roster(team.id)
    conference_guests.place_changed(asked.member, had, roster, clinic, now)
    role_changed(asked.member, by.member, roster, clinic, now)
    flag_again.role_changed(asked.member, roster, clinic, now)
    role = clinic.definition.role(asked.role)
    now_is = role.label.lower() if role else asked.role
    if asked.member != by.id:
        says = f"You are now {now_is} in {team.name}"
        card = Card(says, (Text("`help` shows what you can do in it."),), (Choice("Help", "help"),))
        clinic.outbox.tell([asked.member], card, now, send_after=team.hours.quiet_until(now))
    return Card(f"{by.roster.name(asked.member)} is now {now_is}.")


def lead(asked: Lead, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Makes a member the lead."""
    team = replace(by.roster.team, lead=asked.member)
    clinic.people.save_team(team)
    clinic.journal.write(
        "team lead", f"team:{team.id}", now, by=by.id, was=by.roster.team.lead, became=asked.member
    )
    at = now if asked.member == by.id else team.hours.quiet_until(now)
    clinic.outbox.tell([asked.member], Card(f"You lead {team.name} now"), now, send_after=at)
    return Card(f"{by.roster.name(asked.member)} leads {team.name} now.")
