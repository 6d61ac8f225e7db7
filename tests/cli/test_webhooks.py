"""Webhooks on the command line."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import Outcome

Run = Callable[..., Outcome]


def test_a_webhook_is_added_listed_and_removed(spardesk: Run) -> None:
    added = spardesk("webhooks", "add", "https://example.org/hook")
    secret = added.out.strip()
    assert added.code == 0
    assert secret.startswith("whsec_")
    listed = spardesk("webhooks", "list", "--json")
    [row] = listed.json
    assert (row["url"], row["events"]) == ("https://example.org/hook", "session.graded")
    assert secret not in listed.out
    assert spardesk("webhooks", "remove", row["id"]).code == 0
    assert spardesk("webhooks", "list", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "http://example.org/"], "begins with https://"),
        (["add", "https://10.0.0.7/"], "--webhooks-private"),
        (["add", "https://example.org/", "--event", "session.ended"], "session.graded"),
        (["remove", "none"], "no webhook 'none'"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(spardesk: Run, arguments: list[str], said: str) -> None:
    outcome = spardesk("webhooks", *arguments)
    assert outcome.code != 0
    assert said in " ".join(outcome.err.split())
    assert "Traceback" not in outcome.err
    assert spardesk("webhooks", "list", "--json").json == []


def test_into_private_networks_where_the_operator_says_so(spardesk: Run) -> None:
    assert spardesk("webhooks", "add", "https://10.0.0.7/", "--webhooks-private").code == 0
