"""The demo's book: the same bytes from the same seed, sizes, references and sources."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date, timedelta

import pytest

from models.queries.demo import NotifiedStep
from tasks.demo.book import answer_night, write_book
from tasks.demo.extracts import POLICE
from tasks.demo.people import FALLING_BEHIND

START = date(2026, 3, 23)
DATES_AHEAD = {"due_on", "bail_ends_on", "ctl_expires_on", "expires_on", "decision_required_by", "next_hearing_on"}
FACTS = (
    "cases.csv", "incidents.csv", "actions.csv", "reviews.csv", "orders.csv", "referrals.csv", "cps_cases.csv",
    "pleas.csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return write_book(tmp_path_factory.mktemp("first"), START, seed=7)


def read(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return set(next(csv.reader(file)))


def fingerprint(folders):
    taken = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.iterdir()):
        taken.update(path.name.encode() + path.read_bytes())
    return taken.hexdigest()


def three_nights(folder, seed):
    state, folders = write_book(folder, START, seed, cases=200)
    said = [NotifiedStep(ref, "joint-review", "case", 3) for ref in list(state.book.cases)[:50]]
    for number in range(3):
        folders += answer_night(state, START + timedelta(days=number), said)
    return fingerprint(folders)


def test_the_same_seed_writes_the_same_bytes_night_after_night(tmp_path):
    assert three_nights(tmp_path / "a", 3) == three_nights(tmp_path / "b", 3)


def test_another_seed_writes_another_book(tmp_path):
    assert three_nights(tmp_path / "a", 3) != three_nights(tmp_path / "b", 4)


def test_the_manifest_counts_the_rows_of_each_file_and_names_the_three_sources(first):
    _, folders = first
    manifests = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in folders]
    assert [manifest["source"] for manifest in manifests] == ["niche-45", "cms-se", "cms-ls"]
    for folder, manifest in zip(folders, manifests, strict=True):
        assert manifest["files"] == {name: len(read(folder, name)) for name in manifest["files"]}


def test_the_book_is_that_of_a_medium_force(first):
    state, folders = first
    police = folders[0]
    files = [file for file in state.book.ordinary() if file.open]
    assert len(files) == 900
    assert all(5 <= len(file.actions) <= 12 or (START - file.case.opened_on).days < 6 for file in files)
    kinds = Counter(file.case.classification for file in files)
    assert kinds["stalking"] > 400
    assert kinds["harassment"] > 250
    assert max(len(file.incidents) for file in files) >= 25
    roles = Counter(row["roles"] for folder in folders for row in read(folder, "contacts.csv"))
    assert roles == {
        "officer": 61,
        "supervisor": 12,
        "prosecutor": 10,
        "legal_manager": 3,
        "spoc": 5,
        "lead": 3,
    }
    assert sum(row["restricted"] == "yes" for row in read(police, "cases.csv")) == 6
    assert 0 < sum(not row["urn"] for row in read(police, "cases.csv")) < 300
    assert sum("/2" in row["urn"] for row in read(police, "cases.csv")) == 2


def test_no_reference_is_given_twice(first):
    _, folders = first
    for name, key in (("actions.csv", "action_ref"), ("contacts.csv", "contact_ref")):
        refs = [row[key] for folder in folders for row in read(folder, name)]
        assert len(refs) == len(set(refs))
    for folder, name, key in (
        (folders[0], "cases.csv", "case_ref"),
        (folders[0], "incidents.csv", "incident_ref"),
        (folders[0], "reviews.csv", "review_ref"),
        (folders[1], "referrals.csv", "referral_ref"),
    ):
        refs = [row[key] for row in read(folder, name)]
        assert len(refs) == len(set(refs))


def test_cps_names_each_case_once_by_urn_or_where_it_has_none_by_force_and_reference(first):
    _, (_, *areas) = first
    named = [(row["urn"], row["case_ref"]) for cps in areas for row in read(cps, "cps_cases.csv")]
    assert len(named) == len(set(named))
    assert all(bool(urn) != bool(ref) for urn, ref in named)


def test_addresses_are_of_domains_that_do_not_exist_and_names_of_birds_and_trees(first):
    _, folders = first
    rows = [row for folder in folders for row in read(folder, "contacts.csv")]
    domains = Counter(row["email"].partition("@")[2] for row in rows)
    assert set(domains) == {"demo.police.uk", "demo.cps.gov.uk", "post.example"}
    assert len({row["name"] for row in rows}) == len(rows)


def test_nothing_but_what_may_lie_ahead_is_later_than_the_day_before_the_extract(tmp_path):
    state, folders = write_book(tmp_path, START, seed=11, cases=300)
    for number in range(6):
        folders += answer_night(state, START + timedelta(days=number), ())
    wrong = {cell for fault in state.faults for cell in fault.cells.values()}
    for folder in folders:
        day = json.loads((folder / "manifest.json").read_text("utf-8"))["extracted_at"][:10]
        for name in (
            "cases.csv",
            "incidents.csv",
            "actions.csv",
            "reviews.csv",
            "referrals.csv",
            "cps_cases.csv",
            "orders.csv",
        ):
            for row in read(folder, name) if (folder / name).exists() else ():
                late = {
                    column: value
                    for column, value in row.items()
                    if column.endswith(("_on", "_by")) and column not in DATES_AHEAD and value >= day
                }
                assert set(late.values()) <= wrong, (folder.name, name, late)


def test_a_clerks_slips_stay_in_the_extract_until_they_are_put_right(tmp_path):
    state, (police, *_) = write_book(tmp_path, START, seed=7)
    assert sum(row["risk"] == "V.High" for row in read(police, "cases.csv")) == 1
    for number in range(4):
        police = answer_night(state, START + timedelta(days=number), ())[0]
    assert sum(row["risk"] == "V.High" for row in read(police, "cases.csv")) == 0


def test_the_area_sends_nothing_on_two_nights_and_comes_back(tmp_path):
    state, _ = write_book(tmp_path, START, seed=7, cases=200)
    sent = [len(answer_night(state, START + timedelta(days=number), ())) for number in range(16)]
    assert sent == [3] * 12 + [2] * 2 + [3] * 2


def test_a_book_of_a_few_dozen_cases_can_be_made(tmp_path):
    state, _ = write_book(tmp_path, START, seed=7, cases=70)
    assert sum(file.open for file in state.book.ordinary()) == 70


def test_a_protection_order_lasts_two_years_or_more(first):
    state, _ = first
    terms = [
        (order.expires_on - order.made_on).days
        for file in state.book.cases.values()
        for order in file.orders
        if order.kind == "spo"
    ]
    assert len(terms) > 10
    assert min(terms) >= 730


def test_the_next_areas_source_lacks_two_columns_and_the_others_none(first):
    _, (_, area, next_area) = first
    lacking = {
        (name, column)
        for name in ("cps_cases.csv", "referrals.csv", "pleas.csv", "actions.csv", "contacts.csv", "training.csv")
        for column in header(area, name) - header(next_area, name)
    }
    assert lacking == {("cps_cases.csv", "charged_codes"), ("referrals.csv", "checklist_missing")}


def test_people_who_are_told_hold_more_reviews_than_people_who_are_not(tmp_path):
    def reviews_after_a_fortnight(folder, *, tell):
        state, _ = write_book(folder, START, seed=5, cases=300)
        for number in range(14):
            refs = [ref for ref, file in state.book.cases.items() if file.team not in FALLING_BEHIND]
            said = [NotifiedStep(ref, "supervisor-review", "case", 3) for ref in refs] if tell and number == 1 else ()
            folders = answer_night(state, START + timedelta(days=number), said)
        return len(read(next(f for f in folders if f.name.startswith(POLICE)), "reviews.csv"))

    quiet = reviews_after_a_fortnight(tmp_path / "quiet", tell=False)
    assert reviews_after_a_fortnight(tmp_path / "told", tell=True) > quiet
