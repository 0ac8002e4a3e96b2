"""A book with everything that an agenda can show: twelve cases of one force and Area, one restricted."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.sittings import record

PANEL = {**TUESDAYS, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "from": "2026-03-17", "cases": 12, "horizon": "28d"}
REF = "45-south-east-2026-03-31"
BEFORE = "Thu 26 Mar 2026"  # the day on which its agenda is sent
_FIRST = "45-south-east-2026-03-17"
_SAFE = {"risk_assessed_on": "2026-03-20", "victim_contacted_on": "2026-03-18", "spo_considered_on": "2026-02-05"}
_WHY = {"45/1234": "breach", "45/2005": "panel", "45/2006": "gave_way", "45/2009": "chosen", "45/2010": "risk"}


class AgendaWorld(PanelWorld):
    """Rounds on working days from Mon 9 Mar 2026; `45/1234` was before the sitting of Tue 17 Mar, and is again."""

    def __init__(self, engine: Any, run_cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(engine, run_cli, folder, monkeypatch)
        self.panels(PANEL)
        self._first()
        self._time_limits()
        self._with_cps()
        self._orders()
        self._others()
        self.rounds("Mon 9 Mar 2026", "Mon 16 Mar 2026")
        self._sits_first()
        self.rounds("Tue 17 Mar 2026", "Fri 20 Mar 2026")
        self._happens()
        self.rounds("Mon 23 Mar 2026", "Wed 25 Mar 2026")
        for case_ref in self.ask("select case_ref from cases order by opened_on desc, case_ref desc"):
            self.sit(case_ref, REF, _WHY.get(case_ref, "due"))

    def _first(self) -> None:
        """High risk, nine incidents with shortening gaps, two actions from its last review."""
        self.say("insert into case_keys (urn_root) values ('45AB0001234')")
        self.say("update cases set urn_key_id = (select id from case_keys where urn_root = '45AB0001234')")
        self.acts("45/1234", "2025-05-09 2025-08-02 2025-10-20 2025-12-01 2026-01-12 2026-02-02 2026-02-16 2026-02-27")
        self.safe("45/1234", risk_assessed_on="2026-03-16")

    def _time_limits(self) -> None:
        """A summary limit and an end of bail, both before the sitting; a restricted case; one limit far off."""
        self.case("45/2001", opened_on="2025-10-06", offence_codes=["PH97006"], last_act_on="2025-09-29", risk="medium")
        self.reviewed("45/2001", "2026-03-03", supervisor="2026-03-13")
        self.case("45/2002", opened_on="2026-03-02", suspect_status="bail", bail_ends_on="2026-03-29", risk="medium")
        self.acts("45/2002", "2026-01-05 2026-02-14 2026-03-01")
        self.case("45/2003", opened_on="2026-02-09", restricted=True)
        self.reviewed("45/2003", "2026-03-16")
        for case_ref in ("45/2001", "45/2002", "45/2003"):
            self.safe(case_ref)

    def _with_cps(self) -> None:
        """With CPS and its action plan unanswered; a charge not made; charged, with a plea and a hearing."""
        self.case("45/2004", opened_on="2026-02-02", risk="medium")
        self.reviewed("45/2004", "2026-03-02", supervisor="2026-03-16")
        self.belongs(
            "referrals", "45/2004", referral_ref="R-204", submitted_on="2026-02-20", checklist_missing=["C03", "C14"]
        )
        self.act_on("45/2004", "A-2041", source="action_plan", raised_on="2026-03-04", due_on="2026-03-18")
        self.act_on("45/2004", "A-2042", owner_agency="cps", raised_on="2026-03-10", due_on="2026-03-24")
        self.case("45/2005", opened_on="2026-01-05", risk="standard")
        self.reviewed("45/2005", "2026-02-05", supervisor="2026-03-11")
        self.belongs("cps_cases", "45/2005", prosecutor_ref="C1", charge_authorised_on="2026-02-23")
        self.belongs(
            "referrals", "45/2005", referral_ref="R-205", submitted_on="2026-01-26", decision_on="2026-02-23",
            decision="charge", checklist_missing=[],
        )  # fmt: skip
        self.case("45/2006", opened_on="2025-11-03", suspect_status="custody", risk="medium")
        self.reviewed("45/2006", "2026-02-27")
        self.belongs(
            "cps_cases", "45/2006", prosecutor_ref="C1", charge_authorised_on="2025-11-20", charged_on="2025-11-24",
            ctl_expires_on="2026-05-12", next_hearing_on="2026-04-09",
        )  # fmt: skip
        self.belongs(
            "referrals", "45/2006", referral_ref="R-206", submitted_on="2025-11-10", decision_on="2025-11-20",
            decision="charge", checklist_missing=[],
        )  # fmt: skip
        self.belongs(
            "pleas", "45/2006", plea_ref="PL-206", offered_on="2026-03-20", charged_code="PH97011",
            plea_code="PH97005", victim_consulted_on="2026-03-22",
        )  # fmt: skip
        for case_ref in ("45/2004", "45/2005", "45/2006"):
            self.safe(case_ref)

    def _orders(self) -> None:
        """An interim order that expires soon, and one without an end."""
        self.case("45/2007", opened_on="2026-02-10", risk="medium")
        self.reviewed("45/2007", "2026-03-05", supervisor="2026-03-19")
        for ref, kind, made_on, expires_on in (
            ("O-2071", "interim_spo", "2026-02-16", "2026-04-07"),
            ("O-2072", "non_molestation", "2026-01-20", None),
        ):
            self.belongs("orders", "45/2007", order_ref=ref, kind=kind, made_on=made_on, expires_on=expires_on)
        self.safe("45/2007")

    def _others(self) -> None:
        """A notice in a stalking case of unknown risk; one moved by a person; a risk that rises; one in good order."""
        self.case("45/2008", opened_on="2026-03-16", risk="unknown", pin_issued_on="2026-03-12")
        self.case("45/2009", opened_on="2026-02-02", risk="standard")
        self.act_on("45/2009", "A-2091", kind="PHONE_DOWNLOAD_SUSPECT", raised_on="2026-02-20")
        self.reviewed("45/2009", None, supervisor="2026-03-09")
        self.case("45/2010", opened_on="2026-02-27", risk="medium")
        self.reviewed("45/2010", "2026-03-10", supervisor="2026-03-24")
        self.acts("45/2010", "2025-04-04 2025-07-01 2025-11-11")
        self.case("45/2011", opened_on="2026-02-03", risk="standard")
        self.act_on("45/2011", "A-2111", raised_on="2026-02-20", status="done", closed_on="2026-03-20")
        self.reviewed("45/2011", None, supervisor="2026-03-20")
        for case_ref in ("45/2009", "45/2010", "45/2011"):
            self.safe(case_ref)

    def _sits_first(self) -> None:
        """The outcome of the first sitting: both attended and decided two things, which are actions now."""
        self.say("""update convenings set ended_on = '2026-03-16', "end" = 'moved' where ended_on is null""")
        self.sit("45/1234", _FIRST, "due")
        ran = record(
            self, _FIRST, "--held", "--police", "--cps", "--decision", "submit_to_cps", "--decision", "further_actions",
            "--pattern", "stalking", "--action", "PHONE_DOWNLOAD_SUSPECT,P1,2026-03-25",
            "--action", "DISCLOSURE_REVIEW,C1,2026-04-02", as_of="Tue 17 Mar 2026",
        )  # fmt: skip
        assert ran.code == 0, ran.err

    def _happens(self) -> None:
        """Events since then: a breach, and a risk that rises; each makes a review due earlier."""
        self.belongs("incidents", incident_ref="I-99", occurred_on="2026-03-21", reported_on="2026-03-22", breach=True)
        self.say("update cases set risk = 'high' where case_ref = '45/2010'")
        self.changed()

    def safe(self, case_ref: str, **days: str) -> None:
        """Record everything that the protocol asks for as done."""
        told = {**_SAFE, **days}
        columns = ", ".join(f"{name} = :{name}" for name in told)
        self.say(f"update cases set {columns} where case_ref = :ref_", ref_=case_ref, **told)

    def acts(self, case_ref: str, days: str) -> None:
        for number, on in enumerate(days.split()):
            ref = f"I-{case_ref[-4:]}-{number}"
            self.belongs("incidents", case_ref, incident_ref=ref, occurred_on=on, reported_on=on, breach=False)

    def act_on(self, case_ref: str, ref: str, **facts: Any) -> None:
        values = {
            "kind": "WITNESS_STATEMENT",
            "source": "investigation",
            "owner_agency": "police",
            "status": "pending",
            **facts,
        }
        self.belongs("actions", case_ref, action_ref=ref, **values)

    def reviewed(self, case_ref: str, jointly: str | None, supervisor: str | None = None) -> None:
        for kind, on, both in (("joint", jointly, True), ("supervisor", supervisor, False)):
            if on:
                self.belongs(
                    "reviews", case_ref, review_ref=f"RV-{case_ref[-4:]}-{kind}", kind=kind, held_on=on,
                    police_attended=both, cps_attended=both,
                )  # fmt: skip

    def sit(self, case_ref: str, ref: str, because: str) -> None:
        """Give a case its place, with this reason."""
        self.say(
            """update convenings set ended_on = '2026-03-16', "end" = 'moved' where ended_on is null
               and case_id = (select id from cases where case_ref = :ref)""",
            ref=case_ref,
        )
        self.say(
            """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, chosen_by, convened_on)
               select c.id, s.id, (select min(n) from generate_series(0, 99) n where n not in (
                          select slot from convenings v where v.sitting_id = s.id and v.ended_on is null)),
                      coalesce(o.due_on, s.day), s.day, :because, case when :because = 'chosen' then 'SP1' end,
                      '2026-03-16'
               from cases c join sittings s on s.ref = :sitting
               left join obligations o on o.case_id = c.id and o.rule = 'joint-review' and o.ended_on is null
               where c.case_ref = :ref""",
            ref=case_ref, sitting=ref, because=because,
        )  # fmt: skip
