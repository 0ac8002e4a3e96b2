-- The contacts `ref` that are the same person as the contact `as_ref`, themselves too: their references, whose case does not
-- count, or their e-mail addresses are one.
create view same_people as
select same.contact_ref as ref, one.contact_ref as as_ref
from contacts one join contacts same on lower(same.contact_ref) = lower(one.contact_ref)
union all
select same.contact_ref, one.contact_ref
from contacts one join contacts same on lower(same.email) = lower(one.email)
where one.email <> '';
