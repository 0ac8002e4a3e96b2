"""The readers of messages to a sitting's chair and SPOCs."""

import pytest

from config.sittings import Part
from config.terms import Agency
from models.rules.people.directory import Directory, Person
from models.rules.reviews.sitting_leads import leading, matters
from tests.worlds.days import row

AREA = frozenset({"South East"})


def person(ref, *roles, agency=Agency.POLICE, deputy=None, active=True, absent=False):
    police = agency is Agency.POLICE
    forces, areas = (frozenset({"45"}), frozenset()) if police else (frozenset(), AREA)
    return Person(ref, agency, frozenset(roles), forces, areas, deputy, active, absent)


SPOC, CPS_SPOC = person("SP1", "spoc"), person("CS1", "spoc", agency=Agency.CPS)


@pytest.mark.parametrize(
    ("people", "chair", "led"),
    [
        row(
            "a chair of their own", [SPOC, CPS_SPOC, person("M1", "legal_manager", agency=Agency.CPS)], "M1",
            [(Part.CHAIR, "M1", ""), (Part.SPOC, "SP1", ""), (Part.SPOC, "CS1", "")],
        ),
        row(
            "a SPOC in the chair is told once", [SPOC, CPS_SPOC], "SP1",
            [(Part.CHAIR, "SP1", ""), (Part.SPOC, "CS1", "")],
        ),
        row("a chair nobody knows", [SPOC, CPS_SPOC], "X", [(Part.SPOC, "SP1", ""), (Part.SPOC, "CS1", "")]),
        row(
            "a chair who has left", [SPOC, CPS_SPOC, person("M1", "lead", active=False)], "M1",
            [(Part.SPOC, "SP1", ""), (Part.SPOC, "CS1", "")],
        ),
        row(
            "an absent chair with a deputy",
            [SPOC, CPS_SPOC, person("L1", "officer", deputy="P2", absent=True), person("P2", "officer")], "L1",
            [(Part.CHAIR, "P2", "standing in for the chair"), (Part.SPOC, "SP1", ""), (Part.SPOC, "CS1", "")],
        ),
        row(
            "an absent chair for whom nobody stands in", [SPOC, CPS_SPOC, person("L1", "officer", absent=True)], "L1",
            [(Part.CHAIR, "L1", ""), (Part.SPOC, "SP1", ""), (Part.SPOC, "CS1", "")],
        ),
        row(
            "a side without a SPOC", [SPOC, person("CL1", "lead", agency=Agency.CPS)], "SP1",
            [(Part.CHAIR, "SP1", ""), (Part.SPOC, "CL1", "no CPS SPOC is recorded")],
        ),
        row(
            "a side with nobody", [SPOC], "SP1",
            [(Part.CHAIR, "SP1", ""), (Part.SPOC, None, "no CPS SPOC is recorded; no CPS lead is recorded")],
        ),
    ],
)  # fmt: skip
def test_messages_go_to_chair_and_spocs_or_their_deputies(people, chair, led):
    found = leading(*matters(chair, "45", "South East"), Directory(people))
    assert [tuple(one) for one in found] == led


def test_of_several_spocs_the_panels_attend_or_their_deputies():
    people = [SPOC, person("SP2", "spoc", deputy="P2"), person("P2", "officer"), CPS_SPOC]
    panel = {("45", "South East", Agency.POLICE): "SP2", ("45", "South East", Agency.CPS): "CS1"}
    led = leading(*matters("L9", "45", "South East"), Directory(people, panel))
    assert [tuple(one) for one in led] == [(Part.SPOC, "SP2", ""), (Part.SPOC, "CS1", "")]
    away = [each._replace(absent=each.ref == "SP2") for each in people]
    led = leading(*matters("L9", "45", "South East"), Directory(away, panel))
    assert [one.contact_ref for one in led] == ["P2", "CS1"]
    led = leading(*matters("L9", "45", "South East"), Directory(people))
    assert [tuple(one) for one in led] == [(Part.SPOC, ref, "") for ref in ("SP1", "SP2", "CS1")]
