"""Quiet hours in which the team works are refused, with what fits."""

import re

import pytest

from pathway.hours import BadHours, read_hours
from pathway.quiet import check_quiet


@pytest.mark.parametrize(
    ("working", "quiet"),
    [
        ("mon-fri 8:30-17", "20-7"),
        ("daily 7-20", "20-7"),
        ("daily 0:00-24:00", "none"),
        ("daily 22-6", "13:00-14:00"),
        ("daily 22-6", "6-22"),
    ],
)
def test_hours_that_do_not_meet(working: str, quiet: str) -> None:
    check_quiet(read_hours("Europe/London", working, quiet))


@pytest.mark.parametrize(
    ("working", "quiet", "instead"),
    [
        ("daily 8-22", "20-7", "22:00-07:00"),
        ("daily 6-14", "22-7", "22:00-06:00"),
        ("mon 6-21", "20-7", "21:00-06:00"),
        ("mon-fri 22-6", "20-7", "20:00-22:00"),
        ("mon-fri 22-6", "23-7", "06:00-07:00"),
        ("mon-fri 22-6", "22-6", "06:00-22:00"),
        ("daily 8-22", "13:00-14:00", "22:00-08:00"),
        ("daily 9-17", "0:00-23:59", "00:00-09:00"),
        ("daily 0:00-24:00", "20-7", "none"),
    ],
)
def test_hours_that_meet_are_refused_with_what_to_type(working: str, quiet: str, instead: str) -> None:
    hours = read_hours("Europe/London", working, quiet)
    sentence = (
        f"The quiet hours {hours.quiet} lie in the working hours {hours.work}, in which people must be told"
        f" what waits for them: type quiet {instead}."
    )
    with pytest.raises(BadHours, match=f"^{re.escape(sentence)}$"):
        check_quiet(hours)
    check_quiet(read_hours("Europe/London", working, instead))
