-- What decides who may know of a case, from three of its columns: `disclosed` has it of every case.
--
-- is_restricted       only who has restricted access may know of it. Of linked cases, if one is restricted, all are:
--                     whatever is worked out from them together would show what the restricted one holds.
-- restricted_by_link  it is so only because one that is linked with it is.
-- bars_any            somebody must hear nothing of it, or of a case that is linked with it: a suspect may be a colleague.
-- barred              all who must hear nothing of it: whom a source bars, in any case of letters, and whoever is the same
--                     person. A reference that is not known yet bars the contact who arrives under it.
-- kept_apart          it is named in no place that several people read.
--
-- A case that was finalised, or that its source no longer sends, protects the others all the same, and so does one that is
-- known by a rejected row alone. PostgreSQL puts the
-- body in the place of the call, so that few marked cases are read once for many rows.
create function disclosure(restricted boolean, barred_refs text[], urn_key_id bigint)
returns table (is_restricted boolean, restricted_by_link boolean, bars_any boolean, barred text[], kept_apart boolean)
language sql stable as $$
    select c.is_restricted, c.is_restricted and not $1, c.bars_any,
           case when c.bars_any then array(
               select distinct person.ref
               from (select $2 as refs union all
                     select linked.barred_refs from cases linked
                     where linked.urn_key_id = $3 and linked.barred_refs <> array[]::text[] union all
                     select guard.barred_refs from rejected_guards guard where guard.urn_key_id = $3) mark
               cross join unnest(mark.refs) named(ref)
               cross join lateral (select named.ref union
                                   select same.ref from same_people same
                                   where lower(same.as_ref) = lower(named.ref)) person
               order by 1) else array[]::text[] end,
           c.is_restricted or c.bars_any
    from (select $1 or exists (
                     select from cases linked where linked.urn_key_id = $3 and linked.restricted) or exists (
                     select from rejected_guards guard
                     where guard.urn_key_id = $3 and guard.restricted) as is_restricted,
                 $2 <> array[]::text[] or exists (
                     select from cases linked
                     where linked.urn_key_id = $3 and linked.barred_refs <> array[]::text[]) or exists (
                     select from rejected_guards guard
                     where guard.urn_key_id = $3 and guard.barred_refs <> array[]::text[]) as bars_any) c
$$;
