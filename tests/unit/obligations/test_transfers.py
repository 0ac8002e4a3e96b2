"""A transfer is told to both forces' SPOCs, each once."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

from tasks.obligations import transfers

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 6, tzinfo=UTC)


def test_a_transfer_is_told_to_each_spoc_of_each_side(monkeypatch):
    name = "tasks.obligations.transfers"
    sides = [SimpleNamespace(force_code=force, barred=frozenset(), about=force) for force in ("45", "46")]
    monkeypatch.setattr(transfers, "transaction", nullcontext)
    monkeypatch.setattr(transfers, "directory_on", lambda *_: None)
    monkeypatch.setattr(f"{name}.transfers.untold", lambda _: sides)
    written = []
    monkeypatch.setattr(f"{name}.transfers.write", lambda _, about, ref, *__: written.append((about, ref)))
    spocs = {"45": ["P1", "P2"], "46": ["P3"]}
    monkeypatch.setattr(
        transfers,
        "address",
        lambda _, matter, __: [SimpleNamespace(contact_ref=r) for r in spocs[matter.force_codes[0]]],
    )
    assert transfers.notify(TODAY, AT) == 3
    assert written == [("45", "P1"), ("45", "P2"), ("46", "P3")]
    monkeypatch.setattr(f"{name}.transfers.untold", lambda _: [])
    assert transfers.notify(TODAY, AT) == 0
