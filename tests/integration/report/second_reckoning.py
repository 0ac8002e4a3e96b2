"""The report's figures, worked out a second time: from the rows, in Python, by what each figure says that it counts.

Duties that are counted by their own days are worked out a second time from extracts.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median

from sqlalchemy import text

from models.rules.report.duties import BY_OWN_DAYS

GRAVE = {"PH97007", "PH97008", "PH97010", "PH97011", "CD98078", "CD98079"}
BASIC = {"PH97006", "CD98077"}
HARASSMENT = {"PH97004", "PH97005", "PH97009", "PH97012", "PH97001", "PH97002", "PH97003", "CD98069", "CD98076",
              "SE20002", "FL96001"}  # fmt: skip
NEVER_INHERITED = {"summary-time-limit", "bail-end", "custody-limit", "order-expiry", "breach-unanswered"}
DAY, NEVER = timedelta(days=1), date(2026, 12, 1)


class Reckoning:
    """Counts of one month; the days of both ends count."""

    def __init__(self, connection, first: date, last: date, starts: dict[str, date] | None = None) -> None:
        self.first, self.last, self.starts = first, last, starts or {}
        self.tables = {
            name: [dict(row._mapping) for row in connection.execute(text(f"select * from {name} order by 1"))]
            for name in ("cases", "obligations", "actions", "reviews", "referrals", "pleas", "incidents", "orders",
                         "cps_cases", "promises", "notifications", "training", "contacts")
        }  # fmt: skip
        for row in self.tables["obligations"]:
            row["ended_on"] = row["ended_on"] or NEVER
        self.following = {
            (row["case_id"], row["rule"], row["subject"], row["version"]): row["done_on"]
            for row in self.tables["obligations"] if row["end_reason"] != "void" and row["case_id"]
        }  # fmt: skip
        self.cases = {row["id"]: row for row in self.tables["cases"]}
        self.counts = defaultdict(Counter)
        self.days = defaultdict(lambda: defaultdict(dict))  # by place and figure: days by what they are of, once each
        self.seen = set()
        files = (self._files, self._breaches, self._charges, self._ended)
        for work in (
            self._base,
            self._duties,
            self._stalls,
            self._late,
            *files,
            self._steps,
            self._promises,
            self._people,
        ):
            work()

    def figures(self, place: tuple) -> dict:
        found = dict(self.counts[place])
        return found | {key: median(values.values()) for key, values in self.days[place].items()}

    def within(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def count(self, case: dict, key: str, ref: object, number: int = 1) -> None:
        """Count something once in each of a case's places, however many of its cases are there."""
        for place in self.places(case):
            if (place, key, ref) not in self.seen:
                self.seen.add((place, key, ref))
                self.counts[place][key] += number

    @staticmethod
    def places(case: dict) -> list[tuple]:
        force, area = case["force_code"], case["cps_area"]
        return [(force, area), (force, None), (None, area), (None, None)]

    def met_on(self, row: dict) -> date | None:
        if row["end_reason"] != "met":
            return None
        after = self.following.get((row["case_id"], row["rule"], row["subject"], row["version"] + 1))
        return after or row["fact_on"] or row["ended_on"]

    def _base(self) -> None:
        for case_id, case in self.cases.items():
            ended_on = case["finalised_on"] or NEVER
            keys = ["cases_new"] if self.within(case["opened_on"]) else []
            keys += ["cases_closed"] if self.within(case["finalised_on"]) else []
            if case["opened_on"] <= self.last < ended_on:
                keys += ["cases_open"]
            for key in keys if case["classification"] == "stalking" else ():
                self._all(case, case_id, (key, f"base:{case['risk']}.{key.removeprefix('cases_')}"))

    def _duties(self) -> None:
        for row in self.tables["obligations"]:
            if row["end_reason"] == "void" or row["case_id"] is None or row["rule"] in BY_OWN_DAYS:
                continue
            case, met, due = self.cases[row["case_id"]], self.met_on(row), row["due_on"]
            if self.within(due) and (row["end_reason"] == "met" or row["ended_on"] > due):
                self.count(case, f"{row['rule']}.due", row["id"])
                if met is not None and met <= due:
                    self.count(case, f"{row['rule']}.in_time", row["id"])

    def _spells(self, rows: list[dict], begins) -> list[tuple[date, date]]:
        """Join spells of days (the last not included) that touch."""
        days = set()
        for row in rows:
            day = begins(row)
            while day < row["ended_on"]:
                days.add(day)
                day += DAY
        found, ordered = [], sorted(days)
        for day in ordered:
            if found and found[-1][1] == day:
                found[-1] = (found[-1][0], day + DAY)
            else:
                found.append((day, day + DAY))
        return found

    def _stalls(self) -> None:
        for case_id, case in self.cases.items():
            rows = [row for row in self.tables["obligations"]
                    if row["case_id"] == case_id and row["stalls"] and row["end_reason"] != "void"]  # fmt: skip
            for first, after in self._spells(rows, self._late_from):
                if self.within(first):
                    self.count(case, "stalls_opened", (case_id, first))
                if self.within(after):
                    self.count(case, "stalls_cleared", (case_id, first))
                    for place in self.places(case):
                        self.days[place]["stalled_days"][case_id, first] = (after - first).days
                if first <= self.last < after:
                    self.count(case, "stalled_at_end", (case_id, first))
                    first_day = self.starts.get(case["force_code"], date.min)
                    last = [row for row in rows if self._late_from(row) <= self.last < row["ended_on"]]
                    if all(row["due_on"] < first_day and row["rule"] not in NEVER_INHERITED for row in last):
                        self.count(case, "inherited_at_end", (case_id, first))

    @staticmethod
    def _late_from(row: dict) -> date:
        return max(row["escalate_on"], row["due_on"] + DAY)

    def _late(self) -> None:
        for case_id, case in self.cases.items():
            for side in ("police", "cps", "both"):
                rows = [row for row in self.tables["obligations"] if row["case_id"] == case_id
                        and row["owed_by"] == side and row["end_reason"] != "void"]  # fmt: skip
                for first, after in self._spells(rows, lambda row: row["due_on"] + DAY):
                    days = (min(after, self.last + DAY) - max(first, self.first)).days
                    if days > 0:
                        self.count(case, f"{side}_late_days", (case_id, first), days)

    def _of(self, table: str, ref: str):
        """Each row of a file with each of its stalking cases."""
        for row in self.tables[table]:
            if row["withdrawn_on"] is None:
                for case in self.cases.values():
                    mine = row["key_id"] in {case["id"], case["urn_key_id"]}
                    if mine and (case["classification"] == "stalking" or case["declassified_on"]):
                        yield row, row[ref], case

    def _files(self) -> None:
        for row, ref, case in self._of("reviews", "review_ref"):
            if row["kind"] == "joint" and self.within(row["held_on"]):
                both = row["police_attended"] and row["cps_attended"]
                self.count(case, "reviews_held" if both else "reviews_one_sided", ref)
        for row, ref, case in self._of("actions", "action_ref"):
            if row["status"] == "done" and self.within(row["closed_on"]):
                kind = row["kind"] if row["kind"] in {"CCTV", "ANPR"} else "OTHER"
                keys = (f"{row['owner_agency']}_actions_done", f"kinds:{kind}.done")
                self._all(case, ref, keys, (f"{row['owner_agency']}_action_days", f"kinds:{kind}.days"),
                          (row["closed_on"] - row["raised_on"]).days)  # fmt: skip
        names = {"charge": "to_charge", "nfa": "no_further_action", "further_work": "further_work"}
        for row, ref, case in self._of("referrals", "referral_ref"):
            if self.within(row["decision_on"]):
                self._all(case, ref, ("decisions", f"decisions_{names[row['decision']]}"), ("decision_days",),
                          (row["decision_on"] - row["submitted_on"]).days)  # fmt: skip
        for row, ref, case in self._of("pleas", "plea_ref"):
            if self.within(row["accepted_on"]):
                had = {"victim_consulted": row["victim_consulted_on"], "with_reasons": row["rationale_recorded_on"]}
                self._all(case, ref, ("pleas_accepted", *(f"pleas_{key}" for key, day in had.items() if day)))

    def _all(self, case: dict, ref: str, keys: tuple, medians: tuple = (), days: int = 0) -> None:
        for key in keys:
            self.count(case, key, ref)
        for key in medians:
            for place in self.places(case):
                self.days[place][key][ref] = days

    def _breaches(self) -> None:
        for row, ref, case in self._of("incidents", "incident_ref"):
            if row["breach"] and self.within(row["reported_on"]):
                self.count(case, "breaches", ref)
                if row["breach_decided_on"]:
                    days = (row["breach_decided_on"] - row["reported_on"]).days
                    self._all(case, ref, ("breaches_decided",), ("breach_days",), days)
        done = {"sought_on": "sought", "made_on": "made", "served_on": "served", "victim_told_on": "victim_informed",
                "renewal_decided_on": "renewal_decided"}  # fmt: skip
        for row, ref, case in self._of("orders", "order_ref"):
            self._all(case, ref, tuple(f"orders_{key}" for day, key in done.items() if self.within(row[day])))

    def _charges(self) -> None:
        by_key = {row["key_id"]: row for row in self.tables["cps_cases"]}
        for case_id, case in self.cases.items():
            own, shared = by_key.get(case_id, {}), by_key.get(case["urn_key_id"], {})
            charged_on = own.get("charged_on") or shared.get("charged_on")
            stalking = case["classification"] == "stalking" or case["declassified_on"]
            if not self.within(charged_on) or not stalking or case["withdrawn_on"]:
                continue
            codes = {code.strip().upper()[:7] for code in own.get("charged_codes") or shared.get("charged_codes") or ()}
            kind = ("4a" if codes & GRAVE else "2a" if codes & BASIC else
                    "harassment" if codes & HARASSMENT else "otherwise")  # fmt: skip
            self.count(case, "charged", case_id)
            self.count(case, f"charged_{kind}", case_id)

    def _ended(self) -> None:
        for case_id, case in self.cases.items():
            if (self.within(case["finalised_on"]) and case["finalised_reason"] in {"nfa_police", "nfa_cps"}
                    and (case["classification"] == "stalking" or case["declassified_on"])
                    and case["withdrawn_on"] is None):  # fmt: skip
                self.count(case, "no_further_action", case_id)
                for day, key in (("nfa_reviewed_on", "reviewed"), ("nfa_victim_told_on", "victim_informed")):
                    if case[day]:
                        self.count(case, f"no_further_action_{key}", case_id)

    def _steps(self) -> None:
        obligations = {row["id"]: row for row in self.tables["obligations"]}
        for row in self.tables["notifications"]:
            if (row["duty"], row["happening"], row["occasion"]) != ("escalate", "step", "") or row["state"] == "void":
                continue
            if not self.within(row["day"]):
                continue
            owed, ref = obligations[row["obligation_id"]], (row["obligation_id"], row["step_name"], row["day"])
            case, name, met = self.cases[owed["case_id"]], f"steps:{owed['rule']} {row['step_name']}", self.met_on(owed)
            self.count(case, f"{name}.sent", ref)
            if met and row["day"] <= met <= row["day"] + DAY:
                self.count(case, f"{name}.met_within_a_day", ref)
            five = row["day"] + 5 * DAY
            answers = [one for one in self.tables["promises"]
                       if one["obligation_id"] == owed["id"] and row["day"] <= one["made_on"] <= five]  # fmt: skip
            self.count(case, f"{name}.answerable", ref)
            if owed["ended_on"] > five and not answers:
                self.count(case, f"{name}.unanswered", ref)

    def _promises(self) -> None:
        obligations = {row["id"]: row for row in self.tables["obligations"]}
        for row in self.tables["promises"]:
            owed = obligations[row["obligation_id"]]
            case, met = self.cases[owed["case_id"]], self.met_on(owed)
            if self.within(row["made_on"]):
                self.count(case, "acknowledged", row["id"])
            if row["ended_on"] is None and self.within(met) and row["made_on"] <= self.last and met <= row["until_on"]:
                self.count(case, "acknowledgements_kept", row["id"])
            if self.within(row["ended_on"]) and row["end"] == "lapsed":
                self.count(case, "acknowledgements_lapsed", row["id"])

    def _people(self) -> None:
        places = {}
        for row in self.tables["contacts"]:
            police = row["agency"] == "police"
            places[row["contact_ref"]] = ([(code, None) for code in row["force_codes"]] if police
                                          else [(None, area) for area in row["cps_areas"]])  # fmt: skip
        done = {row["contact_ref"] for row in self.tables["training"]
                if row["withdrawn_on"] is None and self.within(row["completed_on"])}  # fmt: skip
        late = {row["subject"].removeprefix("contact:") for row in self.tables["obligations"]
                if row["rule"] in {"spoc-role", "prosecutor-training"} and row["end_reason"] != "void"
                and row["due_on"] <= self.last and row["began_on"] <= self.last < row["ended_on"]}  # fmt: skip
        for key, people in (("training_completed", done), ("training_overdue", late)):
            for ref in people:
                for place in [*places[ref], (None, None)]:
                    self.counts[place][key] += 1
        for row in self.tables["obligations"]:
            if row["rule"] == "spoc-vacancy" and row["end_reason"] != "void":
                kind, _, name = row["subject"].partition(":")
                days = (min(row["ended_on"], self.last + DAY) - max(row["due_on"], self.first)).days
                for place in ((name, None) if kind == "force" else (None, name), (None, None)):
                    self.counts[place]["days_without_spoc"] += max(days, 0)
