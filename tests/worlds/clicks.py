"""A notice in Slack whose buttons a person clicks."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from config.days.london import at_london
from config.message_kinds import MessageKind
from config.settings import Settings
from flows.configured import configured
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.posts import buttons, post
from tasks.replies import slack_clicks
from tests.support.slack_socket import block_actions
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.samples import URGENT
from tests.worlds.slack import buttons as keys_of

TODAY = day("Wed 18 Mar 2026")
FRIDAY = "2026-03-20"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["hold", "show", "cb1.x", "U0P1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


class Notice:
    """A message about the action A1, as P1 sees it in Slack."""

    def __init__(self, case: OneCase, slack: SlackStandIn, chosen: Settings, to: str = "P1") -> None:
        self.case, self.slack, self.chosen, self.user = case, slack, chosen, f"U0{to}"
        (self.obligation,) = case.ask("select id from obligations where rule = 'action' and ended_on is null")
        items = tuple(replace(item, obligation_id=self.obligation) for item in URGENT.items)
        body = post(MessageKind.AT_ONCE, replace(URGENT, items=items), buttons(chosen.slack, to, TODAY))
        carrier = SlackApi(chosen.slack, pace=0)
        self.channel = carrier.direct(self.user)
        self.ref = carrier.send(self.channel, body, f"{to}").remote_ref
        carrier.close()
        (self.post,) = [each for each in slack.posts() if each["ts"] == str(self.ref).partition(":")[2]]
        (self.key,) = keys_of(self.post)
        self.row(to)

    def row(self, to: str) -> None:
        self.case.say(
            """with made as (
                 insert into messages (key, kind, contact_ref, channel, day, due_at, state, remote_ref)
                 values ('at_once:' || :ref, 'at_once', :to, 'slack', '2026-03-17', '2026-03-17T08:00Z', 'sent', :ref)
                 returning id)
               insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                          addressee, contact_ref, channel, state, message_id)
               select :obligation, 'step', 2, 'overdue', 'slack', '2026-03-17', 'chase', 'digest', 'owner', :to,
                      'slack', 'sent', id from made""",
            to=to, ref=self.ref, obligation=self.obligation,
        )  # fmt: skip

    def payload(self, click: str = "hold", until: str | None = FRIDAY, by: str = "", **changed: Any) -> dict[str, Any]:
        return block_actions(
            self.post, by or self.user, self.key, click, channel_id=self.channel,
            selected_date=until if click == "hold" else None, **changed,
        )  # fmt: skip

    def click(self, on: date = TODAY, **given: Any) -> str:
        """Receive a click and perform it; return the answer."""
        again = slack_clicks.store(slack_clicks.read(self.payload(**given), self.chosen), at_london(on))
        said = slack_clicks.act(configured(), on, at_london(on)) or again
        assert said is not None
        assert (said.channel_id, said.slack_user_id) == (self.channel, given.get("by") or self.user)
        return said.text


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for name, each in inner for found in places(each, (*path, name))]
