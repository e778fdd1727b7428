"""What a definition says of the care plan's actions: how long people have, and when others hear of it."""

from typing import Annotated

from pydantic import Field

from pathway.definition_parts import Minutes, Part, Times

Days = Annotated[int, Field(strict=True, ge=1)]


class PlanDef(Part):
    """The clock of actions. All minutes are working minutes, all days working days.

    An action of which nobody says until when is due in `due_days`, unless the issue that it is about has days
    of its own (`IssueKindDef`). Its owner is asked to confirm it, is
    reminded after `answer_minutes`, and after as many more the lead is told. `remind_days` before it is due
    the owner is reminded as work begins (0: not at all). Once it is overdue the owner is told, after
    `lead_minutes` the lead, and `agenda_minutes` later it is back on the agenda.
    """

    due_days: Days = 5
    answer_minutes: Minutes = 480
    remind_days: Times = 1
    lead_minutes: Minutes = 480
    agenda_minutes: Minutes = 480
