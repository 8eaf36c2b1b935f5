-- The delivery log of what goes out: what else is known of an attempt, and the ways in by account and time.

-- Headers, sizes and times: see delivery/attempt-details.ts.
alter table delivery_attempt add column if not exists details jsonb;

create index delivery_attempt_account on delivery_attempt (account_id, started_at);
create index delivery_attempt_failed on delivery_attempt (account_id, started_at) where error is not null;

-- By time, since what came in stands between what went out, and has no number in common with it.
drop index delivery_account;
create index delivery_account on delivery (account_id, created_at, id);
-- Few among many: what an account still owes, and what it gave up.
create index delivery_open on delivery (account_id, created_at, id) where state <> 'delivered';
