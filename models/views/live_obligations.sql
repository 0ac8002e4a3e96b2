-- The obligations that have not ended: what is owed now. PostgreSQL reads it by the indexes where `ended_on is null`.
create view live_obligations as
select * from obligations where ended_on is null;
