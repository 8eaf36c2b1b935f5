-- The contact centre's tables: people and keys, contacts, accounts, interactions with their messages, queues and offers, deliveries.
--
-- Hot tables (contact_key, interaction, message, event, route_request, lane, delivery) carry no foreign keys: each would cost a
-- lock and a look-up per message, and only the room that owns a table writes it. Nothing there is deleted but by erasing a contact.
-- No index names a column that changes with every message (seq, last_message_at), so that these updates stay heap-only.

-- Installation ------------------------------------------------------------------------------------------------------------------

create table installation (
  id               int primary key check (id = 1),
  key_fingerprint  text not null,
  setup_digest     bytea,
  created_at       timestamptz not null default now()
);

-- People ------------------------------------------------------------------------------------------------------------------------

create table app_user (
  id             bigint generated always as identity primary key,
  email          text not null,
  name           text not null,
  fullname       text not null,
  role           text not null check (role in ('admin', 'supervisor', 'agent')),
  password_hash  text,
  capacity       int not null default 5 check (capacity between 1 and 100),
  locale         text not null default 'en' check (locale in ('en', 'it')),
  disabled_at    timestamptz,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create unique index app_user_email on app_user (lower(email));
create unique index app_user_name on app_user (lower(name));

create table session (
  digest        bytea primary key,
  user_id       bigint not null references app_user on delete cascade,
  created_at    timestamptz not null default now(),
  last_used_at  timestamptz not null default now(),
  expires_at    timestamptz not null,
  address       text,
  user_agent    text
);
create index session_user_id on session (user_id);

create table api_key (
  id             bigint generated always as identity primary key,
  user_id        bigint not null references app_user on delete cascade,
  name           text not null,
  start          text not null,               -- what the list shows: the prefix and the first characters
  last4          text not null,
  digest         bytea not null unique,
  scopes         text[],                      -- null: all rights of the user
  created_at     timestamptz not null default now(),
  expires_at     timestamptz,
  last_used_at   timestamptz,
  last_used_ip   text,
  replaced_by    bigint references api_key on delete set null
);
create index api_key_user on api_key (user_id);

create table team (
  id          bigint generated always as identity primary key,
  name        text not null,
  created_at  timestamptz not null default now()
);
create unique index team_name on team (lower(name));

create table team_member (
  team_id  bigint not null references team on delete cascade,
  user_id  bigint not null references app_user on delete cascade,
  primary key (team_id, user_id)
);
create index team_member_user on team_member (user_id);

create table presence (
  user_id          bigint primary key references app_user on delete cascade,
  state            text not null default 'offline' check (state in ('available', 'paused', 'offline')),
  reason           text,
  since            timestamptz not null default now(),
  lease_until      timestamptz not null default '-infinity',   -- kept by the socket's pings; routing ignores an agent beyond it
  by_program       boolean not null default false,             -- set with a key or a password: calls of that kind keep the lease
  last_engaged_at  timestamptz
);

create table audit_entry (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default now(),
  user_id     bigint,
  key_id      bigint,
  address     text,
  action      text not null,
  object      text not null,
  object_id   bigint,
  before      jsonb,
  after       jsonb
);
create index audit_entry_object on audit_entry (object, object_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry
  for each statement execute function refuse_change();

-- Contacts ----------------------------------------------------------------------------------------------------------------------

create table list (
  id           bigint generated always as identity primary key,
  name         text not null,
  description  text not null default '',
  created_at   timestamptz not null default now()
);
create unique index list_name on list (lower(name));

create table custom_field (
  id          bigint generated always as identity primary key,
  list_id     bigint references list on delete cascade,        -- null: every list
  name        text not null,
  type        text not null check (type in ('text', 'select', 'number', 'switch', 'datetime', 'url')),
  required    boolean not null default false,
  options     text[],
  position    int not null default 0,
  created_at  timestamptz not null default now()
);
create unique index custom_field_name on custom_field (coalesce(list_id, 0), lower(name));

create table contact (
  id             bigint generated by default as identity primary key,
  list_id        bigint not null,
  first_name     text,
  last_name      text,
  tags           text[] not null default '{}',
  street         text,
  postal_code    text,
  city           text,
  country        text,
  date_of_birth  text,
  description    text,
  phone          text,
  mobile         text,
  fax            text,
  email          text,
  url            text,
  facebook       text,
  twitter        text,
  skype          text,
  custom         jsonb not null default '{}',                  -- {"<custom_field.id>": value}
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create index contact_list on contact (list_id, id);
-- For searching by the start of a name; `nameText` of contacts/search.ts are the same expressions. Cut, since an index takes no long value.
create index contact_name on contact
  (lower(left(coalesce(first_name, ''), 100) || ' ' || left(coalesce(last_name, ''), 100)) text_pattern_ops);
create index contact_last_name on contact (lower(left(last_name, 100)) text_pattern_ops) where last_name is not null;

-- One row for each value by which a contact can be found. A value may repeat in a list (the oldest contact wins), but only one row
-- of a value may be claimed: the row under which the Receive URL made the contact. Two first messages at the same instant meet there.
create table contact_key (
  list_id     bigint not null,
  field       text not null,                                   -- wire name: phone, facebook, cf_7
  value       text not null,                                   -- trimmed, NFC, e-mail in lower case
  contact_id  bigint not null,
  claimed     boolean not null default false,
  primary key (list_id, field, value, contact_id)
);
create unique index contact_key_claim on contact_key (list_id, field, value) where claimed;
-- By hash, since an index that can sort by contact_id tempts the planner of "the oldest contact with this value" while statistics are young.
create index contact_key_contact on contact_key using hash (contact_id);

create table tag (
  id          bigint generated always as identity primary key,
  name        text not null,
  color       text not null default 'neutral',
  created_at  timestamptz not null default now()
);
create unique index tag_name on tag (lower(name));

-- Accounts ----------------------------------------------------------------------------------------------------------------------

create table account (
  id                        bigint generated always as identity primary key,
  uid                       uuid not null default gen_random_uuid() unique,
  name                      text not null,
  reply_url                 text not null default '',
  list_id                   bigint not null references list,
  description               text not null default '',
  map_key                   text,                              -- used when a message names none
  map_key_description       text not null default '',
  token_digest              bytea not null unique,
  token_sealed              bytea not null,
  old_token_digest          bytea,
  old_token_until           timestamptz,
  secret_sealed             bytea not null,
  old_secret_sealed         bytea,
  old_secret_until          timestamptz,
  update_rule               text not null default 'fill' check (update_rule in ('fill', 'never', 'overwrite')),
  reopen_within_minutes     int not null default 0 check (reopen_within_minutes >= 0),
  notification_template     text not null default '',
  attachment_limit_bytes    bigint,
  file_lifetime_hours       int,
  body_limit_bytes          int not null default 262144 check (body_limit_bytes between 1024 and 1048576),
  rate_per_second           int not null default 100 check (rate_per_second between 1 and 1000000),
  rate_burst                int not null default 500 check (rate_burst between 1 and 1000000),
  actions                   jsonb not null default '[]',
  version                   int not null default 1,
  first_message_at          timestamptz,
  created_at                timestamptz not null default now(),
  updated_at                timestamptz not null default now(),
  deleted_at                timestamptz
);

create table account_agent (
  account_id  bigint not null references account on delete cascade,
  user_id     bigint not null references app_user on delete cascade,
  primary key (account_id, user_id)
);
create index account_agent_user on account_agent (user_id);

create table account_team (
  account_id  bigint not null references account on delete cascade,
  team_id     bigint not null references team on delete cascade,
  primary key (account_id, team_id)
);
create index account_team_team on account_team (team_id);

-- Who may see an account's interactions: its agents and the members of its teams. Admins see all and do not stand here.
create view account_member as
  select account_id, user_id from account_agent
  union
  select t.account_id, m.user_id from account_team t join team_member m using (team_id);

-- Interactions ------------------------------------------------------------------------------------------------------------------

create table interaction (
  id                      bigint generated by default as identity primary key,
  account_id              bigint not null,
  contact_id              bigint not null,
  thread_id               text not null default '',
  state                   text not null default 'new' check (state in ('new', 'queued', 'offered', 'assigned', 'closed')),
  user_id                 bigint,
  queue_id                bigint,
  seq                     bigint not null default 0,           -- of its newest event; gap-free, given under this row's lock
  to_address              text,
  external_url            text,
  subject                 text,
  unread                  int not null default 0,              -- customer's messages since its agent last looked
  last_message_id         bigint,
  last_message_at         timestamptz not null default now(),
  last_message_direction  text,
  last_message_preview    text,
  waiting_since           timestamptz,                         -- null while assigned or closed
  first_reply_at          timestamptz,
  disposition             text,
  created_at              timestamptz not null default now(),
  assigned_at             timestamptz,
  closed_at               timestamptz,
  closed_by               bigint
) with (fillfactor = 70);
create unique index interaction_open on interaction (contact_id, account_id, thread_id) where closed_at is null;
create index interaction_contact on interaction (contact_id, id);
create index interaction_account_contact on interaction (account_id, contact_id);   -- which contacts may an agent see
create index interaction_user_open on interaction (user_id) where closed_at is null and user_id is not null;
create index interaction_waiting on interaction (account_id, waiting_since, id) where closed_at is null and user_id is null;
create index interaction_team on interaction (account_id, assigned_at, id) include (user_id) where closed_at is null and user_id is not null;
create index interaction_closed on interaction (account_id, closed_at, id) where closed_at is not null;
create index interaction_created on interaction (account_id, created_at, id);

create table interaction_tag (
  interaction_id  bigint not null,
  tag_id          bigint not null references tag on delete cascade,
  primary key (interaction_id, tag_id)
);
create index interaction_tag_tag on interaction_tag (tag_id);

create table message (
  id              bigint generated by default as identity primary key,
  interaction_id  bigint not null,
  account_id      bigint not null,
  contact_id      bigint not null,
  seq             bigint not null,
  direction       text not null check (direction in ('in', 'out')),
  secret          boolean not null default false,              -- an agent's note: never goes out
  body            text not null,
  attachment_id   bigint,
  user_id         bigint,
  sent_by         text,                                        -- what a client calls the sender when it is no user
  client_id       text,                                        -- the desk's own id: a second send of it is the first
  part            int not null default 0,                      -- position in what one send was split into
  channel_id      text,                                        -- the id that the Reply URL answered
  written_at      timestamptz,                                 -- when the customer wrote it, as the sender says
  created_at      timestamptz not null default now(),
  status          text not null check (status in ('received', 'note', 'queued', 'sending', 'retrying', 'sent', 'delivered', 'read', 'failed')),
  status_reason   text,
  next_attempt_at timestamptz,
  status_at       timestamptz,
  marked          boolean not null default false               -- characters were replaced while it was normalised
) with (fillfactor = 90);
create unique index message_seq on message (interaction_id, seq);
create unique index message_client on message (user_id, client_id, part) where client_id is not null;
create index message_attachment on message (attachment_id) where attachment_id is not null;

-- The senders' own ids, for ever and outside message, which may later be partitioned by id.
create table sender_message (
  account_id  bigint not null,
  sender_id   text not null,
  message_id  bigint not null,
  content     bytea not null,                                  -- eight bytes of digest for each of from, mapKey, body, threadId, AttachmentId
  primary key (account_id, sender_id)
);

create table event (
  interaction_id  bigint not null,
  seq             bigint not null,
  type            text not null,
  message_id      bigint,
  user_id         bigint,
  data            jsonb,
  at              timestamptz not null default now(),
  primary key (interaction_id, seq)
);
-- Rows arrive in order of time, so a block range index finds "what changed lately" at almost no cost per row.
create index event_at on event using brin (at) with (pages_per_range = 16, autosummarize = on);

create table attachment (
  id             bigint generated always as identity primary key,
  name           text not null,
  type           text not null,
  size_bytes     bigint not null,
  path           text not null,                                -- below the attachments folder, chosen by the server
  digest         bytea not null,
  user_id        bigint,                                       -- who uploaded it; null: an account's Receive URL did
  account_id     bigint,                                       -- set once a message of that account holds it
  created_at     timestamptz not null default now(),
  expires_at     timestamptz,
  removed_at     timestamptz                                   -- the bytes are gone
);
create index attachment_expiry on attachment (expires_at) where expires_at is not null and removed_at is null;

-- Routing -----------------------------------------------------------------------------------------------------------------------

-- Written with the message that opens or reopens an interaction; the router takes it, runs the account's actions and deletes it.
create table route_request (
  interaction_id  bigint primary key,
  account_id      bigint not null,
  requested_at    timestamptz not null default now()
);

create table queue (
  id                     bigint generated always as identity primary key,
  name                   text not null,
  description            text not null default '',
  strategy               text not null default 'rrmemory' check (strategy in ('rrmemory', 'beepall')),
  agent_timeout_seconds  int not null default 20 check (agent_timeout_seconds between 3 and 3600),
  weight                 int not null default 0 check (weight between 0 and 10),
  last_user_id           bigint,                               -- rrmemory: whom it engaged last
  version                int not null default 1,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);
create unique index queue_name on queue (lower(name));

create table queue_agent (
  queue_id  bigint not null references queue on delete cascade,
  user_id   bigint not null references app_user on delete cascade,
  primary key (queue_id, user_id)
);
create index queue_agent_user on queue_agent (user_id);

create table queue_team (
  queue_id  bigint not null references queue on delete cascade,
  team_id   bigint not null references team on delete cascade,
  primary key (queue_id, team_id)
);
create index queue_team_team on queue_team (team_id);

create view queue_member as
  select queue_id, user_id from queue_agent
  union
  select t.queue_id, m.user_id from queue_team t join team_member m using (team_id);

-- An interaction that waits in a queue, offered at the moment or not.
create table queue_entry (
  interaction_id  bigint primary key,
  account_id      bigint not null,
  queue_id        bigint not null references queue on delete cascade,
  entered_at      timestamptz not null default now(),
  step            int,                                         -- place in the account's actions; null: somebody put it here
  until           timestamptz                                  -- the queue step's timeout; null: waits for ever
);
create index queue_entry_queue on queue_entry (queue_id, account_id, entered_at, interaction_id);
create index queue_entry_until on queue_entry (until) where until is not null;

create table offer (
  id              bigint generated always as identity primary key,
  interaction_id  bigint not null,
  queue_id        bigint not null,
  user_id         bigint not null,
  state           text not null default 'open' check (state in ('open', 'accepted', 'declined', 'timeout', 'taken', 'withdrawn')),
  reason          text,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null,
  ended_at        timestamptz
);
create unique index offer_open on offer (interaction_id, user_id) where state = 'open';
create index offer_open_user on offer (user_id) where state = 'open';
create index offer_open_expiry on offer (expires_at) where state = 'open';
create index offer_interaction on offer (interaction_id, id);

-- Delivery ----------------------------------------------------------------------------------------------------------------------

-- One row for each POST that an endpoint is owed. Its lane keeps the order of an interaction.
create table delivery (
  id               bigint generated by default as identity primary key,
  interaction_id   bigint not null,
  account_id       bigint not null,
  message_id       bigint not null,
  webhook_id       text not null,
  state            text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'dead')),
  attempts         int not null default 0,
  next_at          timestamptz not null default now(),
  last_status      int,
  last_error       text,
  created_at       timestamptz not null default now(),
  ended_at         timestamptz
);
create index delivery_pending on delivery (interaction_id, id) where state = 'pending';
create index delivery_message on delivery (message_id);
create index delivery_account on delivery (account_id, id);

create table lane (
  interaction_id  bigint primary key,
  account_id      bigint not null,
  next_at         timestamptz,                                 -- when it may be claimed: due, or the end of a worker's lease; null: nothing owed
  fence           bigint not null default 0                    -- raised with every claim; an outcome counts only under the newest
) with (fillfactor = 70);
create index lane_due on lane (next_at) where next_at is not null;
create index lane_account on lane (account_id, next_at) where next_at is not null;

create table delivery_attempt (
  id             bigint generated always as identity primary key,
  delivery_id    bigint not null,
  account_id     bigint not null,
  attempt        int not null,
  started_at     timestamptz not null,
  duration_ms    int not null,
  status         int,
  error          text,
  request_body   text,
  response_body  text
);
create index delivery_attempt_delivery on delivery_attempt (delivery_id, attempt);

-- What the built-in echo receiver took in, so that an account can be tried before its own Reply URL stands.
create table echo (
  id           bigint generated always as identity primary key,
  account_id   bigint not null references account on delete cascade,
  received_at  timestamptz not null default now(),
  headers      jsonb not null,
  body         text not null
);
create index echo_account on echo (account_id, id);

-- Appends to an interaction's log under the row lock of the interaction, so that seq has no gap for any reader.
create function append_event(in_interaction_id bigint, in_type text, in_user_id bigint, in_message_id bigint, in_data jsonb)
returns bigint language plpgsql as $$
declare
  new_seq bigint;
begin
  update interaction set seq = seq + 1 where id = in_interaction_id returning seq into new_seq;
  if new_seq is null then
    raise exception 'interaction % does not exist', in_interaction_id using errcode = 'no_data_found';
  end if;
  insert into event (interaction_id, seq, type, user_id, message_id, data)
    values (in_interaction_id, new_seq, in_type, in_user_id, in_message_id, in_data);
  return new_seq;
end $$;

insert into list (name, description) values ('Default', 'Contacts of accounts that name no other list');
