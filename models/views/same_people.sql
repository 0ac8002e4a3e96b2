-- The contacts `ref` that are the same person as the contact `as_ref`, themselves too: a reference or an e-mail address, in
-- any case of letters, or an account in Slack is one for both, or for each and a contact between them. PostgreSQL works it
-- out for the contacts that are asked.
create view same_people as
select same.ref, one.contact_ref as as_ref
from contacts one cross join lateral (
    with recursive person(ref, address, slack) as (
        select one.contact_ref, lower(nullif(one.email, '')), one.slack_user_id
        union
        select other.contact_ref, lower(nullif(other.email, '')), other.slack_user_id
        from person join contacts other on lower(other.contact_ref) = lower(person.ref)
             or lower(other.email) = person.address or other.slack_user_id = person.slack
    )
    select ref from person
) same;
