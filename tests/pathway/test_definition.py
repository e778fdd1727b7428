"""The pathway we ship holds together, and a broken one is refused with its file, its line and a sentence."""

from importlib.resources import files

import pytest
from pydantic import ValidationError

from pathway.definition import BadDefinition, RoleDef, UrgencyDef, load, shipped

TEXT = files("pathway").joinpath("msk_pain.toml").read_text("utf-8")


def edited(old: str, new: str, nth: int = 1) -> str:
    """The shipped text with the nth `old` replaced."""
    pieces = TEXT.split(old)
    assert len(pieces) > nth, f"{old!r} is not there {nth} times"
    return old.join(pieces[:nth]) + new + old.join(pieces[nth:])


def line_with(text: str, start: str, nth: int = 1) -> int:
    """The number of the nth line that begins with `start`."""
    return [number for number, line in enumerate(text.split("\n"), 1) if line.startswith(start)][nth - 1]


def refusal(text: str) -> tuple[str, int, str]:
    with pytest.raises(BadDefinition) as refused:
        load(text, "clinic.toml")
    error = refused.value
    assert str(error) == f"{error.name}, line {error.line}: {error.sentence}"
    return error.name, error.line, error.sentence


def test_the_pathway_we_ship() -> None:
    pathway = shipped()
    assert (pathway.name, pathway.version, pathway.title) == ("msk-pain", 1, "Chronic musculoskeletal pain")
    assert pathway.signed_off == ""
    assert [role.id for role in pathway.roles] == [
        "primary-care",
        "physiotherapist",
        "psychologist",
        "pain-specialist",
        "nurse-care-manager",
        "pharmacist",
        "occupational-therapist",
        "social-worker",
        "lead",
        "coordinator",
    ]
    assert [urgency.id for urgency in pathway.urgencies] == ["routine", "soon", "urgent", "emergency"]
    assert [severity.id for severity in pathway.illness_severities] == ["routine", "watcher", "urgent"]
    assert shipped() is pathway


def test_a_whole_role() -> None:
    assert shipped().role("psychologist") == RoleDef(
        id="psychologist",
        label="Psychologist",
        plural="Psychologists",
        aliases=("psych", "psychs", "psychology", "pain psychologist"),
        discipline="psychology",
        clinician=True,
        may=frozenset({"handoff", "flags", "measures", "patients", "names", "plan", "report"}),
    )


def test_a_whole_urgency() -> None:
    assert shipped().urgency("emergency") == UrgencyDef(
        id="emergency",
        label="Emergency",
        says="Someone may come to harm within hours; wakes people.",
        first="If life or limb is at risk, call the local emergency number now. Baton does not call anyone.",
        clock="always",
        breaks_quiet=True,
        answer_minutes=5,
        remind_at=(0.6,),
        rung_minutes=3,
        expire_minutes=30,
        introduce_minutes=60,
        complete_minutes=480,
        nag_minutes=15,
        nag_times=8,
    )


def test_the_emergency_ladder_reaches_the_channel_within_the_proposed_fifteen_minutes() -> None:
    emergency = shipped().urgency("emergency")
    assert emergency.answer_minutes + 3 * emergency.rung_minutes == 14


def test_an_unknown_urgency() -> None:
    with pytest.raises(KeyError):
        shipped().urgency("whenever")


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("physio", "physiotherapist"),
        ("PT", "physiotherapist"),
        (" Physical-Therapist ", "physiotherapist"),
        ("psych", "psychologist"),
        ("Nurse  care manager", "nurse-care-manager"),
        ("nurse_care_manager", "nurse-care-manager"),
        ("link worker", "social-worker"),
        ("social workers and link workers", "social-worker"),
        ("GP", "primary-care"),
        ("lead", "lead"),
        ("surgeon", None),
        ("", None),
    ],
)
def test_people_call_roles_by_many_names(name: str, id: str | None) -> None:
    found = shipped().role(name)
    assert (found and found.id) == id


def test_a_definition_does_not_change() -> None:
    with pytest.raises(ValidationError):
        shipped().urgency("routine").answer_minutes = 1


def test_text_that_is_not_toml() -> None:
    text = edited("version = 1", "version = ")
    line = line_with(text, "version")
    assert refusal(text) == (
        "clinic.toml",
        line,
        f"This is not TOML: Invalid value (at line {line}, column 11).",
    )


