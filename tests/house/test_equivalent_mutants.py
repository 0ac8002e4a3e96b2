"""`tests/mutants/equivalents.yaml` names the source as it is."""

from tests.house.source import ROOT
from tests.mutants import equivalents
from tests.mutants.folders import FOLDERS


def test_each_equivalent_is_a_mutant_of_the_source_as_it_is():
    listed = set(equivalents.reasons())
    paths = {path for path, _, _ in listed}
    mutants = [mutant for folder in FOLDERS.values() for mutant in folder.all(ROOT) if mutant.path in paths]
    drawn = {(mutant.path, *mutant.lines((ROOT / mutant.path).read_text("utf-8"))) for mutant in mutants}
    assert sorted(listed - drawn) == [], "follow each line where it moved, or drop its entry"
