"""A place in a TOML text is found on the line where a reader would look for it."""

import tomllib

import pytest

from pathway.toml_line import Place, line_of, syntax_line

TEXT = '''\
# a comment, with [[roles]] in it
name = "msk"

[[roles]]
id = "lead"
may = ["a", "b"]

[[roles]]
id = "physio"
says = """
id = "not a key"
"""
may = [
    "a",
    # why
    "b",
    ["c",
     "d"],
]
inline = { depth = { deeper = 1 }, list = [
    1,
    2,
] }

[a.b]
c.d = 1
[a]
z = 2
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("roles",), 4),
        (("roles", 0), 4),
        (("roles", 0, "id"), 5),
        (("roles", 0, "may", 1), 6),
        (("roles", 1), 8),
        (("roles", 1, "id"), 9),
        (("roles", 1, "says"), 10),
        (("roles", 1, "may"), 13),
        (("roles", 1, "may", 0), 14),
        (("roles", 1, "may", 1), 16),
        (("roles", 1, "may", 2), 17),
        (("roles", 1, "may", 2, 1), 18),
        (("roles", 1, "inline", "depth", "deeper"), 20),
        (("roles", 1, "inline", "list", 1), 22),
        (("a",), 25),
        (("a", "b", "c", "d"), 26),
        (("a", "z"), 28),
        (("roles", 1, "label"), 8),
        (("roles", 7, "label"), 4),
        (("nothing", "here"), 1),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_place_has_a_line(place: Place, line: int, newline: str) -> None:
    assert line_of(TEXT.replace("\n", newline), place) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb =\nc = 3\n", 2), ("a = 1\na = 2\n", 2), ('a = 1\nb = """\nno end\n', 3), ("a = 1\nb = [", 2)],
)
def test_a_syntax_error_has_a_line(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    assert syntax_line(text, refused.value) == line
