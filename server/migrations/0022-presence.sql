-- Presence with its reasons and its history: pauses by name, wrap-up, not answering, who set it and why, and who was absent since when.

create table pause (
  id          bigint generated always as identity primary key,
  name        text not null,
  key         text,                                            -- of one made here and never renamed: the desk has its words
  minutes     int check (minutes between 1 and 1440),          -- how long it usually takes
  place       int not null default 0,
  version     int not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now()
);
create unique index pause_name on pause (lower(name));
insert into pause (name, key, minutes, place) values
  ('Break', 'break', 15, 1), ('Lunch', 'lunch', 45, 2), ('Training', 'training', null, 3), ('Administration', 'administration', null, 4);

create table presence_rule (
  id                 int primary key default 1 check (id = 1),
  pause_needs_reason boolean not null default false,
  missed_offers      int default 1 check (missed_offers between 1 and 20),        -- null: nobody is set to not answering
  paused_is_absent   boolean not null default false,
  absent_minutes     int default 60 check (absent_minutes between 1 and 10080),   -- null: what waits for an absent agent goes on waiting
  version            int not null default 1
);
insert into presence_rule default values;

alter table presence
  drop constraint presence_state_check,
  add constraint presence_state_check check (state in ('available', 'paused', 'offline', 'wrap-up', 'not-answering')),
  add column until timestamptz,                                -- wrap-up: its end; paused: when he means to be back
  -- never: a row that nobody has set yet
  add column cause text not null default 'never'
    check (cause in ('never', 'self', 'supervisor', 'missed', 'wrap-up', 'silent', 'signed-out')),
  add column set_by bigint,                                    -- the supervisor
  add column note text,                                        -- his words
  add column missed int not null default 0,                    -- offers in a row that he let run out
  add column away_since timestamptz;                           -- last heard of, when his lease has ended
update presence set cause = 'self';

-- Who was in which state, with which reason, from when to when. The period without an end is the present one.
create table presence_period (
  id          bigint generated always as identity primary key,
  user_id     bigint not null references app_user on delete cascade,
  state       text not null,
  reason      text,
  cause       text not null,
  by_user_id  bigint,
  note        text,
  since       timestamptz not null,
  until       timestamptz
);
create index presence_period_user on presence_period (user_id, since);
create unique index presence_period_open on presence_period (user_id) where until is null;
insert into presence_period (user_id, state, reason, cause, since) select user_id, state, reason, cause, since from presence;

-- Who is away was offline from the moment his lease ended. A trigger, so that no write of presence can forget it; it is not
-- touched by the renewal of leases.
create function note_presence() returns trigger language plpgsql as $$
declare
  is_away boolean := new.away_since is not null;
  at timestamptz := case when is_away then least(greatest(new.lease_until, new.since), now()) else now() end;
  current presence_period;
  next presence_period;
begin
  next.state := case when is_away then 'offline' else new.state end;
  next.cause := case when is_away and new.state <> 'offline' then 'silent' else new.cause end;
  if not is_away then
    next.reason := new.reason;
    next.by_user_id := new.set_by;
    next.note := new.note;
  end if;
  select * into current from presence_period where user_id = new.user_id and until is null;
  if found then
    if (current.state, current.reason, current.cause, current.by_user_id, current.note)
        is not distinct from (next.state, next.reason, next.cause, next.by_user_id, next.note) then
      return null;
    end if;
    update presence_period set until = greatest(at, since) where id = current.id;
  end if;
  insert into presence_period (user_id, state, reason, cause, by_user_id, note, since)
    values (new.user_id, next.state, next.reason, next.cause, next.by_user_id, next.note, greatest(at, current.since));
  return null;
end $$;
create trigger presence_noted after insert or update of state, reason, cause, away_since on presence
  for each row execute function note_presence();

-- An instant as every answer has it.
create function wire_instant(at timestamptz) returns text language sql stable
  return to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- How each user stands as he sees it himself, in the shape of the wire but for the slots that he uses.
create view presence_now as
select u.id as user_id, jsonb_build_object('state', coalesce(p.state, 'offline'), 'reason', p.reason,
  'since', wire_instant(coalesce(p.since, u.created_at)), 'until', wire_instant(p.until), 'cause', coalesce(p.cause, 'never'),
  'setBy', case when s.id is not null then jsonb_build_object('id', s.id, 'fullname', s.fullname) end, 'note', p.note,
  'capacity', u.capacity) as presence
from app_user u left join presence p on p.user_id = u.id left join app_user s on s.id = p.set_by;
