"""The files of an extract beside those that are due of its source each time: one that is left out is not up to date."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from config.feeds import FeedPolicy
from models.queries.intake.source_files import KnownFile
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode


class SentFiles(NamedTuple):
    """The files of an extract, those that the policy names as due, and what was known of its source's before it."""

    manifest: Manifest
    feeds: FeedPolicy
    before: Mapping[str, KnownFile]

    def known(self) -> list[KnownFile]:
        """Return what is known of the files that it has, or leaves out."""
        return [*self._sent(), *self._left_out()]

    def stay_out(self) -> frozenset[str]:
        """Return the files that it leaves out, and that are left out for the policy's `stale_after_hours` by now."""
        since = self.manifest.extracted_at - timedelta(hours=self.feeds.stale_after_hours)
        return frozenset(file.file for file in self._left_out() if file.left_out_at and file.left_out_at <= since)

    def _sent(self) -> Iterator[KnownFile]:
        at = self.manifest.extracted_at
        for name in sorted(FILES.keys() & self.manifest.files.keys()):
            before = self.before.get(name, KnownFile(name, at, None))
            out = before.left_out_at if before.left_out_at and before.left_out_at > at else None
            yield KnownFile(name, max(before.sent_at or at, at), out)

    def _left_out(self) -> Iterator[KnownFile]:
        """Yield the due files that it does not have, unless a later extract had them."""
        at = self.manifest.extracted_at
        for name in sorted(self._due() - self.manifest.files.keys()):
            before = self.before.get(name, KnownFile(name, None, None))
            if before.sent_at is None or before.sent_at < at:
                yield before._replace(left_out_at=min(before.left_out_at or at, at))

    def _due(self) -> frozenset[str]:
        """Return the files that the policy names; else of a snapshot all that ever came, and of a delta none."""
        named = self.feeds.files(self.manifest.source)
        if named is not None:
            return named
        snapshot = self.manifest.mode is Mode.SNAPSHOT
        return frozenset(file.file for file in self.before.values() if snapshot and file.sent_at)
