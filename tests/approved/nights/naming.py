"""Stable names for rows: what a person would call them, in place of the numbers that a database gave them."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Mapping[Any, Row]]  # each table's rows by their key
Say = Callable[[str, Any], str]  # the name of a table's row

POINTS_TO = {  # columns that hold the number of another table's row
    "case_id": "cases",
    "completion_id": "completions",
    "convening_id": "convenings",
    "key_id": "case_keys",
    "letter_id": "messages",
    "message_id": "messages",
    "notification_id": "notifications",
    "obligation_id": "obligations",
    "outcome_id": "outcomes",
    "promise_id": "promises",
    "series_id": "series",
    "sitting_id": "sittings",
    "source_id": "sources",
    "thread_id": "messages",
    "undoing_id": "undoings",
    "urn_key_id": "case_keys",
}


_NUMBERED = {  # the beginnings of texts that hold a row's number, and of which table
    "act": "acts",
    "barred chair": "cases",
    "bounced": "messages",
    "not mine": "obligations",
    "post": "messages",
    "thread": "cases",
    "transfer": "cases",
    "void": "undoings",
}
_NUMBER = re.compile(rf"\b({'|'.join(_NUMBERED)}):(\d+)\b(?!/)")
_ALIKE = {"audit"}  # tables whose rows may share a name
_BY_NUMBER = {"reply": "replies", "click": "clicks", "rounds": "undoings"}  # whose row an audit row names by its number
_OWN_NUMBER = re.compile(r":\d+$")  # of the row itself, after what it is about
_DIGEST = re.compile(r"\b[0-9a-f]{12,}$")


def named(text: str, name: Say) -> str:
    """Put names into the place of the numbers in a text."""
    return _NUMBER.sub(lambda found: f"{found[1]}:{name(_NUMBERED[found[1]], int(found[2]))}", text)


class Naming:
    """How the rows of a table are named: by which of its columns."""

    def __init__(self, *columns: str, say: Callable[[Row, Say], str] | None = None) -> None:
        self.columns = frozenset(columns)
        self._order, self._say = columns, say

    def __call__(self, row: Row, name: Say) -> str:
        if self._say:
            return self._say(row, name)
        parts = (name(POINTS_TO[one], row[one]) if one in POINTS_TO and row[one] else row[one] for one in self._order)
        return " ".join(str(part) for part in parts if part not in {None, ""})


def _of_case(row: Row, _: Say) -> str:
    return f"{row['force_code']}/{row['case_ref']}"


def _of_key(row: Row, _: Say) -> str:
    return row["urn_root"] or f"{row['force_code']}/{row['case_ref']}"


def _of_obligation(row: Row, name: Say) -> str:
    whose = name("cases", row["case_id"]) if row["case_id"] else "no case"
    subject = "" if row["subject"] == "case" else f" {row['subject'].removeprefix(row['rule'] + ':')}"
    return f"{whose} {row['rule']}{subject} v{row['version']}"


def _of_notification(row: Row, name: Say) -> str:
    happening = "" if row["happening"] in {"step", row["step_name"]} else f" {row['happening']}"
    occasion = (
        "" if row["occasion"] in {"", row["step_name"], row["happening"]} else f" ({named(row['occasion'], name)})"
    )
    about = f"{name('obligations', row['obligation_id'])} {row['step_name']}{happening}{occasion}"
    return (
        f"{about} to {row['contact_ref'] or 'operations'}{'' if row['channel'] == 'email' else ' by ' + row['channel']}"
    )


def _of_audit(row: Row, name: Say) -> str:
    about, ref = row["about"], row["ref"]
    if about in {"step", "promise"}:
        obligation, _, number = ref.partition(":")
        ref = name("obligations", int(obligation)) + (f" {number}" if about == "step" else "")
    elif about in _BY_NUMBER:
        ref = name(_BY_NUMBER[about], int(ref))
    elif about in {"outcome", "action"}:
        ref = _OWN_NUMBER.sub("", ref)
    return f"{row['verb']} {about}:{named(ref, name)}" + (f" to {row['to_ref']}" if row["to_ref"] else "")


def _of_message(row: Row, name: Say) -> str:
    key = named(row["key"], name)
    if digest := _DIGEST.search(key):
        key = f"{key[: digest.start()]}{row['contact_ref'] or 'operations'}"
    return key


NAMES: dict[str, Naming] = {
    "absences": Naming("contact_ref", "from_on", "to_on"),
    "actions": Naming("action_ref"),
    "acts": Naming(
        "made_on",
        "by_ref",
        "promise_id",
        "completion_id",
        "outcome_id",
        "convening_id",
        "undoing_id",
        "confirmation_id",
    ),
    "agendas": Naming("sitting_id", "occasion", "day"),
    "audit": Naming("verb", "about", "ref", "to_ref", say=_of_audit),
    "audit_seals": Naming("number"),
    "case_keys": Naming("force_code", "case_ref", "urn_root", say=_of_key),
    "cases": Naming("force_code", "case_ref", say=_of_case),
    "clicks": Naming("slack_user_id", "click", "nonce"),
    "completions": Naming("action_ref", "made_on"),
    "confirmations": Naming("case_id", "confirmed_on", "by_ref"),
    "contacts": Naming("contact_ref"),
    "convenings": Naming("case_id", "sitting_id"),
    "cps_cases": Naming("key_id"),
    "earlier_days": Naming("key_id", "ref", "name", "day"),
    "extracts": Naming("extract_id", "state"),
    "incidents": Naming("incident_ref"),
    "invitations": Naming("sitting_id", "series_id", "contact_ref"),
    "listed_patterns": Naming("message_id", "case_id"),
    "messages": Naming("key", say=_of_message),
    "notifications": Naming(
        "obligation_id", "step_name", "occasion", "happening", "contact_ref", "channel", say=_of_notification
    ),
    "obligations": Naming("case_id", "rule", "subject", "version", say=_of_obligation),
    "orders": Naming("order_ref"),
    "outcomes": Naming("convening_id"),
    "pleas": Naming("plea_ref"),
    "promises": Naming("obligation_id", "by_ref", "made_on"),
    "referrals": Naming("referral_ref"),
    "rejected_marks": Naming("source_id", "force_code", "case_ref"),
    "replies": Naming("day", "contact_ref", "answered"),
    "report_figures": Naming("month_on", "force_code", "cps_area"),
    "reviews": Naming("review_ref"),
    "rounds": Naming("force_code", "day"),
    "series": Naming("ref"),
    "sittings": Naming("ref"),
    "slack_conversations": Naming("slack_user_id"),
    "source_columns": Naming("source_id", "file", "name"),
    "source_files": Naming("source_id", "file"),
    "sources": Naming("name"),
    "steps": Naming("obligation_id", "name"),
    "switches": Naming("name"),
    "thread_posts": Naming("message_id"),
    "threads": Naming("message_id"),
    "training": Naming("contact_ref", "course", "completed_on"),
    "undoings": Naming("after_on"),
}


class Names:
    """The names of the rows of some tables. Rows that would share a name are told apart by their order."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[str, Any], str] = {}
        self._naming: set[str] = set()

    def of(self, table: str, key: Any) -> str:
        """Return the name of a row, which may be gone."""
        if (table, key) not in self._known:
            if key not in self._tables.get(table, {}):
                return f"({table})"
            if table in self._naming:  # a row of the table names another one of it
                return NAMES[table](self._tables[table][key], self.of)
            self._name_all(table)
        return self._known[table, key]

    def _name_all(self, table: str) -> None:
        self._naming.add(table)
        shared: dict[str, list[Any]] = defaultdict(list)
        for key, row in self._tables[table].items():
            shared[NAMES[table](row, self.of)].append(key)
        self._naming.remove(table)
        for name, keys in shared.items():
            for number, key in enumerate(sorted(keys), start=1):
                self._known[table, key] = name if number == 1 or table in _ALIKE else f"{name} #{number}"
