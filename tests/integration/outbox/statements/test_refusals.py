"""Who shows that a carrier is well where it refuses others of their domain."""

from datetime import timedelta

from models.queries.outbox import refusals
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
KENT = "kent.police.uk"


def test_the_colleague_of_a_domain_is_the_last_who_was_accepted_and_has_not_left(rows):
    people = {
        "acts": {"active_to": TUESDAY, "withdrawn_on": TUESDAY + DAY}, "left": {"active_to": TUESDAY - DAY},
        "gone": {"withdrawn_on": TUESDAY}, "refused": {}, "new": {},
    }  # fmt: skip
    for at, (ref, given) in enumerate({"first": {}, **people}.items()):
        rows.contact(ref, email=f"{ref}@Kent.police.uk", **given)
        rows.message(ref, state="queued" if ref == "new" else "sent", sent_at=AT_NINE + timedelta(minutes=at))
    found = refusals.colleagues(rows.connection, "email", ["refused"], [KENT, "surrey.police.uk"], TUESDAY)
    assert found == {KENT: "acts@Kent.police.uk"}
