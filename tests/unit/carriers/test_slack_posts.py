"""Posts: the content for Slack of each message, with any values in it."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.message_kinds import MessageKind
from config.routes import Channel
from config.slack import KINDS, Slack
from tasks.carriers.case_threads import cleaned
from tasks.carriers.slack import blocks, posts
from tasks.carriers.slack.blocks import TooLong, card, fitted
from tasks.carriers.slack.posts import GOOD_FOR_DAYS, buttons, fitting, post, post_ref
from tasks.messages.contexts import ItemPromise
from tasks.messages.letter.contexts import Count
from tasks.messages.rendering import render_for
from tasks.messages.thread import CaseThreadContext
from tasks.platform import tokens
from tasks.platform.templates import TEMPLATES
from tasks.platform.tokens import Purpose
from tests.support import slack_rules
from tests.worlds.samples import ACTION, DAY, LIMIT, MAILED, SPOC, URGENT

POSTED = sorted(name for name, (kind, _) in MAILED.items() if kind in KINDS)
LISTENING = Slack.model_validate({"token": "xoxb-1", "app_token": "xapp-1", "team": "T0FORCE", "app": "A0CASEBEAT"})
DEAF = Slack.model_validate({"token": "xoxb-1"})
HANDLE = "key-of-{}".format
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from([
        "<!channel>", "<!here|x>", "<@U0SPOC>", "<#C0FORCE45>", "<https://evil.test|click>", "&lt;!channel&gt;",
        "a\n# heading", "\n@ hold show x", "\r\n> small", "\u2028* item", "*bold* _it_ ~no~ `code`",
        ":boom:", "{{7*7}}",
        "https://evil.test", "\x00", "\ud800", "\u202egnp", "x" * 5000, "&" * 5000, "",
    ]),
)  # fmt: skip
FREE = {  # the texts of a context that hold values of records; the others are our own codes
    "reference", "urn", "subject", "note", "calculated_from", "headline", "places", "lines", "pair", "place",
}  # fmt: skip


def poisoned(value, poison):
    """The same values, with this one in place of every text from a record."""
    if isinstance(value, tuple):
        return _like(value, [poisoned(each, poison) for each in value])
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for each in fields(value):
            old = getattr(value, each.name)
            if each.name in FREE and type(old) is str:
                changed[each.name] = poison
            elif each.name in FREE and isinstance(old, tuple):
                changed[each.name] = tuple(poison for _ in old)
            else:
                changed[each.name] = poisoned(old, poison)
        return replace(value, **changed)
    return value


def numbered(sample):
    """A sample whose items belong to obligations, as in a real message."""
    kind, context = sample
    return kind, _numbered(context, count(1))


def _numbered(value, numbers):
    if isinstance(value, tuple):
        return _like(value, [_numbered(each, numbers) for each in value])
    if is_dataclass(value) and not isinstance(value, type):
        changed = {each.name: _numbered(getattr(value, each.name), numbers) for each in fields(value)}
        return replace(value, **changed | ({"obligation_id": next(numbers)} if "obligation_id" in changed else {}))
    return value


def _like(value, parts):
    return value._make(parts) if hasattr(value, "_make") else tuple(parts)


def every_text(value):
    if isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn"}:
            yield value
        for each in value.values():
            yield from every_text(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_text(each)


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("handle", [HANDLE, None])
def test_every_message_is_one_that_slack_takes(name, handle):
    kind, context = numbered(MAILED[name])
    said = json.loads(post(kind, context, handle))
    slack_rules.check_message(said)
    assert said["text"]
    assert {each["type"] for each in every_text(said["blocks"])} == {"plain_text"}
    assert bool([block for block in said["blocks"] if block["type"] == "actions"]) <= (handle is HANDLE)


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.sampled_from(POSTED))
def test_no_value_becomes_anything_but_text(poison, name):
    kind, context = numbered(MAILED[name])
    said = json.loads(json.dumps(fitting(kind, poisoned(context, poison), HANDLE)))
    slack_rules.check_message(said)
    for each in every_text(said["blocks"]):
        assert each["type"] == "plain_text"
        assert each["emoji"] is False
        assert_literal(each["text"])
    assert_literal(said["text"])


def assert_literal(text):
    assert "<" not in text
    assert ">" not in text
    assert "&" not in text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not any(each in text for each in "\x00\r\u2028\u202e\ud800")


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
def test_the_shape_of_a_message_does_not_depend_on_its_values(poison):
    plain = fitting(MessageKind.AT_ONCE, poisoned(URGENT, "45/SAMPLE"), HANDLE)
    hostile = fitting(MessageKind.AT_ONCE, poisoned(URGENT, poison), HANDLE)
    assert [block["type"] for block in hostile["blocks"]] == [block["type"] for block in plain["blocks"]]


def test_what_slack_would_read_is_shown_as_it_was_written():
    assert fitted("<!channel> & <@U1>", 100) == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert fitted("&lt;", 100) == "&amp;lt;"


@given(st.text(), st.integers(1, 60))
def test_words_are_cut_before_they_are_escaped_and_never_longer_than_asked(words, longest):
    cut = fitted(words, longest)
    assert len(cut) <= longest
    rest = cut
    for known in ("&amp;", "&lt;", "&gt;"):
        rest = rest.replace(known, "")
    assert "&" not in rest, "no escape is cut in two"


def test_words_are_cut_no_shorter_than_they_must_be_and_as_slack_takes_them():
    assert fitted("x" * 10, 10) == "x" * 10
    assert fitted("x" * 12, 10) == "x" * 9 + "…"
    assert fitted("x" * 8 + "  y", 10) == "x" * 8 + "…"
    made = card(f"# {'x' * 400}\n* {'y' * 4_000}\n> {'z' * 4_000}", None)
    header, section, small = made["blocks"]
    texts = (made["text"], header["text"]["text"], section["text"]["text"], small["elements"][0]["text"])
    assert [len(each) for each in texts] == [300, 150, 3_000, 3_000]


def test_a_letter_too_long_for_slack_counts_what_it_leaves_out():
    many = tuple(replace(ACTION, reference=f"45/SAMPLE-{number}") for number in range(60))
    said = fitting(MessageKind.LETTER, replace(SPOC, yours=many, rest=(Count("overdue", 3),), standing=None), HANDLE)
    slack_rules.check_message(said)
    words = [each["text"] for each in every_text(said["blocks"])]
    shown = sum("CCTV" in text for text in words)
    assert 3 <= shown < 60
    (rest,) = [text for text in words if text.startswith("The rest, counted")]
    assert f"{63 - shown} overdue" in rest
    assert "Your mail has the list." in rest


def test_the_worst_is_kept_where_something_must_go():
    open_items = SPOC.standing.still_open * 200
    long = replace(SPOC, standing=replace(SPOC.standing, still_open=open_items), rest=())
    words = " ".join(each["text"] for each in every_text(fitting(MessageKind.LETTER, long, HANDLE)["blocks"]))
    assert "45/SAMPLE-0002" in words
    assert "45/SAMPLE-0006" in words
    assert "The rest, counted: " in words


def test_limits_and_orders_are_the_last_that_a_long_letter_leaves_out():
    limits = tuple(replace(LIMIT, reference=f"45/LIMIT-{number}") for number in range(20))
    actions = tuple(replace(ACTION, reference=f"45/SAMPLE-{number}") for number in range(60))
    said = fitting(MessageKind.LETTER, replace(SPOC, limits=limits, yours=actions, victim=actions), HANDLE)
    words = " ".join(each["text"] for each in every_text(said["blocks"]))
    assert all(f"45/LIMIT-{number}" in words for number in range(20))


def thread_of(*items):
    numbered_items = tuple(replace(each, obligation_id=at) for at, each in enumerate(items, 1))
    context = CaseThreadContext(hidden=False, reference="45/SAMPLE", urn=None, items=numbered_items)
    said = fitting(MessageKind.THREAD, context, HANDLE)
    slack_rules.check_message(said)
    return said["text"], [each["text"] for each in every_text(said["blocks"])]


@pytest.mark.parametrize("number", [1, 60, 300])
def test_a_case_with_more_than_its_thread_has_room_for_says_how_many_more(number):
    heading, words = thread_of(*[replace(LIMIT, hard=False)] * number)
    shown = sum("Ends when" in each for each in words)
    assert 0 < shown <= number
    assert (shown == number) == (number == 1)
    assert (f"And {number - shown} more." in words) == (shown < number)
    assert number == 1 or heading == f"45/SAMPLE: {number} matters open", "all of it, shown or not"


def test_a_clock_that_somebody_has_taken_on_keeps_its_day_in_the_threads_heading():
    held = replace(LIMIT, promise=ItemPromise(until_on=DAY, role="officer", end=None))
    assert thread_of(replace(held, hard=False))[0].startswith("Taken on until ")
    heading, words = thread_of(replace(held, hard=True))
    assert "Taken on" not in heading
    assert "due by" in heading
    assert any("has taken this on until" in each for each in words)


def test_what_cannot_be_made_short_enough_is_not_half_said():
    with pytest.raises(TooLong):
        card("# heading\n" * 51, None)


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "s" * 40)


@pytest.mark.parametrize("name", POSTED)
def test_what_never_fits_is_refused_once_nothing_can_be_left_out(name, monkeypatch):
    def never(*given):
        raise TooLong("again")

    monkeypatch.setattr(posts, "card", never)
    with pytest.raises(TooLong, match="that nothing can be left out of"):
        fitting(*MAILED[name], None)


def test_buttons_are_known_by_keys_of_one_person_and_version_that_say_nothing(secret):
    handle = buttons(LISTENING, "P45sp7", DAY)
    said = json.loads(post(MessageKind.AT_ONCE, replace(URGENT, items=(replace(LIMIT, obligation_id=7),)), handle))
    (actions,) = [block for block in said["blocks"] if block["type"] == "actions"]
    slack_rules.check_message(said)
    assert [each["action_id"] for each in actions["elements"]] == ["hold", "show"]
    assert "P45sp7" not in json.dumps(said)
    assert "value" not in actions["elements"][1]
    key = tokens.read(actions["block_id"], Purpose.BUTTON, DAY)
    assert key == ("P45sp7", 7, DAY + timedelta(days=GOOD_FOR_DAYS), Purpose.BUTTON)


def test_there_are_no_buttons_where_nobody_listens():
    assert buttons(DEAF, "P45of1", DAY) is None


def test_one_obligation_has_its_buttons_once_in_a_message():
    one = replace(LIMIT, obligation_id=7)
    twice = replace(SPOC, limits=(one, one))
    said = fitting(MessageKind.LETTER, twice, HANDLE)
    ids = [block["block_id"] for block in said["blocks"] if block["type"] == "actions"]
    assert len(ids) == len(set(ids)) == 1


def test_what_someone_has_taken_on_can_be_shown_and_not_taken_on_again():
    held = replace(URGENT, items=(replace(LIMIT, command="", obligation_id=7),))
    said = fitting(MessageKind.AT_ONCE, held, HANDLE)
    (actions,) = [block for block in said["blocks"] if block["type"] == "actions"]
    assert [each["action_id"] for each in actions["elements"]] == ["show"]


def test_what_is_of_no_case_has_no_buttons():
    said = fitting(MessageKind.AT_ONCE, replace(URGENT, items=(replace(LIMIT, obligation_id=0),)), HANDLE)
    assert [block for block in said["blocks"] if block["type"] == "actions"] == []


def test_a_restricted_case_is_named_by_nothing():
    said = post(MessageKind.AT_ONCE, replace(URGENT, items=(), restricted=1), HANDLE)
    assert b"SAMPLE" not in said
    assert b"1 restricted case: ask a SPOC" in said


def test_a_post_is_the_same_for_every_try_and_its_key_is_opaque():
    first, second = (post(MessageKind.AT_ONCE, URGENT, HANDLE, "1.000001") for _ in "12")
    assert first == second
    assert json.loads(first)["thread_ts"] == "1.000001"
    assert "P45of1" not in post_ref("at_once:1:P45of1:slack")
    assert len(json.dumps({"event_type": "casebeat_notice", "event_payload": {"k": post_ref("x")}})) < 500


def test_no_line_of_a_slack_template_begins_with_a_value():
    files = [*TEMPLATES.rglob("slack.txt")]
    begun = [
        f"{path.parent.name}: {line}" for path in files for line in path.read_text("utf-8").splitlines()
        if line.startswith("{{") and not line.removeprefix("{{ ").split("(")[0].endswith("_slack")
    ]  # fmt: skip
    assert files
    assert begun == []


@pytest.mark.parametrize("name", POSTED)
def test_every_line_of_a_sample_says_what_it_becomes(name):
    kind, context = MAILED[name]
    lines = render_for(Channel.SLACK, kind, cleaned(context)).splitlines()
    assert {line[:2] for line in lines if line} <= {"# ", "* ", "| ", "> ", "@ "}


def test_a_line_that_says_nothing_of_itself_is_refused():
    with pytest.raises(ValueError, match="begins with none of"):
        card("# a\nwords", None)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"text": "", "blocks": []}, "without its notification"),
        ({"text": "x", "blocks": [{"block_id": "a"}, {"block_id": "a"}]}, "two blocks of one name"),
        ({"text": "x", "blocks": [{"block_id": "a" * 256}]}, "name too long"),
    ],
)
def test_what_slack_would_refuse_is_refused_first(message, why):
    with pytest.raises(ValueError, match=why):
        blocks.check(message)


@pytest.mark.parametrize("number", [51, 50])
def test_more_blocks_than_fifty_are_too_long(number):
    message = {"text": "x", "blocks": [{"type": "divider"}] * number}
    if number > 50:
        with pytest.raises(TooLong):
            blocks.check(message)
    else:
        blocks.check(message)


def test_what_cannot_be_shown_is_left_out_and_line_breaks_stay():
    assert fitted("a\x00b\u200bc\nd\ud800", 100) == "abc\nd"


@pytest.mark.parametrize(("length", "fits"), [(12_000, True), (12_001, False)])
def test_no_message_is_longer_than_slack_takes(length, fits):
    message = {"text": "x", "blocks": [{"type": "divider", "x": ""}]}
    message["blocks"][0]["x"] = "x" * (length - len(json.dumps(message["blocks"])))
    if fits:
        blocks.check(message)
    else:
        with pytest.raises(TooLong):
            blocks.check(message)


def test_a_name_of_a_block_may_be_as_long_as_slack_takes():
    blocks.check({"text": "x", "blocks": [{"block_id": "a" * 255}, {"block_id": "b"}]})
