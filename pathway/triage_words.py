"""How rules say a value, a limit and a change, and a condition as a whole."""

from pathway.definition_rules import NO, YES, Condition


def say_value(value: float, condition: Condition) -> str:
    """A score or an answer; what is asked as yes or no is answered so."""
    if isinstance(condition.exactly, str):
        return {YES: "yes", NO: "no"}.get(value, f"{value:g}")
    return f"{value:g}"


def say_limit(condition: Condition) -> str:
    """What a value is compared with: `at least 20`, `at least 10 and at most 19`."""
    limits = (("at least", condition.at_least), ("at most", condition.at_most), ("below", condition.below))
    said = [f"{name} {limit:g}" for name, limit in limits if limit is not None]
    if condition.exactly is not None:
        said.append(condition.exactly if isinstance(condition.exactly, str) else f"{condition.exactly:g}")
    return " and ".join(said)


def say_change(
    condition: Condition, before: float, after: float, worse: float, percent: float | None
) -> tuple[str, str]:
    """A change and its limit: `6 to 8, worse by 33 %` and `worse by 30 % since baseline`."""
    way = "worse" if worse > 0 else "better"
    part = "" if percent is None else f" ({abs(percent):.0f} %)"
    value = f"{before:g} to {after:g}, {way} by {abs(worse):g}{part}" if worse else f"{before:g}, as before"
    return value, say_change_limit(condition)


def say_change_limit(condition: Condition) -> str:
    """`worse by 2 since last`, `better by less than 30 % since baseline after 12 weeks`."""
    if condition.worse_by is not None:
        limit = f"worse by {condition.worse_by:g}"
    elif condition.worse_by_percent is not None:
        limit = f"worse by {condition.worse_by_percent:g} %"
    else:
        limit = f"better by less than {condition.better_by_less_than_percent or 0:g} %"
    weeks = f" after {condition.after_weeks} weeks" if condition.after_weeks else ""
    return f"{limit} since {condition.since}{weeks}"


def say_condition(condition: Condition) -> str:
    """A whole condition as a person would say it."""
    if condition.parts:
        said = [say_condition(part) for part in condition.parts]
        match condition.kind:
            case "all":
                return " and ".join(f"({each})" if " or " in each else each for each in said)
            case "any":
                return " or ".join(f"({each})" if " and " in each else each for each in said)
            case _:
                return f"not ({' or '.join(said)})"
    fresh = f", entered in the last {condition.within_days} days" if condition.within_days else ""
    match condition.kind:
        case "score":
            says = f"{condition.score} {say_limit(condition)}"
        case "answer":
            says = f"{condition.answer} {say_limit(condition)}"
        case "band":
            says = f"{condition.band} {say_limit(condition)}"
        case "change":
            says = f"{condition.change} {say_change_limit(condition)}"
        case "missing":
            says = f"no {condition.missing} for {condition.for_days} days"
        case "count":
            says = f"{condition.code} entered {say_limit(condition)} times"
        case "sum":
            says = f"{condition.code} {say_limit(condition)} in all"
        case _:
            says = f"in the pathway for {condition.weeks_in_pathway} weeks"
    return says + fresh
