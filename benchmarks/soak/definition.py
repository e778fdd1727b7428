"""The pathway that the soak runs under: the shipped one, in which things fall due within a minute or two."""

import re
from importlib.resources import files

SPANS = ("answer", "rung", "expire", "introduce", "complete", "nag", "claim", "snooze", "repeat")
QUICK = {"emergency": 1, "urgent": 2}
"""Minutes of every span of these urgencies, and of flags of these severities, which the crowd uses."""
CLOCKED = ("[[urgencies]]", "[[flag_severities]]")


def quick_definition() -> str:
    """The shipped definition with the short spans; people may be reached at any hour."""
    text = files("pathway").joinpath("msk_pain.toml").read_text("utf-8")
    tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    return "".join(_quick(each) if each.startswith(CLOCKED) else each for each in tables)


def _quick(table: str) -> str:
    """One urgency or severity, on the clock that always runs; what waits for the digest is left as it is."""
    if "digest = true" in table:
        return table
    table = _set(_set(table, "clock", '"always"'), "breaks_quiet", "true")
    minutes = next((quick for id, quick in QUICK.items() if f'id = "{id}"' in table), None)
    if minutes is None:
        return table
    for span in SPANS:
        table = _set(table, f"{span}_minutes", str(minutes))
    for times in ("nag_times", "repeat_times"):
        table = _set(table, times, "1")
    # Without reminders in between the journal tells how late the end of a wait was seen to.
    unreminded = table.startswith("[[flag_severities]]") and 'id = "urgent"' in table
    return _set(table, "remind_at", "[]") if unreminded else table


def _set(table: str, name: str, value: str) -> str:
    """The table with this value where it has the setting."""
    return re.sub(rf"^{name} = (\"[^\"]*\"|\S+)", f"{name} = {value}", table, flags=re.MULTILINE)
