"""A patient's own entry: the link, answers kept one by one, what can't wait, and what the team hears."""

import re

import pytest

from cards.card import Detail
from handlers.entries.answers import Closed, NoSuchAnswer, questions, save, send
from pathway.flag import Flag
from pathway.measure import How
from storage.entries import Entry, Stage
from tests.handlers.talk import ROOM, Talk, own

BASE = "https://baton.example.org"
DAY = 24 * 60


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """The north team, reachable from outside."""
    talk.store.base_url = BASE
    return talk


@pytest.fixture
def quick(quick: Talk) -> Talk:
    """The same on SQLite alone."""
    quick.store.base_url = BASE
    return quick


def link(talk: Talk, code: str, what: str = "", who: str = "ana") -> str:
    """A new link's token."""
    said = talk.direct(who, f"entry link {code} {what}")
    found = re.search(rf"{BASE}/e/([a-z0-9]+)", said)
    assert found, said
    talk.hear()
    return found[1]


def entry(talk: Talk, token: str) -> Entry:
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.entries.find(token)
    assert found is not None
    return found


def give(talk: Talk, token: str, values: dict[str, float | None]) -> None:
    """Answers these questions, each in a transaction of its own, as the page does."""
    for name, value in values.items():
        with talk.store.clinic(talk.now) as clinic:
            found = clinic.entries.find(token)
            assert found is not None
            at = [each for each, _, _ in questions(found)].index(name)
            save(found, at, value, clinic, talk.now)
        talk.post()


def sent(talk: Talk, token: str) -> None:
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.entries.find(token)
        assert found is not None
        send(found, clinic, talk.now)
    talk.post()


def measures(talk: Talk, code: str) -> list[tuple[str, float]]:
    with talk.store.clinic(talk.now) as clinic:
        return [(each.instrument, each.score) for each in clinic.measures.history(code).measures]


def phq9(ninth: float) -> dict[str, float | None]:
    return {**{f"PHQ-9.{at}": 1.0 for at in range(1, 9)}, "PHQ-9.9": ninth}


PEG: dict[str, float | None] = {"PEG.1": 7, "PEG.2": 8, "PEG.3": 6}


def test_a_link_asks_what_is_due_is_answered_and_sent_and_its_maker_hears(talk: Talk) -> None:
    code = talk.patient()
    said = talk.direct("ana", f"entry link {code}")
    assert re.sub("/e/[a-z0-9]{27}", "/e/TOKEN", said) == (
        f"A link for {code}, until Mon 10 Mar 10:00\n\n{BASE}/e/TOKEN\n\n"
        "[Picture: The link as a code for a phone's camera]\n\n"
        "Asks: PEG, PHQ-9, GAD-7, WORK, FATIGUE\nLanguage: English\n\n"
        "Let the patient point their camera at it, or hand it over yourself.\n\n"
        "Whoever has it can answer for the patient, once. It is not shown again.\n\n"
        "Due too, but not for this page, as the questions can't be shown there: ISI, PSEQ-2.\n\n"
        f"1. End this link — entry revoke {code}"
    )
    token = link(talk, code, "peg, phq-9")
    give(talk, token, PEG)
    give(talk, token, phq9(0))
    assert measures(talk, code) == []
    assert talk.told("ana") == []
    sent(talk, token)
    assert talk.private("ana")[-1] == (
        f"{code} has sent their answers\n\n"
        "PEG, M-1:\n- 7 (0 to 10, more is worse)\n\n"
        "PHQ-9, M-2:\n- 8 (0 to 27, more is worse): mild\n\n"
        f"1. All measures — assess show {code}"
    )
    assert talk.heard() == []
    assert talk.told("bo") == []
    with talk.store.clinic(talk.now) as clinic:
        kept = clinic.measures.history(code).measures
    assert [(each.how, each.by, each.answers) for each in kept] == [
        (How.PATIENT, "", (7, 8, 6)),
        (How.PATIENT, "", (1, 1, 1, 1, 1, 1, 1, 1, 0)),
    ]


def test_thoughts_of_self_harm_are_a_flag_before_the_rest_is_answered(talk: Talk) -> None:
    code = talk.patient()
    token = link(talk, code, "PHQ-9 PEG")
    give(talk, token, {"PHQ-9.9": 1})
    assert measures(talk, code) == [("SELF-HARM", 1)]
    assert talk.told("bo") == [f"F-1 · {code} · Emergency · raised"]
    give(talk, token, {"PHQ-9.9": 2})
    assert measures(talk, code) == [("SELF-HARM", 1)], "once"
    give(talk, token, phq9(2))
    sent(talk, token)
    assert measures(talk, code) == [("PHQ-9", 10)], "the whole says it now; PEG was not answered"
    assert [each.ref for each in flags(talk, code)][:1] == ["F-1"]
    assert "Too little was answered for a score: PEG." in talk.private("ana")[-1]


