"""Writes the tables into `benchmarks/README.md`, between the marks that it has for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.plans import Plan
from benchmarks.series import Table

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- written by python -m benchmarks: begin -->", "<!-- end -->"


def plan_table(sqlite: Sequence[Plan], postgresql: Sequence[Plan]) -> Table:
    """Which index answers what, on both kinds of database."""
    rows = tuple(
        (here.question, _how(here), _how(there)) for here, there in zip(sqlite, postgresql, strict=True)
    )
    says = (
        "What the databases say of the statements that Baton sends, on the largest past. Reading a small "
        "table whole (teams, rooms, lanes) is cheaper than its index; one of patients or history never is."
    )
    return Table("(e) Query plans", says, ("question", "SQLite", "PostgreSQL"), rows)


def text(tables: Sequence[Table], machine: Sequence[str], minutes: float, loads: tuple[str, str]) -> str:
    """The whole part that is written by the program."""
    lines = [
        f"Taken on {datetime.now(UTC):%d %B %Y} in one run of {minutes:.0f} minutes, with a load average of "
        f"{loads[0]} before it and {loads[1]} at its end.",
        "",
        *(f"- {line}" for line in machine),
    ]
    return "\n".join([*lines, "", *(table.markdown() for table in tables)])


def write(written: str) -> None:
    """Puts it into the README."""
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n{written}\n{END}{after}", "utf-8")


def _how(plan: Plan) -> str:
    used = ", ".join(f"`{_short(index)}`" for index in plan.indexes)
    whole = ", ".join(f"{table} whole" for table in plan.scanned)
    says = "; ".join(filter(None, (used, whole)))
    return says if plan.flat else f"**{says}**"


def _short(index: str) -> str:
    """SQLite's own name for a primary key tells only the table."""
    table = index.removeprefix("sqlite_autoindex_")
    return index if table == index else f"{table.removesuffix('_1')}_pkey"
