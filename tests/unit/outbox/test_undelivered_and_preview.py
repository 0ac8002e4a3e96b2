"""What did not reach its reader is reported to operations, once for what is reported; a preview shows every message."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from config.mail import Subjects
from models.errors import Refuse
from tasks.messages.rendering import Attachment, RenderedMessage
from tasks.messages.samples import SAMPLES
from tasks.outbox import preview, undelivered
from tasks.outbox.sending import DeliveryCounts, Worker

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
NAME = "tasks.outbox.undelivered"


@pytest.mark.parametrize(
    ("found", "capped", "told"), [([], 0, False), (["one"], 0, True), ([], 2, True), (["one"], 2, True)]
)
def test_what_is_dead_or_kept_back_is_reported_and_nothing_where_all_arrived(monkeypatch, found, capped, told):
    asked = []
    monkeypatch.setattr(f"{NAME}.outbox_list.untold", lambda *_: found)
    monkeypatch.setattr(f"{NAME}.rendering.undelivered", lambda *given: f"{given}")
    monkeypatch.setattr(f"{NAME}.digests.operations", lambda _, key, __, text, *___: asked.append((key, text)))
    monkeypatch.setattr(undelivered, "to_operations", lambda _: [])
    undelivered.report(None, Worker(AT, None, None, UUID(int=7), DeliveryCounts(capped=capped)))
    assert [text for _, text in asked] == [f"{(found, capped)}"] * told
    assert all(key.startswith(f"undelivered:{AT.isoformat()}:") for key, _ in asked)


LIST = Attachment("list.csv", "csv", "1;2")


@pytest.mark.parametrize(("attached", "names"), [((), {"a.html", "a.txt"}), ((LIST,), {"a.html", "a.txt", "a.csv"})])
def test_a_preview_of_a_message_has_its_list_where_it_has_one(attached, names):
    files = preview._files("a", RenderedMessage("S", "words", "<p>", attached))
    assert set(files) == names
    assert files["a.txt"] == "Subject: S\n\nwords"


@pytest.mark.parametrize(("subjects", "bare"), [(Subjects.BARE, True), (Subjects.FULL, False)])
def test_a_preview_shows_subjects_as_the_settings_ask(monkeypatch, tmp_path, subjects, bare):
    asked = []
    chosen = SimpleNamespace(mail=SimpleNamespace(subjects=subjects, marking=""))
    monkeypatch.setattr(preview, "settings", lambda: chosen)
    monkeypatch.setattr(preview, "page", lambda *_, **__: "page")

    def render(*_, bare):
        asked.append(bare)
        return RenderedMessage("S", "words", "<p>")

    monkeypatch.setattr(preview, "render", render)
    assert preview.write(tmp_path / "shown") == len(SAMPLES)
    assert set(asked) == {bare}
    assert (tmp_path / "shown" / "index.html").read_text() == "page"
    (tmp_path / "file").touch()
    with pytest.raises(Refuse, match="cannot be written"):
        preview.write(tmp_path / "file" / "x")
