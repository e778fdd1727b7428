"""When bot processes die: at random moments, also while starting; and once all of them, over a deadline."""

import random
import threading
import time
from collections.abc import Sequence

from benchmarks.soak.bots import BotProcess, Died

WHILE_STARTING = 0.15
"""The part of the kills that strike before the process is up."""
LONGEST_START = 2.0
LONGEST_DOWN = 0.3
MOST_DEATHS = 10


class Killer:
    """Kills one process again and again, from a number of kills that several killers share.

    `died` tells of each time that the process had ended by itself.
    """

    def __init__(
        self, bot: BotProcess, left: threading.Semaphore, dice: random.Random, longest: float,
        over: threading.Event,
    ) -> None:  # fmt: skip
        self.bot, self.left, self.dice, self.longest, self.over = bot, left, dice, longest, over
        self.died: list[str] = []
        self.failure: Exception | None = None
        self.thread = threading.Thread(target=self._run, name=f"killer of {bot.name}")

    def _run(self) -> None:
        try:
            while not self.over.is_set() and self.left.acquire(blocking=False):
                try:
                    self._once()
                except Died as death:
                    self.died.append(str(death))
                    if len(self.died) == MOST_DEATHS:
                        raise
                    self.bot.end()
                    self.bot.start()
            self.bot.wait_up()
        except Exception as error:  # shown by whoever joins the thread
            self.failure = error

    def _once(self) -> None:
        if self.dice.random() < WHILE_STARTING:
            time.sleep(self.dice.uniform(0, LONGEST_START))
        else:
            self.bot.wait_up()
            time.sleep(self.dice.uniform(0, self.longest))
        self.bot.kill()
        time.sleep(self.dice.uniform(0, LONGEST_DOWN))
        self.bot.start()


def blackout(bots: Sequence[BotProcess], until: float) -> None:
    """Kills all, and starts them again at a moment (monotonic): what falls due meanwhile must not be lost."""
    for bot in bots:
        bot.wait_up()
        bot.kill()
    time.sleep(max(until - time.monotonic(), 0))
    for bot in bots:
        bot.start()
