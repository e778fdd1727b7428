"""One soak on one database: set up, work and die, settle, judge."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.soak import verdict, verdict_posts
from benchmarks.soak.bots import BotProcess
from benchmarks.soak.evidence import Evidence, gather, store_of
from benchmarks.soak.killing import Killer, blackout
from benchmarks.soak.ledger import Ledger, Told
from benchmarks.soak.settling import settle
from benchmarks.soak.team import Team
from benchmarks.soak.things import FLAGS, HANDOFFS
from benchmarks.soak.town import Town, town
from benchmarks.soak.trouble import Trouble
from storage.verify import verify

BLACKOUT_AFTER = 57.0
BLACKOUT_UNTIL = 64.0
"""Seconds after the first handoff was left alone, whose deadline is a minute."""


@dataclass(frozen=True)
class Plan:
    """How a soak goes: kills, the longest life of a process, pauses between requests and troubles (s)."""

    kills: int
    seed: int
    longest_life: float
    pause: float
    trouble_every: float
    settle_seconds: float = 180.0


@dataclass
class Outcome:
    """What became of it. `wrong` is everything that was lost, doubled or stale."""

    database: str
    plan: Plan
    processes: int
    kills: int = 0
    told: Counter[Told] = field(default_factory=Counter)
    reactions: int = 0
    handoffs: int = 0
    flags: int = 0
    steps: int = 0
    posts: Counter[str] = field(default_factory=Counter)
    fired: int = 0
    latest: float = 0.0
    troubles: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    settling: float = 0.0
    wrong: list[str] = field(default_factory=list)


def soak(folder: Path, database: str, url: str, processes: int, plan: Plan) -> Outcome:
    """Runs it. `folder` gets the bots' logs; `url` is an empty database."""
    outcome = Outcome(database, plan, processes)
    began = time.monotonic()
    with town(folder, url, processes) as place:
        for bot in place.bots:
            bot.start()
        for bot in place.bots:
            bot.wait_ready()
        ledger = Ledger()
        with closing(Team(place, ledger)) as team:
            team.set_up()
            _work(team, place, plan, outcome)
            rested = time.monotonic()
            stopped_at = settle(team, plan.settle_seconds)
            outcome.settling = time.monotonic() - rested
            outcome.wrong += _judged(team, stopped_at, outcome)
    outcome.kills = sum(bot.kills for bot in place.bots)
    outcome.seconds = time.monotonic() - began
    return outcome


def _work(team: Team, place: Town, plan: Plan, outcome: Outcome) -> None:
    """People at work, things going wrong, processes dying; until all kills are done."""
    over = threading.Event()
    actors = team.actors(plan.seed, plan.pause, over)
    dice = random.Random(f"{plan.seed} trouble")
    trouble = Trouble(place.remote, place.homeserver, place.control, dice, plan.trouble_every)
    watching = threading.Thread(target=_watch, args=(team, over), name="watching")
    watching.start()
    left_alone = next(actor for actor in actors if actor.part.patients)
    left_alone.offer("emergency", left_alone=True)
    left_alone.raise_flag("emergency", left_alone=True)
    began = time.monotonic()
    for actor in actors:
        actor.thread.start()
    trouble.start()
    try:
        outcome.wrong += _kill(place.bots, plan, began, over)
    finally:
        over.set()
        for actor in actors:
            actor.thread.join()
        watching.join()
        trouble.end()
    outcome.troubles = trouble.count
    outcome.wrong += [f"the crowd broke: {actor.failure!r}" for actor in actors if actor.failure]


def _kill(bots: Sequence[BotProcess], plan: Plan, began: float, over: threading.Event) -> list[str]:
    """One of the kills is of all at once, over the first deadline; the others before and after it.

    Returns what is told of processes that ended by themselves.
    """
    budget = plan.kills - len(bots)
    early = min(budget // 2, max(int(BLACKOUT_AFTER / (plan.longest_life + 2)), 1))
    died = _kill_some(bots, early, plan, over, "early")
    over.wait(max(began + BLACKOUT_AFTER - time.monotonic(), 0))
    blackout(bots, max(began + BLACKOUT_UNTIL, time.monotonic()))
    return died + _kill_some(bots, budget - early, plan, over, "late")


def _kill_some(
    bots: Sequence[BotProcess], kills: int, plan: Plan, over: threading.Event, part: str
) -> list[str]:
    left = threading.Semaphore(kills)
    killers = [
        Killer(bot, left, random.Random(f"{plan.seed} {part} {bot.name}"), plan.longest_life, over)
        for bot in bots
    ]  # fmt: skip
    for killer in killers:
        killer.thread.start()
    for killer in killers:
        killer.thread.join()
    for killer in killers:
        if killer.failure is not None:
            raise killer.failure
    return [death for killer in killers for death in killer.died]


def _watch(team: Team, over: threading.Event) -> None:
    """Keeps the board as people would by looking at their rooms."""
    since, seen, round_ = time.time(), 0, 0
    while not over.wait(0.5):
        looked = time.time() - 5
        seen = team.look(since, seen)
        team.accept_invitations()
        since, round_ = looked, round_ + 1
        if round_ % 60 == 0:
            team.town.remote.workspace("forget")


def _judged(team: Team, stopped_at: datetime, outcome: Outcome) -> Iterator[str]:
    evidence = gather(team)
    _count(evidence, outcome)
    yield from verdict.answered(team)
    yield from verdict.reactions(team)
    outcome.told = Counter(said.told for said in team.ledger.all if not said.reaction)
    outcome.reactions = sum(said.reaction for said in team.ledger.all)
    team.ledger.write(team.town.folder / "requests.jsonl")
    yield from verdict.requests(team.ledger.all, evidence)
    yield from verdict.journal(evidence)
    yield from verdict.deadlines(evidence, stopped_at)
    yield from verdict_posts.outbox(evidence)
    yield from verdict_posts.fresh_messages(evidence)
    yield from verdict_posts.cards(evidence)
    with closing(store_of(team.town.environment)) as store:
        yield from (f"journal: {fault.sentence}" for fault in verify(store))


def _count(evidence: Evidence, outcome: Outcome) -> None:
    outcome.handoffs = sum(ref.startswith("H-") for ref in evidence.things)
    outcome.flags = len(evidence.things) - outcome.handoffs
    outcome.steps = sum(len(changes) for changes in evidence.changes.values())
    outcome.posts = Counter(f"{post.lane.platform} {post.state}" for post in evidence.posts)
    done = Counter(entry.action for changes in evidence.changes.values() for entry in changes)
    outcome.fired = sum(
        done[f"{sort.name} {what}"]
        for sort in (HANDOFFS, FLAGS)
        for what in (*sort.by_time, "reminded", "holder reminded", "asked again")
    )
    outcome.latest = max((seconds for _, seconds in verdict.fired(evidence)), default=0.0)
