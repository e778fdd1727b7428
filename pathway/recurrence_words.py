"""How often, as people type it ("every 2 weeks on tuesday", "first tuesday of the month") and say it back."""

import re

from pathway.hours import DAYS
from pathway.recurrence import LAST, SAFE_DAYS, STEPS, Rule, Unit, read_rule
from pathway.when import BadWhen

HOW_OFTEN = (
    "Type how often, like every tuesday, every 2 weeks on tuesday, weekdays, or first tuesday of the month."
)
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?s?"
_NTH = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": LAST,
}
_COUNTS = {"other": 2, "second": 2, "2nd": 2, "two": 2, "three": 3, "third": 3, "3rd": 3, "four": 4}
_COUNTS |= {"fourth": 4, "4th": 4, "five": 5, "six": 6}
_UNITS = {"day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH}
_BEGINS = re.compile(
    rf"\b(?:every|each|daily|weekdays|weekly|fortnightly|monthly|(?:on )?{_DAY}(?<=s)(?<!tues)(?<!thurs)"
    rf"|(?:on )?(?:the )?(?:{'|'.join(_NTH)}) {_DAY} (?:of|in)"
    r"|(?:on )?the \d{1,2}(?:st|nd|rd|th) (?:of|in) (?:each|every|the))\b",
    re.IGNORECASE,
)
_ALONE = {"daily": "every day", "weekly": "every week", "fortnightly": "every 2 weeks",
          "monthly": "every month", "every fortnight": "every 2 weeks"}  # fmt: skip
_FILLERS = re.compile(r"[,;]|\b(?:on|at|the|and|&)\b")
_EVERY = re.compile(rf"every (?:({'|'.join(_COUNTS)}|\d{{1,2}}) )?(day|week|month)s?(?: (.+))?")
_OF_MONTH = re.compile(
    rf"(?:every )?({'|'.join(_NTH)}) ({_DAY}) (?:of|in) (?:each |every )?(?:(\d{{1,2}}) )?months?"
)
_DATE = re.compile(r"(?:day )?(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: (?:of|in) (?:each |every )?month)?")


def begins_rule(text: str) -> tuple[str | None, str]:
    """What stands before the words that say how often, and from there on; None and all if there are none."""
    found = _BEGINS.search(text)
    return (text[: found.start()], text[found.start() :]) if found else (None, text)


def read_words(text: str) -> Rule:
    """The rule that the words mean, all of them. Raises BadWhen."""
    words = " ".join(_FILLERS.sub(" ", text.casefold()).split()).replace("each ", "every ")
    for short, long in _ALONE.items():
        words = re.sub(rf"^{short}\b", long, words)
    rule = _of_month(words) or _every(words) or _named(words)
    if rule is None:
        raise BadWhen(HOW_OFTEN)
    return rule


def _of_month(words: str) -> Rule | None:
    found = _OF_MONTH.fullmatch(words)
    if found is None:
        every_first = re.fullmatch(rf"every (first|1st|last) ({_DAY})", words)
        return Rule(Unit.MONTH, 1, (_day(every_first[2]),), _NTH[every_first[1]]) if every_first else None
    return Rule(Unit.MONTH, _step(found[3] or "1"), (_day(found[2]),), _NTH[found[1]])


def _every(words: str) -> Rule | None:
    """Every so many days, weeks or months, with what stands behind."""
    found = _EVERY.fullmatch(words)
    if found is None:
        monthly = re.fullmatch(r"(.+) (?:of|in) every month", words)
        return _monthly(1, monthly[1]) if monthly and _DATE.fullmatch(monthly[1]) else None
    step, rest = _step(found[1] or "1"), found[3] or ""
    match _UNITS[found[2]]:
        case Unit.DAY:
            return None if rest else Rule(Unit.DAY, step)
        case Unit.WEEK:
            if not rest:
                raise BadWhen("Say on which day of the week, like every week on tuesday.")
            days = _days(rest)
            return Rule(Unit.WEEK, step, days) if days else None
    return _monthly(step, rest)


def _monthly(step: int, rest: str) -> Rule | None:
    nth = re.fullmatch(rf"({'|'.join(_NTH)}) ({_DAY})", rest)
    if nth:
        return Rule(Unit.MONTH, step, (_day(nth[2]),), _NTH[nth[1]])
    if not rest:
        raise BadWhen("Say on which day of the month, like first tuesday of the month or on the 3rd.")
    day = _DATE.fullmatch(rest)
    if day is None:
        return None
    if int(day[1]) not in SAFE_DAYS:
        raise BadWhen("Not every month has that day: type one up to the 28th, or last friday of the month.")
    return Rule(Unit.MONTH, step, monthday=int(day[1]))


def _named(words: str) -> Rule | None:
    """Weekdays by name: "every tuesday", "mondays and thursdays", "every other friday", "weekdays"."""
    found = re.fullmatch(rf"(?:every )?(?:(other|{'|'.join(_NTH)}) )?(.+)", words)
    days = _days(found[2]) if found else ()
    if found is None or not days:
        return None
    if found[1] and found[1] != "other":
        day = DAYS[days[0]]
        raise BadWhen(f"Type every 2 weeks on {day}, or {found[1]} {day} of the month: which is meant?")
    return Rule(Unit.WEEK, 2 if found[1] else 1, days)


def _days(words: str) -> tuple[int, ...]:
    """Days of the week in order; none if it says anything else."""
    if words in ("weekday", "weekdays", "mon-fri", "monday-friday", "monday to friday", "mon to fri"):
        return tuple(range(5))
    named = [each for each in words.split() if each != "every"]
    if not all(re.fullmatch(_DAY, each) for each in named):
        return ()
    return tuple(sorted({_day(each) for each in named}))


def _day(word: str) -> int:
    return next(number for number, name in enumerate(DAYS) if name[:3] == word[:3])


def _step(word: str) -> int:
    step = _COUNTS.get(word) or int(word)
    if step not in STEPS:
        raise BadWhen("It can be every 1 to 12 days, weeks or months.")
    return step


def say_rule(rrule: str) -> str:
    """A rule in words that `read_words` reads: "every 2 weeks on Tuesday and Friday"."""
    rule = read_rule(rrule)
    named = [DAYS[day].title() for day in rule.days]
    names = " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))
    if rule.unit is Unit.WEEK and rule.days == tuple(range(5)):
        names = "weekdays" if rule.step == 1 else "Monday to Friday"
    match rule.unit:
        case Unit.DAY:
            return "every day" if rule.step == 1 else f"every {rule.step} days"
        case Unit.WEEK if rule.step == 1:
            return names if names == "weekdays" else f"every {names}"
        case Unit.WEEK:
            return f"every {rule.step} weeks on {names}"
    on = f"the {_ordinal(rule.monthday)}" if rule.monthday else f"the {_nth(rule.nth)} {names}"
    return f"{on} of every month" if rule.step == 1 else f"every {rule.step} months on {on}"


def _nth(nth: int) -> str:
    return {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}[nth]


def _ordinal(number: int) -> str:
    suffix = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
