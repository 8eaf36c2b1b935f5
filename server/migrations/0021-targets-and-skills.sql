-- What an interaction waits for besides a queue; and what queues know of their agents.

-- Exactly one of the three. `kind` and `target_id` say the same in one shape, so that one index serves all.
alter table queue_entry
  alter column queue_id drop not null,
  add column user_id bigint references app_user (id),
  add column team_id bigint references team (id),
  add column kind smallint not null generated always as
    (case when queue_id is not null then 0 when user_id is not null then 1 else 2 end) stored,
  add column target_id bigint not null generated always as (coalesce(queue_id, user_id, team_id)) stored,
  add constraint queue_entry_target check (num_nonnulls(queue_id, user_id, team_id) = 1);
drop index queue_entry_queue;
create index queue_entry_target on queue_entry (kind, target_id, account_id, entered_at, interaction_id);
create index queue_entry_team on queue_entry (team_id) where team_id is not null;

-- An offer without a queue comes from a team, or is meant for the agent alone.
alter table offer
  alter column queue_id drop not null,
  add column team_id bigint,
  add column takes_slot boolean not null default true;
update offer set takes_slot = false from queue where queue.id = offer.queue_id and queue.strategy = 'beepall';

alter table queue
  drop constraint queue_strategy_check,
  add constraint queue_strategy_check check (strategy in ('rrmemory', 'beepall', 'leastrecent', 'fewestactive')),
  add column group_name text not null default '',
  add column wrap_up_seconds int not null default 0 check (wrap_up_seconds between 0 and 3600),
  add column auto_answer boolean not null default false;

create table skill (
  id bigint generated always as identity primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index skill_name on skill (lower(name));

create table user_skill (
  user_id bigint not null references app_user (id) on delete cascade,
  skill_id bigint not null references skill (id) on delete cascade,
  level smallint not null check (level between 1 and 10),
  primary key (user_id, skill_id)
);
create index user_skill_skill on user_skill (skill_id);

-- From so many seconds of waiting on, the queue asks for this level; 0: for none any more.
create table queue_skill (
  queue_id bigint not null references queue (id) on delete cascade,
  skill_id bigint not null references skill (id),
  after_seconds int not null check (after_seconds between 0 and 86400),
  level smallint not null check (level between 0 and 10),
  primary key (queue_id, skill_id, after_seconds)
);
create index queue_skill_skill on queue_skill (skill_id);
