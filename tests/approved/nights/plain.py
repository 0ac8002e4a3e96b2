"""Values of a column as short text: days of the book's year without the year, moments in London, numbers as names."""

import re
from datetime import date, datetime
from typing import Any

from config.days.london import LONDON
from flows.command_line.account import account
from tests.approved.nights.naming import Names, named

NOTHING = {"-", "no", "0", "{}"}
_DIGEST = re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b")  # random, or of other masked things
_CASE, _REF = re.compile(r"\b45(\d\d)0{3,}(\d+)"), re.compile(r"\b([A-Z]{2})0+(\d+)\b")
_ACCOUNT = re.compile(rf"(?<=through ){re.escape(account())}\b|(?<=\(){re.escape(account())}(?=\))")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+Z](?:\d\d:\d\d)?")


def masked(text: str) -> str:
    """Put a sign into the place of every digest, and of the account that runs the tests."""
    return _ACCOUNT.sub("ACCOUNT", _DIGEST.sub("#", text))


def shortened(line: str) -> str:
    """Leave out what the references of the demo's rows repeat: 45/26-108 is case 4526000108 of force 45."""
    return _REF.sub(r"\1\2", _CASE.sub(r"\1-\2", line))


class Plain:
    """The way in which the values of one night are written."""

    def __init__(self, names: Names, today: date) -> None:
        self._names, self._today = names, today

    def of(self, table: str, column: str, value: Any) -> str:
        """Write a value of a column."""
        value = self._with_names(table, column, value)
        text = self.text(value)
        text = "ACCOUNT" if text == account() else text
        return named(masked(text), self._names.of) if table in {"messages", "switches"} else masked(text)

    def _with_names(self, table: str, column: str, value: Any) -> Any:
        """Put names into the place of the numbers of rows in a value that is JSON, or a number alone."""
        match table, column, value:
            case "invitations", "event", {"cases": [*_]}:
                cases = [[self._case(one), *rest] for one, *rest in value["cases"]]
                return {**value, "cases": cases, "was": bool(value.get("was"))}  # an earlier line tells what it was
            case "agendas", "seen", dict():
                return {self._case(int(one)): keys for one, keys in value.items()}
            case "listed_patterns", "keys", [*_]:
                facts = (one.partition(":") for one in value)
                return [f"{fact} {self._case(int(of)) if 'same' in fact else of}" for fact, _, of in facts]
            case "audit", "detail", {"obligation": int(number)}:
                return {**value, "obligation": self._names.of("obligations", number)}
            case "messages", "about", str() if value.isdecimal():
                return self._names.of("acts", int(value))
        return value

    def _case(self, number: int) -> str:
        return self._names.of("cases", number)

    def text(self, value: Any) -> str:  # noqa: PLR0911  one way for each kind of value
        match value:
            case None | "" | []:
                return "-"
            case bool():
                return "yes" if value else "no"
            case datetime():
                there = value.astimezone(LONDON)
                return f"{self._day(there.date())} {there:%H:%M}"
            case date():
                return self._day(value)
            case list() | tuple():
                return ",".join(
                    "/".join(self._parts(one)) if isinstance(one, list) else self.text(one) for one in value
                )
            case dict():
                shown = ((key, self.text(inner)) for key, inner in sorted(value.items()))
                return "{" + ", ".join(f"{key} {inner}" for key, inner in shown if inner not in NOTHING) + "}"
        return self._text(str(value))

    def _parts(self, values: list[Any]) -> list[str]:
        shown = [self.text(one) for one in values]
        while shown and shown[-1] == "-":
            shown.pop()
        return shown

    def _text(self, text: str) -> str:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return self._day(date.fromisoformat(text))
        text = _MOMENT.sub(lambda found: self.text(datetime.fromisoformat(found[0])), text)
        text = text.replace(self._today.isoformat(), "today")
        return " | ".join(line.strip() for line in text.splitlines() if line.strip())

    def _day(self, day: date) -> str:
        if day == self._today:
            return "today"
        return f"{day:%m-%d}" if day.year == self._today.year else day.isoformat()
