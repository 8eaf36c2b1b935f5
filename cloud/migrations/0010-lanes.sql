-- What customers did on its way to the contact centre, and answers on their way to the channel: in order per conversation.

-- Where lanes lead: of `in` the contact centre of the integration, of `out` its page.
create table lane_end (
  integration_id bigint not null references integration on delete cascade,
  direction text not null check (direction in ('in', 'out')),
  -- In a row. From the third on only one lane at a time tries whether the other side is back.
  failures integer not null default 0,
  held_until timestamptz,
  complaint text,
  succeeded_at timestamptz,
  primary key (integration_id, direction)
);

-- At rest: next_at is null. Due, or waiting for its next attempt: next_at. Claimed: is_claimed, until next_at.
create table lane (
  id bigint generated always as identity primary key,
  integration_id bigint not null references integration on delete cascade,
  direction text not null check (direction in ('in', 'out')),
  conversation text not null,
  next_at timestamptz,
  is_claimed boolean not null default false,
  fence integer not null default 0,
  unique (integration_id, direction, conversation)
);
create index lane_next_at_idx on lane (next_at) where next_at is not null;

create table parcel (
  id bigint generated always as identity primary key,
  lane_id bigint not null references lane on delete cascade,
  integration_id bigint not null,
  direction text not null,
  -- What comes again under it is the same.
  key text not null,
  content jsonb not null,
  happened_at timestamptz not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  reason text,
  ended_at timestamptz,
  unique (integration_id, direction, key)
);
create index parcel_pending_idx on parcel (lane_id, happened_at, id) where state = 'pending';
create index parcel_ended_at_idx on parcel (ended_at) where ended_at is not null;
create index parcel_lane_id_idx on parcel (lane_id);

-- People who write to a page.
create table customer (
  integration_id bigint not null references integration on delete cascade,
  person text not null,
  first_name text,
  last_name text,
  -- When the channel was asked for the name, with or without success.
  named_at timestamptz,
  -- Since then the channel's time for answers runs.
  last_sign_at timestamptz,
  primary key (integration_id, person)
);

-- Where on the wall an answer to a person belongs: below the comment that he wrote last.
create table wall_place (
  integration_id bigint not null references integration on delete cascade,
  thread_id text not null,
  person text not null,
  answer_to text not null,
  primary key (integration_id, thread_id, person)
);

-- What went out: one answer may be several messages of the channel.
create table sent (
  id bigint generated always as identity primary key,
  integration_id bigint not null references integration on delete cascade,
  parcel_id bigint not null,
  part integer not null,
  is_last boolean not null,
  -- The answer, as the contact centre numbers it.
  answer_id bigint not null,
  person text not null,
  thread_id text,
  -- The channel's. Null: it was asked to send, and nobody knows whether it did.
  message_id text,
  status text not null default 'sent' check (status in ('asked', 'sent', 'delivered', 'read')),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (parcel_id, part)
);
create unique index sent_message_id_key on sent (integration_id, message_id);
create index sent_person_idx on sent (integration_id, person, sent_at) where status in ('sent', 'delivered');
create index sent_created_at_idx on sent (created_at);

-- Files of customers, fetched at once since their addresses expire, and kept for a day.
create table file_copy (
  id bigint generated always as identity primary key,
  integration_id bigint not null references integration on delete cascade,
  -- Of the parcel, and which of its files.
  parcel_key text not null,
  place integer not null,
  url text not null,
  kind text not null,
  state text not null default 'wanted' check (state in ('wanted', 'here', 'failed', 'gone')),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  reason text,
  name text,
  type text,
  size_bytes bigint,
  -- In the contact centre, once it has it.
  attachment_id bigint,
  created_at timestamptz not null default now(),
  unique (integration_id, parcel_key, place)
);
create index file_copy_next_at_idx on file_copy (next_at) where state = 'wanted';
create index file_copy_created_at_idx on file_copy (created_at) where state = 'here';
