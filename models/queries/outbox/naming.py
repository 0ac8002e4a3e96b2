"""The messages that name a case: those with its notifications, and those that were written about something of it.

What a letter's list counts besides, a place's list of cases without room, and a correction name many cases and keep
none: they are not among these. An agenda is among them for those of its readers who may know of the case.
"""


def messages_naming(cases: str) -> str:
    """Return a statement of the pairs `case_id` and `message_id` for the cases whose ids a statement selects."""
    return f"""
        with asked as materialized (select id from ({cases}) given(id)), owed as materialized (
            select o.id, o.case_id from obligations o where o.case_id in (select id from asked)
        ), sat as materialized (
            select v.id, v.case_id, v.sitting_id, s.ref from convenings v join sittings s on s.id = v.sitting_id
            where v.case_id in (select id from asked))
        select owed.case_id, n.message_id from owed join notifications n on n.obligation_id = owed.id
        where n.message_id is not null
        union select owed.case_id, p.message_id from owed join notifications n on n.obligation_id = owed.id
        join thread_posts p on p.notification_id = n.id
        union select owed.case_id, r.message_id from owed join replies r on r.obligation_id = owed.id
        where r.message_id is not null
        union select t.case_id, t.message_id from threads t where t.case_id in (select id from asked)
        union select l.case_id, l.message_id from listed_patterns l where l.case_id in (select id from asked)
        union select a.case_id, m.id from acts a
        join messages m on m.kind = 'act' and m.day = a.made_on and m.about = a.id::text
        where a.case_id in (select id from asked)
        union select c.id, m.id from cases c join cases l on l.id = c.id or l.urn_key_id = c.urn_key_id
        join messages m on m.kind = 'transfer'
                       and m.about = c.id || ':' || l.force_code || ':' || to_char(c.transfer_seen_on, 'YYYY-MM-DD')
        where c.id in (select id from asked)
        union select sat.case_id, m.id from sat join outcomes u on u.convening_id = sat.id
        join messages m on m.kind = 'failed_review' and m.day between u.recorded_on and u.recorded_on + 7
                       and m.about = sat.id::text
        union select sat.case_id, m.id from sat join invitations i on i.sitting_id = sat.sitting_id
        cross join generate_series(0, i.sequence) change
        join messages m on m.key = format('invitation:%%s:%%s:%%s', sat.ref, i.contact_ref, change)
        where exists (select from jsonb_array_elements(i.event->'cases') one where one->>0 = sat.case_id::text)
           or jsonb_typeof(i.event->'was') = 'object' and exists (
              select from jsonb_array_elements(i.event->'was'->'cases') one where one->>0 = sat.case_id::text)
        union select sat.case_id, m.id from sat join disclosed c on c.id = sat.case_id
        join agendas g on g.sitting_id = sat.sitting_id and g.seen ? sat.case_id::text
        join messages m on m.kind = 'agenda' and m.day = g.made_on and m.about = sat.ref
        left join contacts reader on reader.contact_ref = m.contact_ref
        where coalesce(m.contact_ref <> all(c.barred), not c.barred <> array[]::text[])
          and (coalesce(reader.restricted_access, false) or not c.is_restricted)"""
