"""A document to be printed: HTML of a few plain tags, with charts in it that wait as their data.

`cards.paper_draw` makes the PDF of it, `page` the file that a browser opens and prints.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cards.chart import Chart, chart_of, record_of

CHART = "chart:"
"""How the address of a picture begins that is the chart of this number: `<img src="chart:0" alt="...">`."""
_ADDRESS = re.compile(rf'src="{CHART}(\d{{1,4}})"')


@dataclass(frozen=True)
class Paper:
    """A document. `title` is in the open, so it is of codes only; `html` is a whole page, escaped already."""

    title: str
    html: str
    made_at: datetime
    charts: tuple[Chart, ...] = ()

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("a paper needs an aware datetime")


def page(paper: Paper) -> str:
    """The document as one file for a browser, its charts drawn into it. It fetches nothing from anywhere."""

    def drawn(found: re.Match[str]) -> str:
        number = int(found[1])
        if number >= len(paper.charts):
            return 'src=""'
        from cards.chart_draw import draw  # noqa: PLC0415 (a second and 40 MB, for those who look at charts)

        return f'src="data:image/png;base64,{base64.b64encode(draw(paper.charts[number])).decode("ascii")}"'

    return _ADDRESS.sub(drawn, paper.html)


def paper_record(paper: Paper) -> dict[str, Any]:
    """The paper as JSON can hold it: times in UTC."""
    at = paper.made_at.astimezone(UTC).isoformat()
    charts = [record_of(each) for each in paper.charts]
    return {"title": paper.title, "html": paper.html, "made_at": at, "charts": charts}


def paper_of(record: dict[str, Any]) -> Paper:
    """The paper that `paper_record` wrote. Raises KeyError, TypeError or ValueError if it is not one."""
    made_at = datetime.fromisoformat(record["made_at"])
    return Paper(record["title"], record["html"], made_at, tuple(chart_of(each) for each in record["charts"]))