def flags(talk: Talk, code: str) -> list[Flag]:
    with talk.store.clinic(talk.now) as clinic:
        return sorted(clinic.flags.open_of_patient(code), key=lambda each: each.number)


def test_what_was_said_once_is_not_unsaid_on_the_page(talk: Talk) -> None:
    code = talk.patient()
    token = link(talk, code, "PHQ-9 RED-FLAGS")
    assert entry(talk, token).instruments == ("RED-FLAGS", "PHQ-9"), "what can't wait is asked first"
    give(talk, token, {"RED-FLAGS.cauda-equina": 1, "RED-FLAGS.fracture": 1})
    give(talk, token, phq9(3))
    assert [each.reason for each in flags(talk, code)] == [
        "red-flag-cauda-equina", "red-flag-fracture", "self-harm-thoughts",
    ]  # fmt: skip
    give(talk, token, {"RED-FLAGS.cauda-equina": 0, "PHQ-9.9": 0})
    others = [name for name, _, _ in questions(entry(talk, token)) if name.startswith("RED-FLAGS")][1:]
    give(talk, token, {name: 0 for name in others if name != "RED-FLAGS.fracture"})
    sent(talk, token)
    assert sorted(measures(talk, code)) == [("PHQ-9", 8), ("RED-FLAGS", 2), ("SELF-HARM", 1)]
    assert {each.reason for each in flags(talk, code)} == {
        "red-flag-cauda-equina", "red-flag-fracture", "self-harm-thoughts",
    }  # fmt: skip
    told = "Said at first and changed afterwards, so please ask: RED-FLAGS.cauda-equina, PHQ-9.9."
    assert told in talk.private("ana")[-1]


def test_where_no_rule_raises_a_flag_people_are_told_at_once(quick: Talk) -> None:
    rules = tuple(each for each in quick.store.definition.rules if each.id != "self-harm-thoughts")
    quick.store.definition = quick.store.definition.model_copy(update={"rules": rules})
    code = quick.patient()
    give(quick, link(quick, code, "PHQ-9"), {"PHQ-9.9": 1})
    title = f"{code} needs somebody to look now"
    assert (quick.told("ana"), quick.told("lea")) == ([title], [title])
    assert "grandson" not in str(quick.private("lea"))


def test_a_link_is_used_once(talk: Talk) -> None:
    code = talk.patient()
    token = link(talk, code, "PEG")
    give(talk, token, PEG)
    sent(talk, token)
    with pytest.raises(Closed):
        sent(talk, token)
    with pytest.raises(Closed):
        give(talk, token, {"PEG.1": 0})
    assert entry(talk, token.upper()).stage(talk.now) is Stage.USED
    assert measures(talk, code) == [("PEG", 7)]
    assert talk.told("ana") == [f"{code} has sent their answers"]
    assert talk.direct("ana", f"entry revoke {code}").startswith(f"{code} has no link that still works")


def test_a_link_runs_out_and_silence_is_told(talk: Talk) -> None:
    code = talk.patient()
    first, second = link(talk, code, "PEG days 2"), link(talk, code, "PHQ-9 days 2")
    give(talk, first, {"PEG.1": 3})
    talk.forward(2 * DAY - 1)
    talk.hear()
    assert entry(talk, first).stage(talk.now) is Stage.OPEN
    talk.forward(1)
    assert talk.told("ana") == [f"The link of {code} has run out"] * 2
    assert [said.split("\n\n")[1] for said in talk.private("ana")[-2:]] == [
        "It was begun and not sent; what was not sent is not kept.",
        "Nothing was answered with it.",
    ]
    assert talk.private("ana")[-1].endswith(f"Make a new link — entry link {code} PHQ-9")
    for token in (first, second):
        assert entry(talk, token).draft.answers == {}
        with pytest.raises(Closed):
            give(talk, token, {entry(talk, token).instruments[0] + ".1": 1})
    talk.forward(1)
    assert talk.told("ana") == [], "once"
    assert measures(talk, code) == []


def test_a_link_can_be_ended(talk: Talk) -> None:
    code = talk.patient()
    token = link(talk, code, "PEG")
    give(talk, token, {"PEG.1": 3})
    assert talk.direct("ana", f"entry revoke {code}") == f"The link of {code} ended."
    assert entry(talk, token).stage(talk.now) is Stage.REVOKED
    assert entry(talk, token).draft.answers == {}
    talk.forward(8 * DAY)
    assert f"The link of {code} has run out" not in talk.told("ana")
    assert [each for each in talk.journal(f"patient:{code}") if each.startswith("entry")] == [
        "entry link", "entry revoke",
    ]  # fmt: skip


