-- What steps of flows and triggers asked of programs elsewhere, for the delivery log: a row for each call, its attempts in it.

create table call_record (
  id bigint not null generated always as identity primary key,
  account_id bigint not null,
  interaction_id bigint not null,
  message_id bigint,
  event text not null check (event in ('bot', 'web-request', 'trigger')),
  asked_by text not null,
  key text not null unique,
  state text not null check (state in ('pending', 'delivered', 'failed', 'dead')),
  attempt_limit integer not null,
  started_at timestamptz not null,
  attempts jsonb not null
);
create index call_record_account on call_record (account_id, started_at);
create index call_record_interaction on call_record (interaction_id);
