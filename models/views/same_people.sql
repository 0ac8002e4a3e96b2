-- The contacts `ref` that are the same person as the contact `as_ref`: their e-mail addresses are one.
create view same_people as
select same.contact_ref as ref, one.contact_ref as as_ref
from contacts one join contacts same on lower(same.email) = lower(one.email)
where one.email <> '';
