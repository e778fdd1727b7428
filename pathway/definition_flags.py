"""How severe a triage flag can be, and what that means for those who must answer it."""

from typing import Self

from pydantic import model_validator

from pathway.definition_parts import Clocked, Minutes, Times, YesNo, refuse


class FlagSeverityDef(Clocked):
    """How severe a flag is: how long those asked have, and how they may be disturbed.

    With `digest` nobody is interrupted: it is gathered into the daily digest. Who claims a flag has
    `claim_minutes` to say what was done, or that they are still on it; it may be put off for
    `snooze_minutes` in all (0: not at all). One that nobody took is told again every `repeat_minutes`, at
    most `repeat_times`.
    """

    digest: YesNo = False
    claim_minutes: Minutes
    snooze_minutes: Times
    repeat_minutes: Minutes
    repeat_times: Times

    @model_validator(mode="after")
    def _check_digest(self) -> Self:
        if self.digest and self.breaks_quiet:
            refuse(self, [(("digest",), "What may wait for a digest does not break quiet hours.")])
        return self
