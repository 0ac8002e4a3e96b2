"""A key: whatever is written in its place is refused, or is one that was signed."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st

from models.errors import Refuse
from tasks.platform.tokens import Key, Purpose, read, sign
from tasks.platform.written_keys import WRITTEN
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated

TODAY = date(2026, 3, 17)


def test_any_text_in_place_of_a_key_is_refused_or_was_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    people = [("P1", 7), ("Zoë\x1f/..", 0), ("P2", 1 << 62)]
    made = {
        sign(person, obligation, Purpose.REPLY, TODAY): Key(person, obligation, TODAY) for person, obligation in people
    }
    others = [sign("P1", 7, Purpose.BUTTON, TODAY), sign("P1", 7, Purpose.REPLY, date(2026, 3, 16))]
    written = mutated([key.encode() for key in [*made, *others]]).map(
        lambda raw: raw.decode("utf-8", "surrogateescape")
    )

    def run(text: str) -> str:
        for one in {text, *WRITTEN.findall(text)}:
            try:
                assert read(one, Purpose.REPLY, TODAY) == made[one]
            except Refuse:
                continue
            return "read"
        return "refused"

    answers = fuzz("key", written | st.text(max_size=60), run)
    assert answers["refused"] > 0
    assert answers["read"] > 0
