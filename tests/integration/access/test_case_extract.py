"""An extract of a case for its victim or suspect: each value reaches whom it may, and nothing of anybody else does."""

import json
import re
import stat

import pytest

from config.access.case_fields import TABLES
from config.terms import Party
from tests.integration.access.full_case import CANARY, OTHERS, URN, FullCase
from tests.worlds.one_case import CASE, PEOPLE

AS_OF = ("--as-of", "2026-03-20")


@pytest.fixture
def book(database, run_cli, monkeypatch) -> FullCase:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return FullCase(database, run_cli)


def asked(book, tmp_path, party, suffix="html"):
    """Ask for an extract; return its text, without tags."""
    file = tmp_path / f"{party}.{suffix}"
    ran = book.cli("access", CASE, "--as", party, "--to", str(file), *AS_OF)
    assert (ran.code, ran.err) == (0, ""), ran.err
    text = file.read_text("utf-8")
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL) if suffix == "html" else text


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("suffix", ["html", "json"])
def test_each_day_reaches_whom_it_may_and_nobody_else(book, tmp_path, party, suffix):
    shown = book.fill()
    text = asked(book, tmp_path, party, suffix)
    for table in TABLES:
        for field in table.fields:
            if day := shown.get((table.name, field.column)):
                assert (day in text) is (party in field.to), (table.name, field.column)


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_no_person_key_code_or_reference_of_another_is_in_it(book, tmp_path, suffix):
    book.fill()
    book.say("update contacts set name = :name, email = 'canary@surrey.police.uk'", name=f"{CANARY} Person")
    for party in Party:
        text = asked(book, tmp_path, party, suffix)
        assert CANARY.lower() not in text.lower()
        assert [ref for ref in PEOPLE if re.search(rf"\b{ref}\b", text)] == []
        assert "interim spo" in text
    assert "further work" not in text  # the suspect's is the last
    assert not [word for word in ("ex partner", "4711", "I_1") if re.search(rf"\b{word}\b", text)]


def test_the_suspect_reads_of_status_and_bail_and_the_victim_of_risk_and_contact(book, tmp_path):
    book.fill()
    victim, suspect = (" ".join(asked(book, tmp_path, party).split()) for party in Party)
    assert "Level of risk high" in victim
    assert "Days between contacts that the victim asked for 4711" in victim
    assert "Keyed hash of the victim's identity recorded" in victim.replace("&#39;", "'")
    assert "Status bail" in suspect
    for words in ("Level of risk", "victim asked", "Acts that were reported", "Steps of the investigation"):
        assert words not in suspect
    assert "Status bail" not in victim
    assert "Source niche-45" in suspect


def test_an_order_that_was_only_applied_for_is_not_shown_to_the_suspect(book, tmp_path):
    book.fill()
    book.say("update orders set made_on = null")
    assert "Protective orders" in asked(book, tmp_path, "victim")
    assert "Protective orders" not in asked(book, tmp_path, "suspect")


@pytest.mark.parametrize("status", [None, "at_large", "not_identified"])
def test_a_suspect_who_was_not_spoken_to_gets_nothing_and_nothing_is_kept(book, tmp_path, status):
    book.fill()
    for table in ("cases", "suspects"):
        book.say(f"update {table} set suspect_status = :status, charged_on = null", status=status)
    book.say("update cps_cases set charged_on = null")
    ran = book.cli("access", CASE, "--as", "suspect", "--to", str(tmp_path / "x.html"), *AS_OF)
    assert ran.code == 2
    assert "neither spoken to nor charged" in ran.err
    assert list(tmp_path.glob("*.html")) == []
    assert book.ask("select count(*) from audit") == [0]
    book.say("update cps_cases set charged_on = '2026-03-01'")
    assert "Charged" in asked(book, tmp_path, "suspect")


def test_of_several_suspects_none_gets_what_is_of_one_of_them(book, tmp_path):
    shown = book.fill()
    book.belongs("suspects", suspect_ref="S2", suspect_status="rui")
    book.belongs("defendants", defendant_ref="D2", in_custody=True)
    text = asked(book, tmp_path, "suspect")
    of_one = {(table, column) for table in ("cases", "suspects") for column in ("bail_ends_on", "status_on")}
    assert not [shown[name] for name in of_one | {("cps_cases", "ctl_expires_on")} if shown[name] in text]
    assert shown["cps_cases", "next_hearing_on"] in text
    assert shown["suspects", "bail_views_on"] in asked(book, tmp_path, "victim")


def test_several_suspects_get_nothing_while_one_of_them_was_not_spoken_to(book, tmp_path):
    book.fill()
    book.belongs("suspects", suspect_ref="S2", suspect_status="at_large")
    ran = book.cli("access", CASE, "--as", "suspect", "--to", str(tmp_path / "x.html"), *AS_OF)
    assert (ran.code, "neither spoken to nor charged" in ran.err) == (2, True)


def test_rows_under_a_urn_that_another_case_shares_are_left_out_and_counted(book, tmp_path):
    book.fill()
    book.say(f"update cps_cases set key_id = (select id from case_keys where urn_root = '{URN}')")
    assert "PH97006" in asked(book, tmp_path, "victim")
    book.case("45/LINK", urn_key_id=book.ask(f"select id from case_keys where urn_root = '{URN}'")[0])
    file = tmp_path / "shared.html"
    ran = book.cli("access", CASE, "--as", "victim", "--to", str(file), *AS_OF)
    assert "1 row under a URN that other cases share" in ran.out
    assert "PH97006" not in file.read_text()
    assert "LINK" not in file.read_text()


