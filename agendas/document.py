"""The agenda as documents: to print (`cards.paper`) and as plain text for mail, through templates that a team
may replace.

How much is told of each patient depends on who reads it (`Person.detail`). Of a patient without a `Person`
nothing is told but what codes can say (`agendas.render`): so without any, a document is de-identified.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agendas.agenda import Agenda, Item, Waiting
from agendas.render import Words, clinical_lines, item_lines, over, title, waiting_line
from agendas.template import fill
from cards.card import Detail
from cards.chart import Chart
from cards.letters import on_one_line
from cards.paper import CHART, Paper


@dataclass(frozen=True)
class Person:
    """What a document says of one patient beside the agenda, and how much of it its reader may be told.

    `matters` is what matters most to them in their own words; `before` is what was decided last time and
    whether it happened, a line each.
    """

    detail: Detail = Detail.CODE
    name: str = ""
    matters: str = ""
    language: str = ""
    before: tuple[str, ...] = ()
    chart: Chart | None = None

    @property
    def told(self) -> "Person":
        """The same without what may not be told."""
        if self.detail is Detail.CODE:
            return Person()
        name = self.name if self.detail is Detail.IDENTIFIED else ""
        return Person(self.detail, name, self.matters, self.language, self.before, self.chart)


People = Mapping[str, Person]
NOBODY: People = {}
"""Of no patient may more be told than their code: the de-identified form."""


@dataclass(frozen=True)
class Heading:
    """What stands at the top: which conference, of which team."""

    ref: str
    team: str


@dataclass
class Charts:
    """The charts of a paper, each given the address by which its page calls it."""

    found: list[Chart] = field(default_factory=list)

    def address(self, chart: Chart | None) -> str:
        """Keeps a chart; "" for none."""
        if chart is None:
            return ""
        self.found.append(chart)
        return f"{CHART}{len(self.found) - 1}"


def agenda_text(
    agenda: Agenda, heading: Heading, words: Words, people: People = NOBODY, folder: Path | None = None
) -> str:
    """The agenda as plain text, for mail. Raises BadTemplate if the team's `agenda.txt.j2` can't be used."""
    return fill("agenda.txt.j2", _told(agenda, heading, words, people, Charts()), folder)


def agenda_paper(
    agenda: Agenda,
    heading: Heading,
    words: Words,
    people: People = NOBODY,
    *,
    own_pages: bool = False,
    folder: Path | None = None,
) -> Paper:
    """The agenda to be printed, with `own_pages` each item on a page of its own.

    Raises BadTemplate if the team's `agenda.html.j2` can't be used.
    """
    charts = Charts()
    told = _told(agenda, heading, words, people, charts) | {"own_pages": own_pages}
    html = fill("agenda.html.j2", told, folder)
    return Paper(f"{heading.ref} · Agenda", html, words.now, tuple(charts.found))


def _told(agenda: Agenda, heading: Heading, words: Words, people: People, charts: Charts) -> dict[str, Any]:
    words = replace(words, lasting=True)
    return {
        "ref": heading.ref,
        "team": on_one_line(heading.team),
        "title": on_one_line(title(agenda, words)),
        "over": over(agenda) if agenda.over else "",
        "items": [_item(each, agenda, words, people, charts) for each in agenda.items],
        "waiting": [_waiting(each, agenda, words, people) for each in agenda.waiting],
        "idle": list(agenda.idle),
        "secret": any(people.get(each.patient, Person()).detail is Detail.CODE for each in agenda.items),
        "as_of": words.when(words.now),
    }


def _item(item: Item, agenda: Agenda, words: Words, people: People, charts: Charts) -> dict[str, Any]:
    person = people.get(item.patient, Person()).told
    clinical = person.detail >= Detail.CLINICAL
    question, *reasons = clinical_lines(item.case, agenda, words) if clinical else ("",)
    vague = {f"Not ready: {each.outside}" for each in item.case.lacks if each.says != each.outside}
    lines = [each for each in item_lines(item, agenda, words) if not (clinical and each in vague)]
    start = words.clock(agenda.starts(item))
    return {
        "title": f"{item.place}. {item.patient} · {item.case.minutes} min · {start}",
        "lines": [on_one_line(each) for each in lines],
        "question": on_one_line(question),
        "reasons": [on_one_line(each) for each in reasons],
        **person_told(person, charts),
    }


def person_told(person: Person, charts: Charts) -> dict[str, Any]:
    """What a template is given of a patient: of one of whom nothing may be told, nothing."""
    told = person.told
    return {
        "name": on_one_line(told.name),
        "matters": on_one_line(told.matters),
        "language": on_one_line(told.language),
        "before": [on_one_line(each) for each in told.before],
        "chart": charts.address(told.chart),
        "alt": told.chart.alt if told.chart else "",
    }


def _waiting(each: Waiting, agenda: Agenda, words: Words, people: People) -> str:
    told = people.get(each.patient, Person()).detail >= Detail.CLINICAL
    reason = f" · {each.reason}" if each.reason and told else ""
    return on_one_line(waiting_line(each, agenda, words) + reason)
