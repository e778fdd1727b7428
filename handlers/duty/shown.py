"""Who is on duty now, and who is next, for each role; for the lead also how often people were disturbed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from cards.card import Card, Choice, Items, Part, Table, Text, Tone
from handlers.command import Nothing
from handlers.duty.gaps import ahead, say_gap
from handlers.request import Caller
from pathway import duty as rules
from pathway.duty import Rota
from pathway.people import Roster
from pathway.when import say_when
from storage.clinic import Clinic

NEXT_WITHIN = timedelta(days=8)
COUNTED_DAYS = 7


def on_duty(clinic: Clinic, roster: Roster, role: str, now: datetime) -> tuple[str, ...]:
    """Who is on duty for a role now (member ids), their cover if they are away; nobody without a rota."""
    rota = clinic.duty.rotas(roster.team, now).get(role)
    return rules.on_duty(rota, roster, now) if rota else ()


def show(asked: Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Who is on duty now and who is next, and when nobody is."""
    rotas = clinic.duty.rotas(by.roster.team, now)
    parts: list[Part] = []
    if rotas:
        rows = tuple(_row(role, rota, by, now) for role, rota in rotas.items())
        parts.append(Table(("Role", "On duty", "Next"), rows))
    missing = tuple(say_gap(each, by.roster, clinic, now) for each in ahead(by.roster, clinic, now, rotas))
    if missing:
        parts.append(Items(missing, "Nobody is on duty"))
    parts.append(Text(_others(rotas, by), Tone.QUIET))
    if by.leads and (counts := _disturbed(by.roster, clinic, now)):
        parts.append(Items(counts, f"Messages that called people in private, last {COUNTED_DAYS} days"))
    choices = [Choice("Set duty", "duty set"), Choice("Swap", "duty swap")]
    if by.may("lead"):
        choices.append(Choice("Send a test flag", "flag test"))
    return Card(f"On duty in {by.roster.team.name}", tuple(parts), tuple(choices))


def _row(role: str, rota: Rota, by: Caller, now: datetime) -> tuple[str, str, str]:
    following = rules.next_on_duty(rota, by.roster, now, NEXT_WITHIN)
    then = ""
    if following:
        moment, members = following
        then = f"{names(members, by.roster)}, {say_when(moment, by.roster.team.hours.zone, now)}"
    return role_label(role, by), _now(rota, by.roster, now), then


def _now(rota: Rota, roster: Roster, now: datetime) -> str:
    """Who is on duty; beside a cover, for whom."""
    named = rota.named(now)
    away = [each for each in named if roster.member(each) and roster.away(each, now)]
    here = names(rules.on_duty(rota, roster, now), roster)
    return f"{here} ({names(away, roster)} away)" if away else here


def names(members: tuple[str, ...] | list[str], roster: Roster) -> str:
    """Names for a list, or a word for nobody."""
    return ", ".join(roster.name(each) for each in members) or "nobody"


def role_label(role: str, by: Caller) -> str:
    """What the definition calls a role."""
    found = by.definition.role(role)
    return found.label if found else role


def _others(rotas: Mapping[str, Rota], by: Caller) -> str:
    if not rotas:
        return "There is no rota yet: everybody of a role is asked. `duty set psychologist @bo mon-fri 9-17`."
    return "In a role without a rota, and when nobody is on duty, everybody who holds the role is asked."


def _disturbed(roster: Roster, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    counted = clinic.duty.interruptions([each.member.id for each in roster.places], now, COUNTED_DAYS)
    ranked = sorted(counted.items(), key=lambda each: (-each[1], roster.name(each[0])))
    return tuple(f"{roster.name(member)}: {count}" for member, count in ranked)
