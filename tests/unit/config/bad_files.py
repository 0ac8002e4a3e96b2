"""Files that are not what they should be: policy, panels and calendar, each with the words or place of its refusal."""

from itertools import pairwise
from typing import NamedTuple

import yaml

from config.policy import SHIPPED as POLICY

LONG = "9" * 100_000
SECRET = "Jane Smith of 12 High Street"


class BadFile(NamedTuple):
    """A file's content, and what its refusal has to contain: the value's path, its line or the reason."""

    content: bytes
    place: str


PANEL = {
    "force_code": '"45"', "cps_area": "South East", "from": "2026-01-06", "rrule": '"FREQ=WEEKLY;BYDAY=TU"',
    "starts": '"10:00"', "cases": "12", "minutes_per_case": "10", "chair": "P45sp0", "place": "Room 2",
}  # fmt: skip

PANEL_VALUES = {
    "force_code": (
        '"99"', '"00"', "45.0", "045", "true", "null", "[]", '"45 "', '"\u0664\u0665"',
        "4" * 5_000, "{}", '""', "2026-01-06",
    ),
    "cps_area": ("Mercia", "true", "7", "[South East]", "null", '""', "x" * 100_000, '"South\\nEast"', '"\\0"'),
    "from": (
        "2026-02-30", "0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "20260106", "2026", "0", "-1",
        "2026-01-06T10:00:00", "2026-01-06T10:00:00Z", "2026-01-06 00:00:00 +23:59", "06/01/2026", '""', "null", "true",
        "2026-13-01", "2026-1-6", "10000-01-01", "-0001-01-01", "[2026-01-06]", "{2026-01-06: 1}", "1e9", ".inf", LONG,
        "1767657600", '"2026-W02-2"', "today", "\u0662\u0660\u0662\u0666-01-06",
    ),
    "rrule": (
        '"FREQ=MONTHLY;BYDAY=10TU"', '"FREQ=YEARLY;BYMONTH=1;BYDAY=9TU"', '"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"',
        '"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"', '"FREQ=SECONDLY"',
        '"FREQ=DAILY;BYMINUTE=1"', '"FREQ=YEARLY;BYEASTER=0"', '"FREQ=DAILY;INTERVAL=0"', '"FREQ=DAILY;INTERVAL=99999"',
        '"FREQ=DAILY;COUNT=0"', '"FREQ=DAILY;UNTIL=20260230"', '"FREQ=DAILY;UNTIL=20250101"', '"FREQ=DAILY;UNTIL=x"',
        '"FREQ=DAILY;INTERVAL=7;BYDAY=MO"', '"FREQ=MONTHLY;BYMONTHDAY=0"', '"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=300"', "5",
        '"FREQ=DAILY\\nFREQ=DAILY"', '""', "null", "[FREQ=DAILY]", '"' + "FREQ=DAILY;" * 9_000 + '"',
        '"RDATE:20260106"',
        '"FREQ=WEEKLY;BYDAY=TÜ"', '"FREQ=WEEKLY;BYDAY=+TU"', '"FREQ=DAILY;BYMONTH=13"', SECRET,
    ),
    "starts": (
        '"10:00Z"', '"10:00+05:00"', '"25:00"', '"10:60"', '"10"', "600", "36000", "null", '"10:00:30"', '"ten"', "[]",
        '"10:00:00.5"', "true", '"24:00"',
    ),
    "cases": ("0", "-1", "101", "12.5", '"12"', "true", "yes", "null", LONG, "1e3", ".nan", ".inf", "0x10", "010",
              "1_0", "1:30"),
    "minutes_per_case": ("0", "241", "-10", '"10"', "true", LONG, "1.0", "null"),
    "chair": ('""', '" "', "Jane Smith", "7", "null", '"P1\\n"', '"P1;P2"', "x" * 65, "[P1]"),
    "place": (
        '"Room\\n2"', '"Room\\02"', '"Room\\u20282"', '"Room\\u202e2"', '"Room\\ud8002"', '""', '" "', "x" * 201, "7",
        "null", '"a\\rb"', '"a\\x85b"', "[Room]", "|\n      Room\n      2",
    ),
    "horizon": ("6d", "183d", "42wd", "2m", "-42d", "42", LONG, "null", "true"),
    "non_working_day": ("before", "true", "null", "[next]"),
}  # fmt: skip


def _panels() -> dict[str, BadFile]:
    found = {}
    for key, values in PANEL_VALUES.items():
        for number, value in enumerate(values):
            lines = "\n    ".join(f"{name}: {text}" for name, text in ({**PANEL, key: value}).items())
            found[f"panel {key} {number}"] = BadFile(f"panels:\n  - {lines}\n".encode("utf-8", "surrogatepass"), key)
    long = {**PANEL, "cases": "10", "minutes_per_case": "240"}
    both = "\n    ".join(f"{name}: {text}" for name, text in long.items())
    found["a sitting of 40 hours"] = BadFile(f"panels:\n  - {both}\n".encode(), "a sitting of 40 hours")
    return found


