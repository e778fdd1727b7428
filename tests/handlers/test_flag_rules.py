"""What the shipped rules raise, add to, downgrade and close as entries are made and corrected."""

from handlers.flags.triage import follow, look_at
from pathway.finding import Evidence, Finding
from pathway.flag import State
from pathway.measure import How, Measure
from tests.handlers.talk import MONDAY, Talk


def entered(
    talk: Talk, code: str, item9: int, others: int = 0, corrects: str = "", by: str = "ana"
) -> tuple[str, tuple[str, ...]]:
    """A PHQ-9 whose other items are all the same; its reference, and the flags that changed."""
    answers = (*[float(others)] * 8, float(item9))
    with talk.store.clinic(talk.now) as clinic:
        member = clinic.people.by_account("slack", f"U-{by}")
        assert member is not None
        made = Measure(
            "",
            code,
            "PHQ-9",
            sum(answers),
            talk.now,
            talk.now,
            member.id,
            How.PHONE,
            answers,
            replaces=corrects,
        )
        added = clinic.measures.add(made, talk.now)
        changed = look_at(code, member.id, clinic, talk.now)
    talk.post()
    return added.id, changed


def looked(talk: Talk, code: str) -> tuple[str, ...]:
    with talk.store.clinic(talk.now) as clinic:
        changed = look_at(code, "", clinic, talk.now)
    talk.post()
    return changed


def test_an_entry_raises_a_flag_that_says_why_and_looking_again_does_nothing(talk: Talk) -> None:
    code = talk.patient()
    talk.hear()
    assert entered(talk, code, 0)[1] == ()
    entry, changed = entered(talk, code, 1)
    assert changed == ("F-1",)
    assert looked(talk, code) == ()
    assert talk.journal("F-1") == ["flag raised"]
    assert talk.told("bo") == [f"F-1 · {code} · Emergency · raised"]
    flag = talk.flag()
    assert (flag.reason, flag.roles, flag.raised_by) == (
        "self-harm-thoughts", ("psychologist", "primary-care"), talk.id("ana")
    )  # fmt: skip
    cause = flag.causes[0]
    assert (cause.rule, cause.version, cause.evidence[0].measure) == ("self-harm-thoughts", 1, entry)
    why = talk.press("bo", "Why")
    for word in ("Rule: self-harm-thoughts, version 1", "PHQ-9.9", "today 10:00", "By: Ana Ruiz"):
        assert word in why, why
    assert "PHQ" not in talk.card("F-1")


def test_a_corrected_entry_closes_its_flag_and_leaves_a_trace(talk: Talk) -> None:
    code = talk.patient()
    entry, _ = entered(talk, code, 1)
    talk.direct("bo", "flag claim F-1")
    talk.hear()
    assert entered(talk, code, 0, corrects=entry)[1] == ("F-1",)
    flag = talk.flag()
    assert (flag.state, flag.done, flag.closed_by, flag.due_at) == (
        State.RESOLVED, "source corrected", "", None
    )  # fmt: skip
    assert "F-1 closed by itself, today 10:00: what it rested on was corrected." in talk.card("F-1")
    assert talk.told("bo") == ["F-1 closed by itself: what it rested on was corrected"]
    assert talk.journal("F-1") == ["flag raised", "flag claimed", "flag withdrawn"]
    talk.pass_time(24 * 60)
    assert (talk.told("cy"), talk.heard()) == ([], [])


def test_a_better_entry_later_does_not_answer_for_a_clinician(talk: Talk) -> None:
    code = talk.patient()
    entered(talk, code, 2)
    talk.now = talk.now.replace(minute=4)
    assert entered(talk, code, 0)[1] == ()
    assert talk.flag().state is State.RAISED


def test_what_was_answered_comes_back_with_a_newer_entry_only(talk: Talk) -> None:
    code = talk.patient()
    entered(talk, code, 1)
    talk.direct("bo", "flag dismiss F-1 'spoken with her, safe'")
    talk.hear()
    assert looked(talk, code) == ()
    assert talk.told("bo") == []
    talk.now = talk.now.replace(minute=30)
    assert entered(talk, code, 1)[1] == ("F-2",)
    assert talk.told("bo") == [f"F-2 · {code} · Emergency · raised"]


