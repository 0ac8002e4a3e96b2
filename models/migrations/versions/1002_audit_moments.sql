-- The database sets each audit row's moment: that of its statement, which is no later than its id. It makes each seal
-- too, as the tables' owner, so that the application's role needs no right to insert one.

create function audit_sets_its_moment() returns trigger language plpgsql as $$
begin
    new.at := statement_timestamp();
    return new;
end $$;

create trigger audit_sets_its_moment before insert on audit
    for each row execute function audit_sets_its_moment();
alter table audit enable always trigger audit_sets_its_moment;

alter table audit alter column at set default statement_timestamp();

-- The digests of erased cases had no key, so that every reference could be tried. Their cases are gone, so that no key can
-- be added: a case that was purged before, and is sent again, comes back and is purged again.
delete from erasures;

-- Seal up to so many rows, the lowest first, and return how many. 0 too while another process seals.
create function seal_audit(most integer) returns integer language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
declare sealed integer;
begin
    if not pg_try_advisory_xact_lock(7203518846021) then
        return 0;
    end if;
    with settled as (
        select number, reach from public.audit_seals where sealed_at < now() - interval '1 day'
        order by number desc limit 1
    ), last as (
        select number, reach, digest, sealed_at from public.audit_seals order by number desc limit 1
    ), recent as (
        select range_agg(ids) as ids from public.audit_seals
        where number > coalesce((select number from settled), 0)
    ), gaps as (
        select unnest(int8multirange(int8range(coalesce((select reach from settled), 0), last.reach, '(]'))
                      - recent.ids) as gap
        from last, recent
    ), unsealed as (
        select a.id from gaps join public.audit a on a.id >= lower(gap) and a.id < upper(gap)
        union all
        (select id from public.audit where id > coalesce((select reach from last), 0) order by id limit most)
        order by id limit most
    ), hashed as (
        select a.id, a.at, sha256(convert_to(jsonb_build_array(
            a.id, extract(epoch from a.at)::text, a.verb, a.by, a.about, a.ref, a.to_ref, a.reason, a.detail)::text,
            'UTF8')) as digest
        from unsealed join public.audit a using (id)
    ), made as (
        select coalesce((select number from last), 0) + 1 as number,
               greatest(clock_timestamp(), max(at), (select sealed_at from last)) as sealed_at,
               range_agg(int8range(id, id, '[]')) as ids, count(*) as row_count,
               greatest((select reach from last), max(id)) as reach,
               string_agg(substring(digest for 8), '' order by id) as marks,
               string_agg(digest, '' order by id) as digests
        from hashed having count(*) > 0
    )
    insert into public.audit_seals (number, sealed_at, ids, row_count, reach, marks, digest)
    select number, sealed_at, ids, row_count, reach, marks,
           sha256(coalesce((select digest from last), ''::bytea) || digests || convert_to(
               format('%s %s %s', number, extract(epoch from sealed_at), ids), 'UTF8'))
    from made returning row_count into sealed;
    return coalesce(sealed, 0);
end $$;
