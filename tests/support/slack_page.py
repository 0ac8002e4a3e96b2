"""Draw a conversation of the stand-in as a page like Slack's, for screenshots and for people."""

import html
from datetime import UTC, datetime
from typing import Any

from config.days.london import LONDON
from tests.support.slack_stand_in import Conversation, SlackStandIn

STYLE = """
body { font: 15px/1.46 "Noto Sans", Lato, "DejaVu Sans", sans-serif; color: #1d1c1d; margin: 0; background: #fff }
main { max-width: 760px; margin: 0 auto; padding: 16px 20px }
h1 { font-size: 18px; border-bottom: 1px solid #ddd; padding-bottom: 10px }
.message { display: grid; grid-template-columns: 44px 1fr; padding: 8px 0 }
.face { width: 36px; height: 36px; border-radius: 6px; background: #1f4e79; color: #fff; font-weight: 700;
        display: grid; place-items: center }
.who b { margin-right: 6px } .who small { color: #616061 } .app { background: #e8e8e8; font-size: 10px;
        border-radius: 3px; padding: 1px 4px; margin-right: 6px; color: #616061 }
h2 { font-size: 17px; margin: 6px 0 4px } p { margin: 4px 0; white-space: pre-wrap }
.context { color: #616061; font-size: 12.5px } hr { border: 0; border-top: 1px solid #ddd }
.actions span { display: inline-block; border: 1px solid #bbb; border-radius: 6px; padding: 5px 11px;
        margin: 6px 8px 4px 0; font-weight: 700; font-size: 13.5px }
.thread { border-left: 3px solid #ddd; margin: 2px 0 0 18px; padding-left: 22px }
.count { color: #1264a3; font-weight: 700; font-size: 13px } .edited { color: #616061; font-size: 12px }
.whisper { background: #f8f8f8; border-radius: 6px; padding: 2px 10px }
.whisper .only { color: #616061; font-size: 12px }
"""


def page(slack: SlackStandIn, channel_id: str, *, title: str = "") -> str:
    """One conversation with its threads, and its messages to single people."""
    one = slack.conversations[channel_id]
    roots = [message for message in one.messages if "thread_ts" not in message]
    shown = "".join(_with_thread(one, root) for root in roots)
    whispers = "".join(_whisper(each) for each in slack.ephemeral if each["channel"] == channel_id)
    name = title or ("#" + one.name if one.with_user is None else "Direct message")
    return (
        f"<!doctype html><meta charset=utf-8><title>{html.escape(name)}</title><style>{STYLE}</style>"
        f"<main><h1>{html.escape(name)}</h1>{shown}{whispers}</main>"
    )


def _with_thread(one: Conversation, root: dict[str, Any]) -> str:
    replies = [message for message in one.messages if message.get("thread_ts") == root["ts"]]
    many = f"<div class=count>{len(replies)} repl{'y' if len(replies) == 1 else 'ies'}</div>" if replies else ""
    thread = f"<div class=thread>{''.join(map(_message, replies))}</div>" if replies else ""
    return _message(root) + many + thread


def _message(message: dict[str, Any]) -> str:
    at = datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(LONDON)
    edited = " <span class=edited>(edited)</span>" if "edited" in message else ""
    return (
        "<div class=message><div class=face>Cb</div><div><div class=who><b>Casebeat</b><span class=app>APP</span>"
        f"<small>{at:%a %-d %b %H:%M}</small></div>{_body(message)}{edited}</div></div>"
    )


def _whisper(said: dict[str, Any]) -> str:
    only = f"<div class=only>Only visible to {html.escape(said['user'])}</div>"
    return f"<div class='message whisper'><div class=face>Cb</div><div>{only}{_body(said)}</div></div>"


def _body(message: dict[str, Any]) -> str:
    blocks = message.get("blocks") or []
    return "".join(map(_block, blocks)) if blocks else f"<p>{_shown(message.get('text', ''))}</p>"


def _block(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h2>{_shown(block['text']['text'])}</h2>"
    if kind == "section":
        return f"<p>{_shown(block['text']['text'])}</p>"
    if kind == "context":
        return f"<p class=context>{'<br>'.join(_shown(each['text']) for each in block['elements'])}</p>"
    if kind == "actions":
        return f"<div class=actions>{''.join(f'<span>{_label(each)}</span>' for each in block['elements'])}</div>"
    return "<hr>"


def _label(element: dict[str, Any]) -> str:
    words = element.get("text") or element.get("placeholder") or {"text": ""}
    return _shown(words["text"]) + (" &#9662;" if element["type"] == "datepicker" else "")


def _shown(text: str) -> str:
    """The text as Slack shows it: only its three escapes are undone."""
    return html.escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
