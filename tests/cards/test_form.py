import pytest

from cards.form import Option, meant

BO, MIA, MIKE = Option("M-1", "Bo (psychologist)"), Option("M-2", "Mia"), Option("M-3", "Mike")


@pytest.mark.parametrize(
    ("typed", "option"),
    [("m-1", BO), ("mia", MIA), ("@bo", BO), ("Bo", BO), ("mi", None), ("", None), ("Zoe", None)],
)
def test_an_option_is_known_by_value_by_label_or_by_a_beginning_of_its_own(
    typed: str, option: Option | None
) -> None:
    assert meant((BO, MIA, MIKE), typed) is option
