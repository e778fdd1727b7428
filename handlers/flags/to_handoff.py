"""From a flag to a handoff: what the flag says is filled in, so that nobody types it twice."""

from dataclasses import dataclass
from datetime import datetime

from cards.card import Card
from cards.form import Kind, ask
from handlers.flags.step import Named
from handlers.handoffs import handoff
from handlers.patients import access
from handlers.request import Caller
from pathway.definition import Definition
from pathway.flag import Flag
from pathway.handoff import Refused
from pathway.when import say_when
from storage.clinic import Clinic


@dataclass(frozen=True)
class Onward(Named):
    """A flag, to whom its patient is handed over, and what it does not say yet."""

    to: str = ask("To", Kind.MEMBER_OR_ROLE, example="psychologist", hint="A person, or a role.")
    more: str = ask(
        "What should they know besides?", Kind.LONG, default="",
        hint="What the flag says is filled in: what was found, when, and what is asked for.",
    )  # fmt: skip
    actions: str = ask("Action list", Kind.LONG, default="", hint="What is to be done, by whom, by when.")
    told: bool = ask("Does the patient know about this handoff?", Kind.YES_NO, default="no")


def hand_over(asked: Onward, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Offers the flag's patient to a person or a role; the flag itself stays open until it is resolved."""
    flag, by = access.flag(asked.flag, by, clinic)
    if flag.private:
        raise Refused(f"{flag.ref} is private: offer a handoff in your own words, as others will read them.")
    if clinic.patients.find(flag.patient) is None:
        raise Refused(f"{flag.ref} is a test: there is nobody to hand over.")
    summary = "\n".join([*facts(flag, by, now), *filter(None, [asked.more])])
    severity = by.definition.illness_severities[0].id
    urgency = urgency_for(flag, by.definition)
    offered = handoff.Offer(
        patient=flag.patient, to=asked.to, urgency=urgency, severity=severity, summary=summary,
        actions=asked.actions, contingency="", told=asked.told,
    )  # fmt: skip
    return handoff.offer(offered, by, clinic, now)


def facts(flag: Flag, by: Caller, now: datetime) -> list[str]:
    """What the flag rests on, line by line."""
    lines = [f"From {flag.ref}, raised {say_when(flag.raised_at, by.roster.team.hours.zone, now)}"]
    for cause in flag.live:
        values = ", ".join(f"{each.what} {each.value}" for each in cause.evidence)
        lines.append(f"{cause.says} ({values})" if values else cause.says)
    if flag.service:
        lines.append(f"Asked for: {flag.service}")
    return lines


def urgency_for(flag: Flag, definition: Definition) -> str:
    """The urgency called as the flag's severity is, or as the next more severe one; else the most urgent."""
    known = {each.id for each in definition.urgencies}
    rank = definition.flag_rank(flag.severity)
    rising = [each.id for each in definition.flag_severities[rank:]]
    return next((each for each in rising if each in known), definition.urgencies[-1].id)
