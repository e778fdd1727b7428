"""What must be true afterwards, whatever died in between. Every function yields what is not."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from benchmarks.soak.definition import QUICK
from benchmarks.soak.evidence import Evidence
from benchmarks.soak.ledger import Said, Told
from benchmarks.soak.team import Team
from benchmarks.soak.things import sort_of, urgency_of, words_of
from storage.journal import Entry

MARK = re.compile(r"mark\d{6}x")
TICK_SECONDS = 5.0
"""How long after its moment a deadline may be seen to, while a bot runs."""


def requests(all_said: Sequence[Said], evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is there once; what was refused is not there; the rest is there at most once."""
    yield from _unmarked(all_said, evidence)
    done = effects(evidence)
    for said in all_said:
        there = done[said.marker]
        if said.told is Told.DONE and not _is_unmarked(said) and there != [said.ref]:
            yield f"lost or doubled: {_named(said)} was acknowledged, found {there}"
        elif said.told is Told.REFUSED and there:
            yield f"done although refused: {_named(said)}, found {there}: {said.answer[:200]!r}"
        elif len(there) > 1:
            yield f"doubled: {_named(said)}, found {there}"


def _unmarked(all_said: Sequence[Said], evidence: Evidence) -> Iterator[str]:
    """What is done without words of one's own is in the journal as often as it was acknowledged."""
    rows = Counter(
        (entry.subject, entry.member, entry.action) for each in evidence.changes.values() for entry in each
    )
    told = Counter(
        (said.ref, said.who, said.step) for said in all_said if _is_unmarked(said) and said.told is Told.DONE
    )
    people = who_is_who(evidence)
    for (ref, who, step), times in told.items():
        sort = sort_of(ref)
        found = sum(rows[ref, people[who], f"{sort.name} {action}"] for action in sort.unmarked[step])
        if found < times:
            yield f"lost: {who} was told {times} times that {ref} is theirs ({step}), the journal has {found}"


def _is_unmarked(said: Said) -> bool:
    return said.step in sort_of(said.ref).unmarked


def effects(evidence: Evidence) -> Mapping[str, list[str]]:
    """In which handoffs and flags each marker had its effect, once for each effect."""
    found = defaultdict(list)
    for ref, thing in evidence.things.items():
        for mark in MARK.findall(" ".join(words_of(thing))):
            found[mark].append(ref)
    for ref, changes in evidence.changes.items():
        sort = sort_of(ref)
        for entry in changes:
            if entry.action == f"{sort.name} {sort.first}":
                continue  # its words are those that the thing began with
            for mark in MARK.findall(entry.note):
                found[mark].append(ref)
    return found


def who_is_who(evidence: Evidence) -> dict[str, str]:
    """Member ids by the handles of the crowd, which are their names in small letters."""
    return {place.member.name.lower(): place.member.id for place in evidence.roster.places}


def journal(evidence: Evidence) -> Iterator[str]:
    """The rows of each thing lead from one to the next by allowed moves, to the state that it is in."""
    for ref, changes in evidence.changes.items():
        first = f"{sort_of(ref).name} {sort_of(ref).first}"
        if [entry.action for entry in changes].count(first) != 1:
            yield f"doubled: {ref} has not one row {first}"
        if len(changes) != evidence.versions[ref]:
            yield f"half done: {ref} was changed {evidence.versions[ref]} times, journal has {len(changes)}"
        yield from _leads_on(ref, changes, str(evidence.things[ref].state))


def _leads_on(ref: str, changes: Sequence[Entry], state: str) -> Iterator[str]:
    became, sort = "", sort_of(ref)
    for entry in changes:
        if entry.was != became:
            yield f"{ref}: row {entry.seq} goes on from {entry.was!r}, but it was {became!r}"
        step = sort.steps.get(entry.action.removeprefix(f"{sort.name} "))
        if step and sort.moves[entry.was].get(step) != entry.became:
            yield f"doubled: {ref}: row {entry.seq}, {entry.action}, leads {entry.was!r} to {entry.became!r}"
        became = entry.became
    if became != state:
        yield f"{ref} is {state!r}, but its last row in the journal says {became!r}"


def deadlines(evidence: Evidence, stopped_at: datetime) -> Iterator[str]:
    """Nothing had fallen due and was not done, and nothing was done early."""
    latest = stopped_at - timedelta(seconds=TICK_SECONDS)
    for ref, thing in evidence.things.items():
        if thing.due_at is not None and thing.due_at <= latest:
            yield f"deadline missed: {ref} was due at {thing.due_at}, and the bots ran until {stopped_at}"
    for ref, seconds in fired(evidence):
        if seconds < 0:
            yield f"deadline early: {ref} by {-seconds:.1f} s"


def fired(evidence: Evidence) -> Iterator[tuple[str, float]]:
    """Deadlines that came, and how late each was seen to, in seconds; those where the journal tells it."""
    for ref, changes in evidence.changes.items():
        sort = sort_of(ref)
        span = timedelta(minutes=QUICK[urgency_of(evidence.things[ref])])
        for before, entry in pairwise(_of_this_severity(changes)):
            what, start = (each.action.removeprefix(f"{sort.name} ") for each in (entry, before))
            if what in sort.by_time and start in sort.restarts:
                yield ref, (entry.at - before.at - span).total_seconds()


def _of_this_severity(changes: Sequence[Entry]) -> Sequence[Entry]:
    """The rows since a flag was asked anew, which is when its severity rises."""
    anew = [at for at, entry in enumerate(changes) if entry.action == "flag asked anew"]
    return changes[anew[-1] :] if anew else changes


def answered(team: Team) -> Iterator[str]:
    """Every message that the homeserver took is answered once; also notes in the ledger what was heard."""
    people = {person.user_id: handle for handle, person in team.people.items()}
    events = {}
    for event in team.matrix.events(team.watcher):
        if event.sender in people:
            for mark in MARK.findall(str(event.content.get("body", ""))):
                events[mark] = event.event_id
    answers = team.matrix.answers(team.watcher)
    for said in team.ledger.all:
        if said.platform != "matrix" or (event_id := said.event or events.get(said.marker)) is None:
            continue
        said.event = event_id
        heard = answers.get(event_id, [])
        if len(heard) > 1:
            yield f"doubled: {_named(said)} was answered {len(heard)} times: {[each[:60] for each in heard]}"
        if heard:
            said.heard(heard[0])
        elif not said.reaction:
            yield f"lost: {_named(said)} ({event_id}) was never answered"


def reactions(team: Team) -> Iterator[str]:
    """No reaction is answered twice: a card's thread has no more answers than the card has reactions."""
    answers = team.matrix.answers(team.watcher)
    for message in team.people[team.watcher].messages(team.matrix.room):
        reacted = sum(len(who) for who in message.reactions.values())
        if reacted and (heard := len(answers.get(message.event_id, ()))) > reacted:
            yield f"doubled: {heard} answers to {reacted} reactions at {message.event_id}"


def _named(said: Said) -> str:
    return f"{said.marker} ({said.who} on {said.platform}: {said.step} {said.ref})"
