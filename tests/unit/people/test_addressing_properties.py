"""Any matter and any people: nobody is told twice or barred, somebody always is, and only what is `through` decides."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from config.leading import OwnerKind
from config.terms import Addressee, Agency, OwedBy, Role
from models.rules.people.addressing import address, through
from models.rules.people.directory import Directory, PanelSpocs, Person, panel_of, role_of
from models.rules.people.leading import leads
from models.rules.people.parties import Parties

FORCE, AREA = "45", "South East"
REFS = [f"{agency}{number}" for agency in "PC" for number in range(6)]
SOMEBODY = st.one_of(st.none(), st.sampled_from([*REFS, "NOBODY"]))


@st.composite
def a_person(draw: st.DrawFn, ref: str) -> Person:
    agency = Agency.POLICE if ref.startswith("P") else Agency.CPS
    there = draw(st.integers(0, 5)) > 0
    forces = frozenset({FORCE} if there and agency is Agency.POLICE else ())
    areas = frozenset({AREA} if there and agency is Agency.CPS else ())
    role = draw(st.sampled_from([Role.SPOC, Role.SPOC, Role.LEAD, Role.LEGAL_MANAGER, Role.OFFICER]))
    return Person(
        ref, agency, frozenset({role.value}), forces, areas, draw(SOMEBODY), active=draw(st.integers(0, 4)) > 0,
        absent=draw(st.booleans()), restricted_access=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> dict[str, Person]:
    return {ref: draw(a_person(ref)) for ref in draw(st.sets(st.sampled_from(REFS)))}


@st.composite
def a_matter(draw: st.DrawFn) -> Parties:
    return Parties(
        draw(st.sampled_from(OwedBy)), (FORCE,), (AREA,), draw(SOMEBODY), draw(SOMEBODY), draw(SOMEBODY),
        draw(SOMEBODY), draw(st.frozensets(st.sampled_from(REFS))), draw(SOMEBODY), draw(SOMEBODY),
        draw(st.booleans()), draw(st.sampled_from(OwnerKind)),
    )  # fmt: skip


@st.composite
def panels(draw: st.DrawFn) -> PanelSpocs:
    named = {(FORCE, AREA, agency): draw(SOMEBODY) for agency in Agency}
    return {pair: ref for pair, ref in named.items() if ref}


WORDS = st.lists(st.sampled_from(Addressee), min_size=1, max_size=4, unique=True)


@given(people(), a_matter(), panels(), WORDS, st.booleans())
def test_each_person_is_told_once_and_nobody_who_is_barred_or_inactive(here, matter, named, to, every):
    told = [one.contact_ref for one in address(to, matter, Directory(list(here.values()), named), all_spocs=every)]
    counterpart_alone = set(to) == {Addressee.COUNTERPART} and matter.owed_by is OwedBy.BOTH
    assert told or counterpart_alone
    assert len(set(told)) == len(told)
    for ref in filter(None, told):
        assert ref not in matter.barred
        assert here[ref].active


@given(people(), a_matter(), panels(), st.sampled_from([OwedBy.POLICE, OwedBy.CPS]))
def test_where_somebody_leads_a_spoc_is_told_who_is_told_among_all_too_or_stands_in(here, matter, named, owed_by):
    matter, directory = matter._replace(owed_by=owed_by), Directory(list(here.values()), named)
    agency = Agency(owed_by.value)
    lead = leads(agency, matter, directory)
    told = {one.contact_ref for one in address([Addressee.SPOC], matter, directory)}
    everyone = {one.contact_ref for one in address([Addressee.SPOC], matter, directory, all_spocs=True)}
    assert told <= everyone
    if lead is None:
        assert told == everyone
    elif not here[lead.contact_ref].absent:
        assert told == {lead.contact_ref}


def _changes(now: dict[str, Person], then: dict[str, Person]) -> Iterator[str]:
    """What a round sees of the difference: who changed, and the roles in their places before or after."""
    for ref in now.keys() | then.keys():
        if now.get(ref) != then.get(ref):
            yield ref
            for one in filter(None, (now.get(ref), then.get(ref))):
                places = one.force_codes if one.agency is Agency.POLICE else one.cps_areas
                yield from (role_of(one.agency, role, place) for role in one.roles for place in places)


@st.composite
def two_days(draw: st.DrawFn) -> tuple[dict[str, Person], dict[str, Person]]:
    """The people of two days, of whom some stay as they are."""
    now, other = draw(people()), draw(people())
    stays = draw(st.sets(st.sampled_from(REFS)))
    then = {ref: one for ref, one in {**now, **other}.items() if ref not in stays}
    return now, then | {ref: now[ref] for ref in stays if ref in now}


@settings(max_examples=300)
@given(two_days(), a_matter(), st.tuples(panels(), panels()), WORDS, st.booleans())
def test_what_is_not_through_what_changed_leads_to_the_same_people(days, matter, named, to, every):
    before, after = (Directory(list(day.values()), panel) for day, panel in zip(days, named, strict=True))
    changed = {*_changes(*days), *([panel_of(FORCE, AREA)] if named[0] != named[1] else [])}
    if not changed & through(to, matter, before, all_spocs=every):
        assert address(to, matter, after, all_spocs=every) == address(to, matter, before, all_spocs=every)
