"""Quiet hours beside working hours: while people work they may be told what waits for them."""

from pathway.hours import BadHours, Hours, Span


def check_quiet(hours: Hours) -> None:
    """Raises BadHours where it is quiet while the team works: time would run out unknown to who is asked."""
    if hours.quiet is not None and _meet(hours.work, hours.quiet):
        raise BadHours(
            f"The quiet hours {hours.quiet} lie in the working hours {hours.work}, in which people must be"
            f" told what waits for them: type quiet {_beside(hours.work, hours.quiet)}."
        )


def _beside(work: Span, quiet: Span) -> str:
    """What is left of quiet hours while nobody works; else all in which nobody does."""
    if work.start == work.end:
        return "none"
    left = Span(
        work.end if work.holds(quiet.start) else quiet.start,
        work.start if quiet.holds(work.start) else quiet.end,
    )
    return str(Span(work.end, work.start) if left.start == left.end or _meet(work, left) else left)


def _meet(one: Span, other: Span) -> bool:
    return one.holds(other.start) or other.holds(one.start)
