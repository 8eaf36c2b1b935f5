-- Triggers: what happens besides the account's actions when a message comes in or goes out, under conditions.

create table message_trigger (
  id bigint generated always as identity primary key,
  name text not null,
  -- They are looked at in this order.
  position integer not null,
  enabled boolean not null default true,
  direction text not null check (direction in ('in', 'out', 'both')),
  -- Null: every account.
  account_ids bigint[],
  -- Null: at all hours.
  interval_id bigint,
  -- {"all": [{"variable": "message.body", "operator": "contains", "value": "refund"}], "any": []}; both empty: every message.
  conditions jsonb not null default '{"all": [], "any": []}',
  -- [{"type": "tag", "tagIds": [1]}]
  actions jsonb not null default '[]',
  -- How many messages fired it so far.
  fired bigint not null default 0,
  last_fired_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index message_trigger_name on message_trigger (lower(name));

-- A message of which triggers have not been asked yet; written with the message, and only where a trigger watches its account.
create table trigger_request (
  message_id bigint primary key,
  interaction_id bigint not null,
  attempts integer not null default 0,
  not_before timestamptz not null default now()
);

-- What a trigger shows to the agent who has the interaction; gone when he has put it away. One that is still there is replaced.
create table popup (
  id bigint generated always as identity primary key,
  interaction_id bigint not null,
  trigger_id bigint not null,
  -- Which action of the trigger.
  place integer not null,
  title text not null,
  body text not null,
  -- What it offers to open.
  url text,
  created_at timestamptz not null default now(),
  unique (interaction_id, trigger_id, place)
);
create index popup_created on popup (created_at);

-- A trigger of the table and not lines in `receive` and `reply`: every way by which a message is written passes it. Without any
-- trigger that is on it costs a look at an empty table, once for a whole batch.
create function note_messages() returns trigger language plpgsql as $$
begin
  if exists (select from message_trigger where enabled) then
    insert into trigger_request (message_id, interaction_id)
      select id, interaction_id from added
      where not secret and exists (
        select from message_trigger t
        where t.enabled and t.direction in ('both', added.direction)
          and (t.account_ids is null or added.account_id = any (t.account_ids)));
  end if;
  return null;
end $$;

create trigger message_noted after insert on message
  referencing new table as added for each statement execute function note_messages();
