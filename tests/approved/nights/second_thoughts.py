"""What people do beside the work of the demo: they promise, move, record, take back and err."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.approved.nights.book import Force
from tests.approved.nights.house import House, typed

ACTIONS = """select a.action_ref, k.force_code || '/' || k.case_ref, a.owner_ref from actions a
    join case_keys k on k.id = a.key_id join obligations o on o.case_id = k.id and o.subject = 'action:' || a.action_ref
    join cases c on c.id = o.case_id join contacts w on w.contact_ref = a.owner_ref
    where a.owner_agency = 'police' and o.ended_on is null and (w.restricted_access or not c.restricted) order by 1"""
PROMISES = """select k.force_code || '/' || k.case_ref, o.rule || '/' || o.subject, p.by_ref from promises p
    join obligations o on o.id = p.obligation_id join case_keys k on k.id = o.case_id
    where p.ended_on is null and o.ended_on is null order by 1, 2, 3"""
OUTCOMES = """select s.ref, k.force_code || '/' || k.case_ref, u.by_ref from outcomes u
    join convenings v on v.id = u.convening_id join sittings s on s.id = v.sitting_id
    join case_keys k on k.id = v.case_id where u.by_ref is not null and u.stands order by s.day desc, 2"""
LEAD = "P45-LEAD"


def take_on(house: House, force: Force, day: date) -> list[str]:
    """Take an action on, once for too long and once again; a lead does so for a trial."""
    (action, case, owner), (other, elsewhere, _) = house.ask(ACTIONS)[:2]
    about, late, soon = f"action/action:{action}", day + timedelta(days=60), day + timedelta(days=3)
    lead = (
        "--by",
        LEAD,
        "--until",
        (day + timedelta(days=28)).isoformat(),
        "--type",
        "awaiting_trial_date",
        "--reason",
        "no",
    )
    return [
        *typed("acknowledge", case, about, "--by", owner, "--until", late.isoformat(), "--reason", "ill", day=day),
        *typed("acknowledge", case, about, "--by", owner, "--until", soon.isoformat(), "--reason", "ill", day=day),
        *typed("acknowledge", elsewhere, f"action/action:{other}", *lead, day=day),
    ]


def take_back(house: House, force: Force, day: date) -> list[str]:
    """Take a promise back, and an action that was reported as done."""
    (case, about, by), *_ = house.ask(PROMISES)
    (action, elsewhere, owner), *_ = house.ask(ACTIONS)[2:]
    return [
        *typed("acknowledge", case, about, "--by", by, "--withdraw", day=day),
        *typed("complete-action", elsewhere, action, "--by", owner, day=day),
        *typed("complete-action", elsewhere, action, "--by", owner, "--undo", day=day),
    ]


def correct_a_review(house: House, force: Force, day: date) -> list[str]:
    """Record another outcome of a review, take that back, and then the one before it."""
    (sitting, case, by), *_ = house.ask(OUTCOMES)
    named = ("record-review", sitting, case, "--by", by)
    return [
        *typed(*named, "--held", "--police", "--no-cps", "--decision", "continue", day=day),
        *typed(*named, "--undo", day=day),
        *typed(*named, "--undo", day=day),
    ]


def move(house: House, force: Force, day: date) -> list[str]:
    """Move a case to another sitting of its force and Area, there again, and then to one that is none."""
    (case, by, sitting), *_ = house.ask(
        f"""select k.force_code || '/' || k.case_ref, case when c.restricted then 'P45-LEAD' else c.supervisor_ref end,
              t.ref from convenings v
            join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id join cases c on c.id = v.case_id
            join sittings t on t.force_code = s.force_code and t.cps_area = s.cps_area and t.cancelled_on is null
              and t.day > date '{day}' + 1 and t.day <> s.day
              and t.places > (select count(*) from convenings w where w.sitting_id = t.id and w.ended_on is null)
            where v.ended_on is null and c.supervisor_ref is not null and s.day > date '{day}'
            order by s.day desc, 1, t.day limit 1"""
    )
    wish = ("--by", by, "--sitting")
    return [
        *typed("convene", case, *wish, sitting, day=day),
        *typed("convene", case, *wish, sitting, day=day),
        *typed("convene", case, *wish, "45-south-east-2026-03-23", day=day),
    ]


def move_back(house: House, force: Force, day: date) -> list[str]:
    """Take the move of a case back."""
    (case, by), *_ = house.ask(
        """select k.force_code || '/' || k.case_ref, v.chosen_by from convenings v join case_keys k on k.id = v.case_id
           where v.chosen_by is not null and v.ended_on is null order by 1"""
    )
    return typed("convene", case, "--by", by, "--undo", day=day)


def mistaken(house: House, force: Force, day: date) -> list[str]:
    """Ask for what is not there: a case, an obligation, an action, a sitting."""
    (action, case, owner), *_ = house.ask(ACTIONS)
    (ref,), *_ = house.ask(f"select ref from sittings where day > '{day}' order by 1")
    return [
        *typed("explain", case[:-1], day=day),
        *typed("acknowledge", case, "plea", "--by", owner, "--withdraw", day=day),
        *typed("complete-action", case, f"{action}X", "--by", owner, day=day),
        *typed("record-review", ref, case, "--by", owner, "--held", day=day),
    ]


def held(house: House, force: Force, day: date) -> list[str]:
    """Report that both sides reviewed a case today, found gaps, and asked for an action."""
    action = f"CCTV,P45-001,{day + timedelta(days=6)}"
    found = ("--decision", "further_actions", "--pattern", "stalking", "--enquiries", "gaps_found", "--action", action)
    seen = [one for one in _today(house, day) if not force.missed[one[1].partition("/")[2]]]
    return _record(seen[:1], day, "--held", "--police", "--cps", *found)


def not_held(house: House, force: Force, day: date) -> list[str]:
    """Report that cases were not reached at their sittings of today."""
    missed = [one for one in _today(house, day) if force.missed[one[1].partition("/")[2]]]
    return _record(missed, day, "--not-held", "--decision", "not_reached")


def _today(house: House, day: date) -> list[tuple[str, str, str]]:
    """Return the sitting, case and chair of every case of today that has no outcome yet."""
    return house.ask(
        f"""select s.ref, k.force_code || '/' || k.case_ref, s.chair_ref from convenings v
            join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id
            where s.day = '{day}' and v.ended_on is null
              and not exists (select from outcomes u where u.convening_id = v.id and u.stands) order by 1, 2"""
    )


def _record(cases: Sequence[tuple[str, str, str]], day: date, *what: str) -> list[str]:
    lines = [typed("record-review", sitting, case, "--by", chair, *what, day=day) for sitting, case, chair in cases]
    return [line for each in lines for line in each]