@pytest.mark.parametrize(
    ("old", "new", "nth", "start", "nth_line", "sentence"),
    [
        ('name = "msk-pain"', "", 1, "#", 1, "`name` is missing."),
        ('label = "Pharmacist"\n', "", 1, "[[roles]]", 6, "`label` is missing."),
        ('label = "Pharmacist"', 'lable = "Pharmacist"', 1, "[[roles]]", 6, "`label` is missing."),
        (
            "nag_times = 3",
            "nag_time = 3\nnag_times = 3",
            2,
            "nag_time ",
            1,
            "There is no setting `nag_time` here.",
        ),
        (
            "answer_minutes = 60 ",
            "answer_minutes = 0 ",
            1,
            "answer_minutes = 0",
            1,
            "`answer_minutes` is 0: input should be greater than 0.",
        ),
        (
            "answer_minutes = 60 ",
            'answer_minutes = "60" ',
            1,
            'answer_minutes = "',
            1,
            "`answer_minutes` is '60': input should be a valid integer.",
        ),
        (
            "safety_days = 1 ",
            "safety_days = 3 ",
            1,
            "safety_days = 3",
            1,
            "`safety_days` is longer than `due_days`: safety comes first.",
        ),
        (
            "due_days = 10 ",
            "due_days = 10\nsafety_days = 1 ",
            1,
            "safety_days = 1 ",
            6,
            "`safety_days` needs `safety_from`: what is safety.",
        ),
        (
            "remind_at = [0.6]",
            "remind_at = [\n  0.5,\n  1.0,\n]",
            1,
            "  1.0",
            1,
            "`remind_at` is 1.0: input should be less than 1.",
        ),
        (
            "remind_at = [0.5, 0.8]",
            "remind_at = [0.8, 0.5]",
            1,
            "remind_at = [0.8",
            1,
            "Reminders must be in rising order, each once.",
        ),
        (
            '\nclock = "always"',
            '\nclock = "night"',
            1,
            'clock = "night"',
            1,
            "`clock` is 'night': input should be 'working' or 'always'.",
        ),
        (
            "\nbreaks_quiet = true",
            "\nbreaks_quiet = false",
            1,
            "breaks_quiet",
            4,
            "Time would run out in quiet hours for people who may not be disturbed: set it to true.",
        ),
        (
            'id = "pharmacist"',
            'id = "psychologist"',
            1,
            'id = "psychologist"',
            2,
            "`psychologist` is used twice.",
        ),
        ('id = "soon"', 'id = "routine"', 1, 'id = "routine"', 2, "`routine` is used twice."),
        ('tag = "pl"', 'tag = "en"', 1, 'tag = "en"', 2, "`en` is used twice."),
        (
            '"ot", "ots"',
            '"O T", "PT"',
            1,
            'aliases = ["O T"',
            1,
            "`PT` already calls the role `physiotherapist`.",
        ),
        (
            "answer_minutes = 240 ",
            "answer_minutes = 481 ",
            1,
            "answer_minutes = 481",
            1,
            "`soon` would be slower than `routine`.",
        ),
        (
            'discipline = "pharmacy"\n',
            "",
            1,
            "clinician",
            6,
            "Pharmacist is a clinician and so needs a discipline.",
        ),
        (
            ', "lead", "pathway"]',
            "]",
            1,
            "[[roles]]",
            1,
            "No role may `lead`, so nobody would hear of what is left unanswered.",
        ),
    ],
)
def test_a_broken_definition_is_refused_at_its_line(
    old: str, new: str, nth: int, start: str, nth_line: int, sentence: str
) -> None:
    text = edited(old, new, nth)
    assert refusal(text) == ("clinic.toml", line_with(text, start, nth_line), sentence)


def test_a_permission_that_does_not_exist_is_refused() -> None:
    text = edited('"measures"', '"measure"')
    line = line_with(text, "may = ")
    assert refusal(text) == (
        "clinic.toml",
        line,
        "`may` is 'measure': input should be 'handoff', 'flags', 'measures', 'patients', 'names', 'plan', "
        "'conference', 'report', 'lead' or 'pathway'.",
    )


def test_a_team_in_which_nobody_takes_over_is_refused() -> None:
    assert refusal(TEXT.replace('"handoff", ', "")) == (
        "clinic.toml",
        line_with(TEXT, "[[roles]]"),
        "No clinician may `handoff`, so nobody could take over a patient.",
    )
