"""Letters by Microsoft Graph: by a token, for one mailbox; each end says whether the letter may have left."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from config.mail import Mail
from config.terms import State
from flows.configured import configured
from tasks.carriers.carrier import Down
from tasks.carriers.mail.graph import Graph
from tasks.network.oauth import access
from tasks.network.wire import Limits
from tasks.outbox.delivery import deliver
from tests.integration.carriers.graph_stand_in import GraphStandIn, graph_stand_in
from tests.support.post import certificate, free_port
from tests.support.ran import Ran
from tests.support.tls_server import small_proxy
from tests.support.token_endpoint import CLIENT, SECRET, TokenEndpoint, token_endpoint
from tests.worlds.days import row
from tests.worlds.rows import AT_NINE, World

MAILBOX, OPERATIONS = "casebeat@surrey.police.uk", "ops@surrey.police.uk"
LETTER = b"From: casebeat@surrey.police.uk\r\nTo: an@surrey.police.uk\r\nSubject: By Graph\r\n\r\nwords\r\n"
SOON = Limits(connect=2, exchange=0.5, session=3)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def provider(tls, monkeypatch) -> Iterator[TokenEndpoint]:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    access.forget()
    with token_endpoint(*tls) as made:
        yield made
    access.forget()


@pytest.fixture
def graph(tls, provider) -> Iterator[GraphStandIn]:
    with graph_stand_in(tls[0], tls[1], provider, MAILBOX) as made:
        yield made


def chosen(graph: GraphStandIn, **given: object) -> Mail:
    oauth = {"authority": graph.provider.authority, "client_id": CLIENT, "client_secret": SECRET}
    return Mail.model_validate(
        {"graph": graph.url, "user": MAILBOX, "operations": OPERATIONS, "oauth": oauth | given}
    )  # fmt: skip


def test_a_letter_leaves_as_it_was_written_by_a_token_for_graph(graph):
    mail = chosen(graph)
    answer = Graph(mail).send("an@surrey.police.uk", LETTER, "k")
    assert (answer.state, answer.remote_ref) == (State.SENT, "r-1")
    (letter,) = graph.letters
    assert (letter["To"], letter["Subject"], letter.get_content()) == ("an@surrey.police.uk", "By Graph", "words\r\n")
    assert mail.oauth.scope == "https://graph.microsoft.com/.default"
    assert (mail.from_address, mail.pace, mail.connections) == (MAILBOX, 30, 1)


@pytest.mark.parametrize(("fault", "sentence", "wait"), [
    row("too many",        "busy",           r"too much to do for this mailbox \(429\)", 90),
    row("not permitted",   "no permission",  r"may not send as this mailbox: give it Application Mail.Send", 900),
    row("not its sender",  "another sender", r"may not send as mail\.from_address", 900),
    row("stopped",         "blocked",        r"Microsoft has stopped this mailbox from sending", 900),
    row("unknown",         "no mailbox",     r"knows no such mailbox", 900),
    row("on premises",     "not online",     r"not in Exchange Online", 900),
    row("full",            "full",           r"empty its Sent Items", 900),
])  # fmt: skip
def test_what_is_about_the_mailbox_stops_the_carrier_and_no_letter_loses_a_try(graph, fault, sentence, wait):
    graph.faults.append(fault)
    with pytest.raises(Down, match=sentence) as down:
        Graph(chosen(graph)).send("an@surrey.police.uk", LETTER, "k")
    assert down.value.wait == wait
    assert "SECRETIVE" not in str(down.value)
    assert graph.letters == []


@pytest.mark.parametrize(("fault", "state", "left"), [
    row("cut before the effect",    "lost",      State.UNKNOWN, 0),
    row("cut after it",             "late",      State.UNKNOWN, 1),
    row("silent after it",          "hang",      State.UNKNOWN, 1),
    row("away, who knows when",     "away",      State.UNKNOWN, 0),
    row("a letter of a wrong form", "malformed", State.DEAD,    0),
])  # fmt: skip
def test_of_a_letter_that_may_have_left_nobody_knows_and_a_refused_one_has_not(graph, fault, state, left):
    graph.faults.append(fault)
    assert Graph(chosen(graph), SOON).send("an@surrey.police.uk", LETTER, "k").state is state
    assert len(graph.letters) == left


def test_a_token_that_graph_refuses_is_dropped_and_the_next_is_a_new_one(graph):
    graph.provider.signs = "other@surrey.police.uk"
    with pytest.raises(Down, match=r"refused the token \(401\)"):
        Graph(chosen(graph)).send("an@surrey.police.uk", LETTER, "k")
    graph.provider.signs = MAILBOX
    assert Graph(chosen(graph)).send("an@surrey.police.uk", LETTER, "k").state is State.SENT
    assert len(graph.provider.given) == 2


def test_without_a_token_or_a_way_there_nothing_is_begun(graph):
    with pytest.raises(Down, match="no token for the sign-in"):
        Graph(chosen(graph, client_secret="wrong")).ready()
    away = chosen(graph).model_copy(update={"graph": f"https://localhost:{free_port()}"})
    for act in (Graph(away).ready, lambda: Graph(away).send("an@surrey.police.uk", LETTER, "k")):
        with pytest.raises(Down, match=r"Microsoft Graph cannot be reached \(ConnectionRefusedError\)"):
            act()


def test_both_the_token_and_the_letter_go_by_the_proxy(graph):
    with small_proxy() as proxy:
        assert Graph(chosen(graph, proxy=proxy.url)).send("an@surrey.police.uk", LETTER, "k").state is State.SENT
    assert set(proxy.asked) == {f"localhost:{graph.provider.port}", f"localhost:{graph.port}"}


@pytest.fixture
def set_up(graph, database: Engine, monkeypatch) -> None:
    """The settings name Graph, for a database of its own."""
    named = {
        "GRAPH": graph.url, "USER": MAILBOX, "OPERATIONS": OPERATIONS, "OAUTH__AUTHORITY": graph.provider.authority,
        "OAUTH__CLIENT_ID": CLIENT, "OAUTH__CLIENT_SECRET": SECRET,
    }  # fmt: skip
    for name, value in named.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)


@pytest.mark.usefixtures("set_up")
def test_the_doctor_asks_for_a_token_and_says_what_it_cannot_see(graph, run_cli: Callable[..., Ran]):
    found = {each["check"]: each for each in map(json.loads, run_cli("doctor", "--json").out.splitlines()[:-1])}
    assert found["mail-server"]["mark"] == "ok"
    assert "whether the mailbox may send shows with the first letter" in found["mail-server"]["sentence"]
    assert (len(graph.provider.given), graph.letters) == (1, [])


@pytest.mark.usefixtures("set_up")
def test_a_delivery_leaves_by_graph_and_a_lost_answer_is_a_marked_repeat(graph, database: Engine):
    with database.begin() as connection:
        World(connection).said()
    graph.faults.append("late")
    for hours in (0, 1):
        deliver(configured(), AT_NINE + timedelta(hours=hours))
    assert [letter["Subject"].startswith("[May be a repeat]") for letter in graph.letters] == [False, True]
    assert graph.letters[0]["Message-ID"] == graph.letters[1]["Message-ID"]


@pytest.mark.parametrize(("given", "fault"), [
    row("a server too",    {"host": "mail.example"}, "mail.host and mail.graph: set one of them"),
    row("another address", {"graph": "https://graph.example"}, "is not the address of Microsoft Graph"),
    row("no app",          {"oauth": {}}, "mail.oauth is missing"),
])  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(given, fault):
    oauth = {"tenant": "surrey.police.uk", "client_id": CLIENT, "client_secret": SECRET}
    ordinary = {"graph": "https://graph.microsoft.com", "user": MAILBOX, "operations": OPERATIONS, "oauth": oauth}
    with pytest.raises(ValidationError, match=fault):
        Mail.model_validate(ordinary | given)
