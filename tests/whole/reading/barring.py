"""Who must hear nothing of linked cases (specification 2, Barred)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.whole.reading.sheets import Row
    from tests.whole.reading.store import Store


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
