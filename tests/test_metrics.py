from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from handlers.request import Outcome
from pathway.handoff import Step
from storage.post import Kind, Sending

NAME = "Synthia Testcase"


def values(metrics: Metrics, prefix: str) -> dict[str, float]:
    """The samples whose names begin so, with their labels in the order of the labels' names."""
    found = {}
    for family in text_string_to_metric_families(metrics.page().decode()):
        for sample in family.samples:
            if sample.name.startswith(prefix) and not sample.name.endswith(("_created", "_bucket")):
                labels = ",".join(sample.labels.values())
                found[f"{sample.name}({labels})"] = sample.value
    return found


def test_everything_that_happened_is_counted() -> None:
    metrics = Metrics()
    metrics.request("slack", Outcome.DONE, 0.5)
    metrics.request("slack", "late", 2.5)
    metrics.request("matrix", "unknown", 0.5)
    metrics.post("matrix", Kind.SHOW, Sending.SENT)
    metrics.post("matrix", Kind.SHOW, "limited")
    metrics.outbox(3, 12.5)
    metrics.tick(0.25)
    metrics.link("slack", up=True)
    metrics.link("matrix", up=False)
    metrics.handoff(Step.ACCEPT)
    metrics.handoff(Step.GIVE_BACK)
    assert values(metrics, "baton_") == {
        "baton_requests_total(done,slack)": 1,
        "baton_requests_total(late,slack)": 1,
        "baton_requests_total(unknown,matrix)": 1,
        "baton_request_seconds_count(matrix)": 1,
        "baton_request_seconds_sum(matrix)": 0.5,
        "baton_request_seconds_count(slack)": 2,
        "baton_request_seconds_sum(slack)": 3,
        "baton_outgoing_total(show,sent,matrix)": 1,
        "baton_outgoing_total(show,limited,matrix)": 1,
        "baton_outgoing_waiting()": 3,
        "baton_outgoing_oldest_seconds()": 12.5,
        "baton_tick_seconds_count()": 1,
        "baton_tick_seconds_sum()": 0.25,
        "baton_link_up(slack)": 1,
        "baton_link_up(matrix)": 0,
        "baton_handoff_steps_total(accept)": 1,
        "baton_handoff_steps_total(give_back)": 1,
    }


def test_no_text_of_a_person_becomes_a_label() -> None:
    metrics = Metrics()
    metrics.request(NAME, NAME, 1)
    metrics.post(NAME, NAME, NAME)
    metrics.link(NAME, up=True)
    metrics.handoff(NAME)
    assert "Synthia" not in metrics.page().decode()
    assert values(metrics, "baton_requests") == {"baton_requests_total(other,other)": 1}
    assert values(metrics, "baton_outgoing_total") == {"baton_outgoing_total(other,other,other)": 1}


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.handoff(Step.ACCEPT)
    assert values(one, "baton_handoff") == {"baton_handoff_steps_total(accept)": 1}
    assert values(other, "baton_handoff") == {}


def test_memory_of_the_process_is_told_too() -> None:
    assert values(Metrics(), "process_resident_memory_bytes")["process_resident_memory_bytes()"] > 0
