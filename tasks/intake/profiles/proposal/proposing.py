"""The proposal of a profile for a folder."""

from pathlib import Path

from tasks.intake.profiles.proposal.composing import composed, force_in
from tasks.intake.profiles.proposal.looking import look_at
from tasks.intake.profiles.proposal.matching import agency_of


def propose(folder: Path) -> tuple[str, list[str]]:
    """Return the text of a profile for a folder's files, and why some of its files were left out.

    Raises Refuse if the folder cannot be opened, or holds no table.
    """
    files, left_out = look_at(folder)
    return composed(files, agency_of(files), force_in(files)), left_out
