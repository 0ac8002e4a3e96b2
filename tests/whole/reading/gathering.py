"""The facts of every case: which rows are whose among the linked cases (specification 3, Linked cases)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.whole.reading.facts import Facts, has_clock, kept, key_of, rank
from tests.whole.reading.store import Store, root_of

if TYPE_CHECKING:
    from tests.whole.reading.sheets import Key, Row

OF_A_CASE = ("suspects", "incidents", "actions", "reviews", "referrals", "orders", "pleas", "defendants")


def assemble(store: Store) -> list[Facts]:
    """Gather each case's facts: rows by URN go to the principal, CPS rows by URN to every linked case."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for case in store.cases():
        root = root_of(case["urn"])
        groups[(root,) if root else key_of(case)].append(case)
    for group in groups.values():
        group.sort(key=rank)
    owned: dict[Key, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    cps: dict[Key, list[Row]] = defaultdict(list)
    for name in OF_A_CASE:
        for row in store.supplied(name):
            if row.get("urn"):
                group = groups.get((root_of(row["urn"]) or "",), [])
                first = _first(name, group, store)
                if first:  # nobody's, until a case has the URN
                    owned[key_of(first)][name].append(row)
            else:
                owned[key_of(row)][name].append(row)
    for row in store.supplied("cps_cases"):
        cps[(root_of(row["urn"]) or "",) if row["urn"] else key_of(row)].append(row)
    by_urn = {root_of(row["urn"]) for row in store.supplied("defendants") if row["urn"]}
    found = [_facts(case, group, owned, cps, store) for group in groups.values() for case in group]
    for facts in found:
        facts.elsewhere, facts.everyone = facts.root in by_urn, found
    return found


def _first(name: str, group: list[Row], store: Store) -> Row | None:
    """Give the case of a URN that has a row: of orders the first that is kept, of defendants the first with a clock."""
    if name == "defendants":
        return next((case for case in group if has_clock(case)), None)
    own = [case for case in group if name == "orders" and kept(case, group, store)]
    return next(iter(own or group), None)


def _facts(
    case: Row,
    group: list[Row],
    owned: dict[Key, dict[str, list[Row]]],
    cps: dict[Key, list[Row]],
    store: Store,
) -> Facts:
    key, root = key_of(case), root_of(case["urn"])
    linked: dict[str, list[Row]] = defaultdict(list)
    for each in group:
        for name, rows in owned[key_of(each)].items():
            linked[name].extend(rows)
    return Facts(
        case=case,
        root=root,
        principal=group[0] is case,
        rows=owned[key],
        linked_rows=linked,
        cps=cps[key] + (cps[(root,)] if root else []),
        store=store,
        kept=kept(case, group, store),
        barred=barred(group, store),
        restricted=any(each["restricted"] for each in group),
        declassified_on=store.declassified.get(key),
    )


def barred(group: list[Row], store: Store) -> frozenset[str]:
    """Give who must hear nothing of linked cases: those named in any, and whoever is the same person as one.

    People are the same by reference or e-mail address, in any case of letters, or by account in Slack, and as somebody
    who is the same as they.
    """
    written = {ref for case in group for ref in case["barred_refs"] or ()}
    named = {ref.lower() for ref in written}
    contacts = store.rows("contacts")
    while True:
        known = [row for row in contacts if row["contact_ref"].lower() in named]
        emails = {row["email"].lower() for row in known if row["email"]}
        accounts = {row.get("slack_user_id") for row in known} - {None, ""}
        more = {
            row["contact_ref"].lower()
            for row in contacts
            if (row["email"] or "").lower() in emails or row.get("slack_user_id") in accounts
        }
        if more <= named:
            return frozenset({*written, *(row["contact_ref"] for row in known)})
        named |= more
