"""The origin of facts: sources, the extracts they sent, and the keys by which rows name a case."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import Agency
from models.base import Base, Numbered, partial_index

OWN = "casebeat"  # the source of what people record in Casebeat: no extract may name it


class Source(Numbered, Base):
    """A system that sends extracts, or Casebeat itself. A ref belongs to the source that first sent it."""

    __tablename__ = "sources"
    name: Mapped[str] = mapped_column(unique=True)
    agency: Mapped[Agency | None] = mapped_column(Text)  # null: Casebeat itself, which covers no force and never sends
    covers: Mapped[list[str]] = mapped_column(ARRAY(Text))  # force codes
    first_loaded_at: Mapped[datetime]
    last_extracted_at: Mapped[datetime]


class Extract(Numbered, Base):
    """One extract that was loaded, refused or held: its identity, contents and result."""

    __tablename__ = "extracts"
    __table_args__ = (
        UniqueConstraint("extract_id", "content", name="uq_extracts_extract_id_content"),
        CheckConstraint("state in ('loaded', 'refused', 'held')", name="state"),
        partial_index("uq_extracts_loaded", "extract_id", where="state = 'loaded'", unique=True),
    )
    extract_id: Mapped[str]
    content: Mapped[str]  # SHA-256 over the manifest and the files
    # SHA-256 over the manifest and the files' state on disk; null where the files are read again: a fault was found, or
    # it builds on an extract that is held
    marks: Mapped[str | None]
    source_name: Mapped[str | None]
    state: Mapped[str]
    extracted_at: Mapped[datetime | None]
    judged_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)  # per file, as of tasks.intake.results.FileCount
    refusal: Mapped[str | None]  # why it is refused or held: one clear sentence without any value of a row


class ColumnState(StrEnum):
    """Whether a source's file has a column."""

    SENT = "sent"
    SUPPOSED = "supposed"  # a version that did not look read it as sent; the source's next snapshot tells
    LEFT_OUT = "left out"  # it was sent, and its whole file is left out for long
    LACKING = "lacking"

    @property
    def seen(self) -> bool:
        """Return whether the column lets anything be seen."""
        return self in {ColumnState.SENT, ColumnState.SUPPOSED}


class SourceColumn(Base):
    """A column of a file as its source sends it: by its latest snapshot, and the deltas since."""

    __tablename__ = "source_columns"
    __table_args__ = (CheckConstraint("state in ('sent', 'supposed', 'left out', 'lacking')", name="state"),)
    source_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[ColumnState] = mapped_column(Text)
    since: Mapped[date]  # the London day of the extract from which on it is there, or is lacking


class SuppliedFile(Base):
    """A file of a source: the moment of the latest extract with it, and of the first since that left it out.

    It is left out by a snapshot without it if it ever came, and by any extract without it where the policy names it.
    """

    __tablename__ = "source_files"
    __table_args__ = (partial_index("ix_source_files_left_out", "source_id", where="left_out_at is not null"),)
    source_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime | None]  # null: it never came, and is due by the policy
    left_out_at: Mapped[datetime | None]


class CaseKey(Numbered, Base):
    """A name that rows use for a case: force and case reference, or URN root. A key without a case has rows waiting."""

    __tablename__ = "case_keys"
    __table_args__ = (
        CheckConstraint("(urn_root is null) = (force_code is not null and case_ref is not null)", name="one_form"),
        UniqueConstraint("force_code", "case_ref"),
    )
    force_code: Mapped[str | None]
    case_ref: Mapped[str | None]
    urn_root: Mapped[str | None] = mapped_column(unique=True)


class RejectedMark(Base):
    """The marks of a rejected row whose case, or whose link to another case by its URN, is not stored.

    It names its case as the row does: a key would make the case one for which rows wait.
    """

    __tablename__ = "rejected_marks"
    source_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    force_code: Mapped[str] = mapped_column(primary_key=True)
    case_ref: Mapped[str] = mapped_column(primary_key=True)
    urn_root: Mapped[str | None]  # of the cases that are linked with it, which it guards
    restricted: Mapped[bool]
    barred_refs: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Supplied:
    """The columns of every row from an extract: its source, and since when it is no longer sent."""

    source_id: Mapped[int] = mapped_column(BigInteger)
    withdrawn_on: Mapped[date | None]  # the London day of the first snapshot without it; null: still supplied
    as_sent: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # the source's values, by column,
    # which a person has since replaced; the person's value applies until the source's row changes
