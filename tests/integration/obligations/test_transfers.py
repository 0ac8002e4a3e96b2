"""Messages about a case that was transferred to another force: who hears of it, when, and how often."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from models.rules.people.readdressing import BARRED
from tasks.messages.transfer import REOPENED
from tasks.obligations import transfers
from tasks.outbox.delivery import deliver
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact
from tests.worlds.intake import Intake

pytestmark = pytest.mark.usefixtures("each_by_itself")

URN = "45AB1234526"
TODAY = day("Wed 25 Nov 2026")
PEOPLE = [a_contact("SP45", roles="spoc", restricted_access="yes"), a_contact("SP46", roles="spoc", force_code="46")]
GONE = {"finalised_on": "2026-11-20", "finalised_reason": "transferred"}


class Forces(Intake):
    """The extracts of two forces, Surrey (45) and Sussex (46)."""

    def says(self, force_code: str, *cases: dict[str, str]) -> None:
        """Send the cases of a force."""
        made = self.sends(
            {"contacts.csv": [one for one in PEOPLE if one["force_code"] == force_code], "cases.csv": cases},
            source=f"niche-{force_code}", extract_id=f"niche-{force_code}-{self.number}", covers=[force_code],
        )  # fmt: skip
        assert not made.rejected, made.files

    def surrey(self, **facts: str) -> None:
        self.says("45", a_case(urn=URN, **facts))

    def sussex(self, **facts: str) -> None:
        self.says("46", a_case("D1", force_code="46", urn=URN, **facts))

    def round(self) -> list[str]:
        """Do a round's part; return whom it wrote to, the latest last."""
        transfers.notify(configured(), TODAY, at_london(TODAY))
        return self.rows("select contact_ref from messages where kind = 'transfer' and state <> 'void' order by id")

    def mails(self) -> dict[str, str]:
        """Deliver, and return the text of each mail by its address."""
        assert not deliver(configured(), at_london(TODAY)).dead
        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in (settings().home / "mail" / "new").glob("transfer*")
        ]
        return {str(one["To"].addresses[0].addr_spec): one.get_body(("plain",)).get_content() for one in found}

    def states(self) -> list[Any]:
        return self.rows("select contact_ref, state, reason from messages where kind = 'transfer' order by id")


@pytest.fixture
def forces(database: Engine, tmp_path: Path) -> Forces:
    """Both forces have sent their first extract, Surrey with one open case."""
    made = Forces(database, tmp_path)
    made.surrey()
    made.says("46", a_case("D9", force_code="46"))
    return made


def test_the_force_it_came_from_is_told_once_and_that_nobody_has_it_yet(forces):
    assert forces.round() == []
    forces.surrey(**GONE)
    assert forces.round() == forces.round() == ["SP45"]
    (mail,) = forces.mails().values()
    assert "45/C1: transferred to another force (URN 45AB1234526)" in mail
    assert "No other force has sent a case of its URN: nobody is known to have it." in mail


def test_the_other_force_is_told_once_its_source_sends_a_case_of_the_urn(forces):
    forces.surrey(**GONE)
    forces.round()
    forces.sussex()
    assert forces.round() == forces.round() == ["SP45", "SP46"]
    assert "45/C1: transferred by Surrey (45), perhaps to you" in forces.mails()["sp46@surrey.police.uk"]


def test_both_are_told_at_once_where_both_are_known(forces):
    forces.sussex()
    forces.surrey(**GONE)
    assert forces.round() == ["SP45", "SP46"]
    assert all("Of the same URN there is 46/D1." in mail for mail in forces.mails().values())


def test_a_force_that_transferred_it_on_itself_has_it_no_more_and_is_told_of_its_own_transfer_alone(forces):
    forces.sussex(**GONE)
    forces.surrey(**GONE)
    assert forces.round() == ["SP45", "SP46"]
    mails = forces.mails()
    assert (
        "There:       Transferred too, of the same URN: 46/D1. Nobody is known to have it."
        in mails["sp45@surrey.police.uk"]
    )
    assert (
        "There:       Transferred too, of the same URN: 45/C1. Nobody is known to have it."
        in mails["sp46@surrey.police.uk"]
    )


def test_of_a_case_that_is_stalking_no_more_the_transfer_is_told_still(forces):
    forces.surrey(classification="other")
    forces.surrey(classification="other", **GONE)
    assert forces.round() == ["SP45"]


def test_a_case_without_a_urn_is_told_to_its_own_force_alone(forces):
    forces.says("45", a_case(**GONE))
    assert forces.round() == ["SP45"]
    (mail,) = forces.mails().values()
    assert "It has no URN, by which a case of another force would be known" in mail


def test_what_a_source_tells_in_its_first_extract_is_nobodys_news(database, tmp_path):
    made = Forces(database, tmp_path)
    made.surrey(**GONE)
    assert made.round() == []
    made.says("45", a_case(urn=URN, **GONE), a_case("C2", **GONE))
    assert made.round() == ["SP45"]


def test_a_case_that_is_neither_stalking_nor_harassment_is_not_told(forces):
    forces.says("45", a_case("C3", offence_codes="TH68010"))
    forces.says("45", a_case("C3", offence_codes="TH68010", **GONE))
    assert forces.round() == []


def test_a_case_that_was_reopened_before_the_letter_left_is_not_told_and_a_second_transfer_is(forces):
    forces.surrey(**GONE)
    forces.round()
    forces.surrey()
    forces.mails()
    assert forces.states() == [("SP45", "silent", REOPENED)]
    with forces.engine.begin() as connection:
        connection.execute(text("update messages set about = replace(about, '2026-11-25', '2026-11-01'), key = 'then'"))
    forces.surrey(**GONE)
    assert forces.round() == ["SP45", "SP45"]


def test_a_force_is_told_again_once_a_wrong_round_that_told_it_is_undone(forces):
    forces.surrey(**GONE)
    forces.round()
    with forces.engine.begin() as connection:
        connection.execute(text("update messages set state = 'void', key = 'void:' || key"))
    assert forces.round() == ["SP45"]


def test_whoever_is_barred_from_it_is_not_told_of_it_and_the_next_hears(forces):
    forces.surrey(barred_refs="SP45", **GONE)
    assert forces.round() == [None]


def test_whoever_is_barred_before_the_letter_leaves_does_not_get_it(forces):
    forces.surrey(**GONE)
    forces.round()
    forces.surrey(barred_refs="SP45", **GONE)
    assert forces.mails() == {}
    assert forces.states() == [("SP45", "silent", BARRED)]


def test_a_reader_without_access_learns_that_there_is_a_restricted_case_and_no_more(forces):
    forces.sussex()
    forces.surrey(restricted="yes", **GONE)
    forces.round()
    mails = forces.mails()
    assert "45/C1" in mails["sp45@surrey.police.uk"]
    hidden = mails["sp46@surrey.police.uk"]
    assert "1 restricted case: ask a SPOC of your force who may read it." in hidden
    assert not [word for word in ("C1", "D1", URN, "Surrey") if word in hidden]


def test_the_orders_that_have_not_expired_are_said_and_who_watches_them(forces):
    forces.surrey(**GONE)
    order = {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "spo", "made_on": "2026-11-03",
             "expires_on": "2028-11-03"}  # fmt: skip
    forces.sends({"orders.csv": [order]}, source="niche-45", extract_id="orders", covers=["45"])
    forces.round()
    (mail,) = forces.mails().values()
    assert "1 order has not expired, the first on Fri 3 Nov 2028. Reminders of them still go to Surrey (45)" in mail