def found(severity: str, *entries: str, private: bool = False) -> Finding:
    """What a rule about low mood would have found by these entries."""
    seen = tuple(Evidence("PHQ-9", "22", "at least 20", MONDAY, each) for each in entries)
    return Finding("mood", 1, "Low mood", severity, ("psychologist",), "psychology", "Look.", seen, private)


def follows(talk: Talk, code: str, *findings: Finding) -> tuple[str, ...]:
    """What becomes of flags when the rules have found this."""
    with talk.store.clinic(talk.now) as clinic:
        changed = follow(code, findings, clinic.measures.history(code), "", clinic, talk.now)
    talk.post()
    return changed


def test_a_second_cause_is_added_and_with_its_entry_corrected_the_flag_is_downgraded(talk: Talk) -> None:
    code = talk.patient()
    first, second = entered(talk, code, 0)[0], entered(talk, code, 0)[0]
    talk.hear()
    assert follows(talk, code, found("soon", first)) == ("F-1",)
    assert follows(talk, code, found("soon", first)) == ()
    talk.hear()
    assert follows(talk, code, found("soon", second)) == ("F-1",)
    assert (talk.told("bo"), talk.heard()) == ([], []), "no new message for a second cause of this kind"
    assert follows(talk, code, found("urgent", second)) == ("F-1",)
    assert talk.told("bo") == ["F-1 is asked anew: urgent"]
    assert talk.flag().severity == "urgent"
    entered(talk, code, 0, corrects=second)
    assert (talk.flag().severity, talk.flag().state) == ("soon", State.RAISED)
    assert [each.gone_at is None for each in talk.flag().causes] == [True, False, False]
    assert talk.flag().answer_by == MONDAY.replace(hour=14)
    assert talk.journal("F-1") == [
        "flag raised", "flag cause added", "flag asked anew", "flag downgraded"
    ]  # fmt: skip
    assert "Counts no more: its entry was corrected" in talk.direct("bo", "flag show F-1")
    entered(talk, code, 0, corrects=first)
    assert talk.flag().state is State.RESOLVED


def test_who_holds_a_flag_hears_that_it_is_less_severe_or_gone(talk: Talk) -> None:
    code = talk.patient()
    first, second = entered(talk, code, 0)[0], entered(talk, code, 0)[0]
    follows(talk, code, found("soon", first))
    follows(talk, code, found("urgent", second))
    talk.direct("bo", "flag claim F-1")
    talk.hear()
    entered(talk, code, 0, corrects=second)
    assert talk.told("bo") == ["F-1 is soon now: a part of what it rested on was corrected"]
    assert (talk.flag().state, talk.flag().severity) == (State.CLAIMED, "soon")
    entered(talk, code, 0, corrects=first)
    assert talk.told("bo") == ["F-1 closed by itself: what it rested on was corrected"]
    assert (talk.told("cy"), talk.told("lea"), talk.heard()) == ([], [], [])


def test_what_is_private_is_not_said_where_the_entry_is_made(talk: Talk) -> None:
    code = talk.patient()
    entry = entered(talk, code, 0)[0]
    talk.hear()
    assert follows(talk, code, found("urgent", entry, private=True)) == ()
    assert (talk.heard(), len(talk.told("bo"))) == ([], 1)


def test_one_that_nobody_took_is_asked_anew_by_another_cause(talk: Talk) -> None:
    code = talk.patient()
    first, second = entered(talk, code, 0)[0], entered(talk, code, 0)[0]
    follows(talk, code, found("urgent", first))
    talk.pass_time(5 * 24 * 60)
    assert talk.flag().state is State.EXPIRED
    talk.hear()
    follows(talk, code, found("urgent", second))
    assert talk.flag().state is State.RAISED
    assert talk.told("bo") == ["F-1 is asked anew: urgent"]