@pytest.mark.parametrize("by_link", [False, True])
def test_that_a_case_is_restricted_or_bars_somebody_is_not_in_it(book, tmp_path, by_link):
    open_ = {party: asked(book, tmp_path, party) for party in ("victim",)}
    (tmp_path / "victim.html").unlink()
    book.restrict(by_link=by_link)
    book.say("update cases set barred_refs = '{P1,S1}' where case_ref = '45/1234'")
    made = asked(book, tmp_path, "victim")
    assert made.replace(" URN 45ZZ0000126.", "") == open_["victim"]


def test_what_was_worked_out_and_told_is_by_role_and_for_whom_it_concerns(book, tmp_path):
    book.say("update cases set suspect_status = 'bail', bail_ends_on = '2026-03-25'")
    for day in ("Mon 2 Mar 2026", "Mon 16 Mar 2026", "Thu 19 Mar 2026"):
        book.round(day)
    assert book.acknowledge("Thu 19 Mar 2026", "Fri 20 Mar 2026").code == 0
    book.say("update notifications set state = 'sent' where state = 'queued'")
    file = tmp_path / "told.html"
    ran = book.cli("access", CASE, "--as", "victim", "--to", str(file), *AS_OF)
    victim, suspect = file.read_text(), asked(book, tmp_path, "suspect")
    assert "1 reason in people's own words" in ran.out
    assert "Secret Words" not in victim + suspect
    assert "An outstanding investigative action" in victim
    assert "A decision before pre-charge bail ends" not in victim
    assert "A decision before pre-charge bail ends" in suspect
    assert "An outstanding investigative action" not in suspect
    assert "whoever owes it" in suspect


def test_the_file_is_for_this_account_alone_and_the_audit_log_has_a_disclosure(book, tmp_path):
    book.fill()
    asked(book, tmp_path, "victim")
    assert stat.S_IMODE((tmp_path / "victim.html").stat().st_mode) == 0o600
    again = book.cli("access", CASE, "--as", "victim", "--to", str(tmp_path / "victim.html"), *AS_OF)
    assert again.code == 2
    assert "is there already" in again.err
    assert book.ask("select verb, about, ref, to_ref, reason from audit") == [
        ("disclosure", "case", CASE, "victim", "access")
    ]
    told = json.loads(
        book.cli("access", CASE, "--as", "suspect", "--to", str(tmp_path / "s.json"), "--json", *AS_OF).out
    )
    assert (told["party"], told["case"]) == ("suspect", CASE)
    assert told["left_out"]["values"] > 20
    assert "The case: level of risk" in told["left_out"]["kinds"]
    assert not [kind for kind in told["left_out"]["kinds"] if kind.startswith("Pleas: offered")]


def test_a_wrong_request_is_refused_before_anything_is_read(book, tmp_path):
    file = ("--to", str(tmp_path / "x.html"))
    for typed in ((CASE, *file), (CASE, "--as", "victim"), (), (CASE, "--person", "P1", *file)):
        assert "Name a case with --as victim or --as suspect" in book.cli("access", *typed, *AS_OF).err
    assert "ends in .html or .json" in book.cli("access", CASE, "--as", "victim", "--to", "x.pdf", *AS_OF).err
    assert "There is no case 45/none" in book.cli("access", "45/none", "--as", "victim", *file, *AS_OF).err
    assert book.ask("select count(*) from audit") == [0]
    assert OTHERS.keys() == {table.name for table in TABLES}


def test_a_day_that_its_source_has_replaced_reaches_whom_that_of_now_does(book, tmp_path):
    book.fill()
    case = book.ask("select id from cases")[0]
    for name, day, state in (
        ("victim_contacted_on", "2024-03-04", None), ("status_on", "2024-03-05", "custody"),
        ("release_reviewed_on", "2024-03-06", None), ("news of a status", "2024-03-07", None),
    ):  # fmt: skip
        book.say(
            "insert into earlier_days (key_id, name, day, state, until_on) values (:key, :name, :day, :state, :day)",
            key=case, name=name, day=day, state=state,
        )  # fmt: skip
    victim, suspect = (" ".join(asked(book, tmp_path, party).split()) for party in Party)
    assert "What was recorded before Victim contacted Mon 4 Mar 2024 Source niche-45" in victim
    assert "What was recorded before Status custody Status since Tue 5 Mar 2024 Source niche-45" in suspect
    for text in (victim, suspect):
        assert ("Mon 4 Mar 2024" in text) is not ("Tue 5 Mar 2024" in text)
        assert not any(day in text for day in ("Wed 6 Mar 2024", "Thu 7 Mar 2024"))


def test_a_replaced_day_of_one_of_several_suspects_reaches_no_suspect(book, tmp_path):
    book.fill()
    case = book.ask("select id from cases")[0]
    book.say(
        "insert into earlier_days (key_id, ref, name, day, until_on) select :key, suspect_ref, 'bail_ends_on', "
        "'2024-03-05', '2024-03-05' from suspects", key=case,
    )  # fmt: skip
    assert "Tue 5 Mar 2024" in " ".join(asked(book, tmp_path, Party.SUSPECT).split())
    book.say(
        "insert into suspects (suspect_ref, key_id, source_id, suspect_status) "
        "select 'SX', key_id, source_id, 'bail' from suspects"
    )
    (tmp_path / "again").mkdir()
    assert "Tue 5 Mar 2024" not in " ".join(asked(book, tmp_path / "again", Party.SUSPECT).split())