CALENDARS = {
    "many faults": ("holidays: [" + "1," * 5_000 + "]", "and 4950 more"),
    "a day that is none": ("holidays: [2027-02-29]", "holidays[1]"),
    "the second day is none": ("holidays: [2027-05-03, 2027-02-29]", "holidays[2]"),
    "a month that is none": ("working_days: [2027-13-01]", "working_days[1]"),
    "a day of another age": ("holidays: [0001-01-01]", "holidays[1]"),
    "the last day of all": ("holidays: [9999-12-31]", "holidays[1]"),
    "a number": ("holidays: [20270503]", "holidays[1]"),
    "seconds": ("holidays: [1809302400]", "holidays[1]"),
    "a moment": ("holidays: [2027-05-03T00:00:00Z]", "holidays[1]"),
    "a text": ("holidays: 2027-05-03", "holidays"),
    "a name": (f"holidays: [{SECRET}]", "holidays[1]"),
    "a mapping": ("holidays: {2027-05-03: one-off}", "holidays"),
    "a mapping as a key": ("{holidays: [], {a: b}: 1}", "a list or a mapping as a key"),
    "a list as a key": ("? [a, b]\n: 1", "a list or a mapping as a key"),
    "a key of another file": ("panels: []", "panels"),
    "both": ("holidays: [2027-05-03]\nworking_days: [2027-05-03]", "2027-05-03 is a holiday and a working day"),
    "null": ("holidays: null", "holidays"),
    "yes": ("holidays: [yes]", "holidays[1]"),
    "a list": ("- 2027-05-03", "the whole file"),
    "a word": ("holidays", "the whole file"),
    "a number alone": (LONG, "the whole file"),
}
TEXTS = {
    "levels": ("[" * 3_000 + "]" * 3_000, "line 1"),
    "levels over lines": ("\n".join(" " * n + "a:" for n in range(400)), "line 21"),
    "levels of mappings": ("{a: " * 3_000 + "1" + "}" * 3_000, "line 1"),
    "levels of keys": ("? " * 3_000 + "a", "line 1"),
    "levels of lists": ("- " * 3_000 + "a", "line 1"),
    "anchors": ("a: &a [1]\nb: *a", "line 1, a"),
    "an alias": ("holidays: *days", "line 1"),
    "a bomb": ("a: &a [x]\n" + "\n".join(f"{b}: &{b} [*{a},*{a}]" for a, b in pairwise("abcdefghi")), "line 1, a"),
    "itself": ("&a [*a]", "line 1"),
    "merged": ("<<: {holidays: []}", "<<"),
    "merged twice": ("<<: {a: 1}\n<<: {b: 1}", "line 2"),
    "a tag": ("holidays: !!set {2027-05-03}", "line 1, holidays"),
    "a tag of Python": ("holidays: !!python/object/apply:os.system [id]", "line 1, holidays"),
    "a tag of its own": ("!panel {a: 1}", "line 1"),
    "a binary tag": ("holidays: !!binary aGk=", "line 1"),
    "an undefined tag": ("holidays: !x!y 1", "line 1"),
    "a key twice": ("holidays: []\nholidays: []", "line 2"),
    "a key twice below": ("panels:\n  - {a: 1, a: 2}", "line 2, panels[1]"),
    "two documents": ("holidays: []\n---\nholidays: []", "line 2"),
    "never closed": ("holidays: [", "line 1"),
    "a tab": ("holidays:\n\t- 2027-05-03", "line 2"),
    "a quotation mark": ('holidays: "', "line 1"),
    "an escape": ('holidays: "\\q"', "line 1"),
    "a character beyond all": ('holidays: "\\UFFFFFFFF"', "line 1"),
    "half a character": ('holidays: "\\ud800"', "line 1"),
    "a version of many digits": ("%YAML " + "9" * 5_000 + ".1\n--- a", "line 1"),
    "another version": ("%YAML 9.1\n--- a", "line 1"),
    "a directive": ("%TAG ! !\n%TAG ! !\n--- a", "line 2"),
    "a NUL": ("holidays: []\n\0", "line 2"),
    "a bell": ("holidays: \a", "line 1"),
    "a name as a key": (f"{SECRET}: 1", "is not a key that this file knows"),
    "a key on two lines": ('"holi\\ndays": []', "line 1"),
    "a key that is long": ("? " + "k" * 100_000 + "\n: 1", "is not a key that this file knows"),
    "an empty key": (": 1", "line 1"),
    "a colon": (":", "line 1"),
    "many": ("x: [" + "1," * 60_000 + "]", "is not a key that this file knows"),
    "too large": ("# " + "x" * 200_000, "is larger than 128 KiB"),
    "percent": ("%", "line 1"),
    "at": ("@", "line 1"),
    "backquote": ("`", "line 1"),
    "bracket": ("]", "line 1"),
}  # fmt: skip
BYTES = {
    "UTF-16": ("holidays: []".encode("utf-16"), "is not UTF-8 text"),
    "UTF-32": ("holidays: []".encode("utf-32"), "is not UTF-8 text"),
    "Windows-1252": ("holidays: [] # é".encode("cp1252"), "is not UTF-8 text"),
    "half a character": (b"holidays: []\xc3", "is not UTF-8 text"),
    "a surrogate": (b"holidays: \xed\xa0\x80", "is not UTF-8 text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not UTF-8 text"),
    "a program": (b"\x7fELF\2\1\1" + bytes(9), "line 1"),
    "a packed file": (b"\x1f\x8b\x08\0\0\0\0\0", "is not UTF-8 text"),
}
POLICY_VALUES: dict[str, tuple[object, ...]] = {
    "edition": ("", "x" * 41, True, 2026, None, [], SECRET + "\n", "a\nb"),
    "rules.action.within": ("10", "ten days", "9999m", "9999d", "3721d", "", 10, True, None, "10WD", "1" * 9_999, [],
                            "\u0967\u0966d"),
    "rules.action.enabled": ("no thanks", 1, 0, "true ", None, []),
    "rules.action.ladder": ("", "Soft", "soft\n", "x" * 41, 7, None, SECRET),
    "rules.order-told.since": (None, "", "yesterday", 20261101, "2026-13-01", "0001-01-01"),
    "rules.action.remind": ("2wd", "--2wd", "2", None),
    "rules.action.escalate": ("-1d", {"high": "1d"}, {"high": "1d", "medium": "1d", "standard": "x"}, [], 5),
    "rules.action.duty": ("law", "local", None),
    "rules.action.number": ("law", "local", None),
    "rules.summary-time-limit.limit": ("9m", "180d", "0m", "-6m", 6, None),
    "ladders.soft": ([], [{}], "soft", None, {}, [None], [[]]),
    "ladders.Soft": ([],),
    "acknowledge.renewals": (-1, 101, True, "2", 2.5, 10**20),
    "acknowledge.lead": ({"holiday": "1d"}, [], {"victim_request": "x"}),
    "intake.max_rejected_percent": (-1, 101, True, "5", 5.0, None, float("inf"), float("nan")),
    "intake.unlike_percent": (-1, 101, "10", None),
    "intake.emptied_percent": (-1, 101, 50.0),
    "intake.more_than_rows": (-1, 10**10, 10**18, True),
    "feeds.niche-45": ({}, {"every": "0m"}, {"every": 1}, {"each": "1d"}, "1wd", 36, None, []),
    "feeds.stale_after_hours": (0, -36, 9_000, 10**9, "36h", True),
    "letter.longest.yours": (0, 1_001, 10**10, "40"),
    "letter.from": ("8", "08:00+05:00", "25:00", 480, None, "08:00Z"),
    "delivery.most_per_run": (0, -1, 10**12, "5000", True),
    "delivery.most_per_person_per_day": (0, 2.5),
    "replies.good_for": ("90", "9999m", 90),
    "overrides": ({"99": {}}, {"45": {"tea": {}}}, {"45": {"action": {"within": "x"}}}, {"45": []}, [], {"45\n": {}},
                  {45: 5}),
    "overrides.45": ({"action": {"remind": "2wd"}}, {"action": {SECRET: 1}}, {SECRET: {}},
                     {"action": {"ladder": "rope"}}, {"summary-time-limit": {"limit": "9m"}},
                     {"summary-time-limit": {"duty": "local"}}, {"action": {"number": "law"}}),
    "agenda.before": (None, "3", "3wd "),
    "calendar.around": (None, 5, "5", "0min", "5m"),
    "series.from": (None, "3", -1, 1_001, True),
}  # fmt: skip


def _policies() -> dict[str, BadFile]:
    found = {}
    for key, values in POLICY_VALUES.items():
        for number, value in enumerate(values):
            policy = yaml.safe_load(POLICY.read_text("utf-8"))
            *above, last = key.split(".")
            at = policy
            for name in above:
                at = at[name]
            at[last] = value
            found[f"policy {key} {number}"] = BadFile(
                yaml.safe_dump(policy, sort_keys=False).encode(), key.split(".")[0]
            )
    return found


PANEL_FILES = _panels()
POLICY_FILES = _policies()
CALENDAR_FILES = {f"calendar {name}": BadFile(text.encode(), place) for name, (text, place) in CALENDARS.items()}
ANY_FILES = {f"text {name}": BadFile(text.encode(), place) for name, (text, place) in TEXTS.items()} | {
    f"bytes {name}": BadFile(content, place) for name, (content, place) in BYTES.items()
}
