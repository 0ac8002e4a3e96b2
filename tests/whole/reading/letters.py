"""Compare what a night's letters name with the second reading of whom a restricted case is hidden from."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from tests.whole.reading.gathering import assemble
from tests.whole.reading.store import Store, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.whole.reading.sheets import Row


def hidden(store: Store) -> Iterator[Row]:
    """Yield the restricted cases. Of linked cases, if one is restricted, all are."""
    everything = store.cases()
    roots = {root_of(case["urn"]) for case in everything if case["restricted"] and case["urn"]}
    return (case for case in everything if case["restricted"] or (case["urn"] and root_of(case["urn"]) in roots))


def named(store: Store, letters: Iterable[Path]) -> list[str]:
    """Give the letters that name a hidden case to a reader without access."""
    access = {row["email"] for row in store.rows("contacts") if row["restricted_access"]}
    references = [f"{case['force_code']}/{case['case_ref']}" for case in hidden(store)]
    found = []
    barred = [(f"{each.key[0]}/{each.key[1]}", each.barred) for each in assemble(store)]
    for path in letters:
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        to = letter["To"].addresses[0].addr_spec
        refs = {row["contact_ref"] for row in store.rows("contacts") if row["email"].lower() == to.lower()}
        secret = [] if to in access else references
        secret = [*secret, *(reference for reference, who in barred if who & refs)]
        parts = [part.get_content() for part in letter.walk() if not part.is_multipart()]
        words = "\n".join([str(letter["Subject"]), *(part for part in parts if isinstance(part, str))])
        found += [f"{path.name} to {to} names {reference}" for reference in secret if reference in words]
    return found
