"""Reads of what CPS and the courts did in a month: decisions, charges, pleas, cases ended, breaches, orders."""

from sqlalchemy import Connection

from models.queries.obligations.case_facts import CPS_CASES
from models.queries.report.places import CASES, EVERY_PLACE, PLACE, SENT, Counts, Period, counted, median
from models.rules.offences import HARASSMENT, SECTION_2A, SECTION_4A

_IN_MONTH = "between %(from)s and %(to)s"
_STALKING = f"(c.classification = 'stalking' or c.declassified_on is not null) and {SENT}"


def decisions(connection: Connection, period: Period) -> Counts:
    """Count the decisions that CPS made on referrals."""
    of = "count(distinct x.referral_ref) filter (where x.decision = '{}')::int as {}"
    statement = f"""
        select {PLACE}, count(distinct x.referral_ref)::int as decisions,
               {of.format("charge", "decisions_to_charge")}, {of.format("nfa", "decisions_no_further_action")},
               {of.format("further_work", "decisions_further_work")},
               {median("referral_ref", "x.decision_on - x.submitted_on")} as decision_days
        from referrals x {CASES} where x.withdrawn_on is null and x.decision_on {_IN_MONTH}
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def charges(connection: Connection, period: Period) -> Counts:
    """Count the stalking cases that were charged, by section. Offences count without the letter of an attempt."""
    return counted(
        connection,
        f"""select {PLACE}, count(*)::int as charged, count(*) filter (where x.grave)::int as charged_4a,
                   count(*) filter (where x.basic and not x.grave)::int as charged_2a,
                   count(*) filter (where x.harassment and not x.grave and not x.basic)::int as charged_harassment,
                   count(*) filter (where not (x.grave or x.basic or x.harassment))::int as charged_otherwise
            from cases c {CPS_CASES}
            cross join lateral (
              select stems && %(grave)s as grave, stems && %(basic)s as basic, stems && %(harassment)s as harassment
              from (select array(select left(upper(btrim(code)), 7) from unnest(
                        coalesce(nullif(own.charged_codes, '{{}}'), shared.charged_codes)) code) as stems) s) x
            where coalesce(own.charged_on, shared.charged_on) {_IN_MONTH} and {_STALKING}
              and c.withdrawn_on is null
            group by {EVERY_PLACE}""",
        period,
        grave=sorted(SECTION_4A),
        basic=sorted(SECTION_2A),
        harassment=sorted(HARASSMENT),
    )


def pleas(connection: Connection, period: Period) -> Counts:
    """Count the pleas that were accepted."""
    with_ = "count(distinct x.plea_ref) filter (where x.{} is not null)::int as {}"
    statement = f"""
        select {PLACE}, count(distinct x.plea_ref)::int as pleas_accepted,
               {with_.format("victim_consulted_on", "pleas_victim_consulted")},
               {with_.format("rationale_recorded_on", "pleas_with_reasons")}
        from pleas x {CASES} where x.withdrawn_on is null and x.accepted_on {_IN_MONTH}
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def ended(connection: Connection, period: Period) -> Counts:
    """Count the stalking cases that ended with no further action, by police or by CPS."""
    statement = f"""
        select {PLACE}, count(*)::int as no_further_action,
               count(c.nfa_reviewed_on)::int as no_further_action_reviewed,
               count(c.nfa_victim_told_on)::int as no_further_action_victim_informed
        from cases c where c.finalised_on {_IN_MONTH} and c.finalised_reason in ('nfa_police', 'nfa_cps')
          and {_STALKING} and c.withdrawn_on is null
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def breaches(connection: Connection, period: Period) -> Counts:
    """Count the breaches that were reported."""
    statement = f"""
        select {PLACE}, count(distinct x.incident_ref)::int as breaches,
               count(distinct x.incident_ref) filter (where x.breach_decided_on is not null)::int
                 as breaches_decided,
               {median("incident_ref", "x.breach_decided_on - x.reported_on")} as breach_days
        from incidents x {CASES} where x.withdrawn_on is null and x.breach and x.reported_on {_IN_MONTH}
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def orders(connection: Connection, period: Period) -> Counts:
    """Count what was done for protective orders."""
    done = {
        "orders_sought": "sought_on", "orders_made": "made_on", "orders_served": "served_on",
        "orders_victim_informed": "victim_told_on", "orders_renewal_decided": "renewal_decided_on",
    }  # fmt: skip
    columns = ", ".join(
        f"count(distinct x.order_ref) filter (where x.{column} {_IN_MONTH})::int as {key}"
        for key, column in done.items()
    )
    return counted(
        connection,
        f"""select {PLACE}, {columns} from orders x {CASES} where x.withdrawn_on is null group by {EVERY_PLACE}""",
        period,
    )