def test_only_the_care_team_makes_links_and_only_in_private(talk: Talk) -> None:
    code = talk.patient()
    assert talk.direct("bo", f"entry link {code} PEG").startswith(f"You are not on the care team of {code}")
    assert talk.direct("bo", f"entry revoke {code}").startswith(f"You are not on the care team of {code}")
    assert "can't use `entry link`" in talk.direct("dee", f"entry link {code} PEG")
    talk.hear()
    reply = talk.ask("ana", f"entry link {code} PEG", posts=True)
    assert reply.card is not None
    assert "/e/" not in str(talk.messages[ROOM])
    assert "/e/" in talk.news(own("ana"))[-1].card.parts[0].text  # type: ignore[union-attr]


def test_what_is_wrong_is_said_in_a_sentence(quick: Talk) -> None:
    code = quick.patient()
    said = quick.direct("ana", f"entry link {code} ISI PEG MME")
    assert said.startswith("ISI, MME can't be asked on the page. What can: RED-FLAGS, NRS, PEG,")
    for days in ("0", "31", "soon", "-1"):
        refused = "A link works for 1 to 30 days: `entry link P-7K3K days 7`."
        assert quick.direct("ana", f"entry link {code} PEG days {days}") == refused
    for base, why in (
        ("", "Patients can't reach Baton yet: whoever runs it has to set BATON_BASE_URL"),
        ("http://baton.example.org", "BATON_BASE_URL does not begin with https"),
    ):
        quick.store.base_url = base
        assert quick.direct("ana", f"entry link {code} PEG").startswith(why)
    quick.store.base_url = "http://localhost:8000"
    assert quick.direct("ana", f"entry link {code} PEG").startswith(f"A link for {code}")


def test_what_no_question_offers_is_not_kept(quick: Talk) -> None:
    token = link(quick, quick.patient(), "PEG")
    for value in (-1, 11, 0.5, float("nan"), float("inf")):
        with pytest.raises(NoSuchAnswer):
            give(quick, token, {"PEG.1": value})
    assert entry(quick, token).draft.answers == {}
    for tried in ("", "x", token[:-1], token[:-1] + "!", token + token, "B" * 27, "é" * 27):
        with quick.store.clinic(quick.now) as clinic:
            assert clinic.entries.find(tried) is None


def test_the_token_and_the_answers_are_nowhere_in_the_open(quick: Talk) -> None:
    code = quick.patient()
    token = link(quick, code, "PHQ-9")
    give(quick, token, {"PHQ-9.9": 3})
    with quick.store.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        dump = "".join(
            str(connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()) for table in list(tables)
        )
    assert token not in dump.lower()
    assert "PHQ-9.9" not in dump


def test_the_page_is_in_the_patients_language_or_in_english_and_says_so(quick: Talk) -> None:
    spanish, arabic = quick.patient(more="language=Spanish"), quick.patient("bo", more="language=Arabic")
    assert "Language: español" in quick.direct("ana", f"entry link {spanish} PEG")
    assert "Language: English" in quick.direct("ana", f"entry link {spanish} PEG language English")
    said = quick.direct("bo", f"entry link {arabic} PEG")
    assert "There is no page in Arabic yet: it will be in English." in said


def test_help_lines_are_set_by_the_lead_and_outlive_a_new_setup(quick: Talk) -> None:
    assert "can't use `team help`" in quick.say("ana", "team help 'Crisis line 01632 960990'")
    assert quick.say("lea", "team help 'Crisis line 01632 960990'") == (
        "Patients who need help now are shown this, and the emergency number:\n\nCrisis line 01632 960990"
    )
    quick.say("lea", "team setup name='North team' phone='01632 960002'")
    with quick.store.clinic(quick.now) as clinic:
        team = clinic.people.teams()[0]
    assert (team.help_lines, team.phone) == ("Crisis line 01632 960990", "01632 960002")
    assert quick.say("lea", "team help none").startswith("Patients who need help now are shown the emergency")


def test_who_sees_no_clinical_text_is_told_without_it(sqlite_url: str) -> None:
    talk = Talk(sqlite_url, detail=Detail.CODE)
    talk.team()
    talk.store.base_url = BASE
    code = talk.patient()
    token = link(talk, code, "PEG")
    give(talk, token, PEG)
    sent(talk, token)
    assert "PEG" not in talk.private("ana")[-1]
    assert talk.private("ana")[-1].startswith(f"{code} has sent their answers")
    talk.close()
