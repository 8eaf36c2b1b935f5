-- Endpoints with a breaker each, lanes that stand behind one, and replaying what was given up.
--
-- An endpoint is what one account is owed for one purpose: 0 answers, 1 events, 2 alarms. Its purposes have lanes of their own, so that
-- none waits for another, and several accounts that are answered at one address do not share a breaker.
--
-- Lock order: interaction, lane, delivery and message, endpoint. Endpoints are locked last and by id; whoever holds one takes further
-- lanes only as far as nobody holds them.

create function endpoint_id(in_account_id bigint, in_purpose smallint) returns bigint language sql immutable parallel safe
return in_account_id * 4 + in_purpose;

create table endpoint (
  id          bigint primary key,                              -- endpoint_id of the next two
  account_id  bigint not null,
  purpose     smallint not null,
  state       text not null default 'closed' check (state in ('closed', 'open', 'ramping')),
  since       timestamptz not null default now(),              -- of the state
  failures    int not null default 0,                          -- attempts without an answer that decides, one after the other
  refusals    int not null default 0,                          -- 401, 403, 404 and 410, one after the other
  last_error  text,                                            -- of the newest of both
  probes      int not null default 0,                          -- in this outage
  probe_at    timestamptz,                                     -- the next, while open
  not_before  timestamptz,                                     -- as Retry-After asked
  ramp        int not null default 0                           -- how many lanes may be ready at once, while ramping
);
create index endpoint_open on endpoint (probe_at) where state = 'open';
create index endpoint_ramping on endpoint (id) where state = 'ramping';

alter table delivery
  add column purpose smallint not null default 0,
  add column event text not null default 'reply',
  -- What an event or an alarm tells. An answer is composed anew for every attempt.
  add column payload jsonb,
  -- The delivery that was made of it once more.
  add column replayed_as bigint,
  alter column message_id drop not null;
drop index delivery_pending;
create index delivery_pending on delivery (interaction_id, purpose, id) where state = 'pending';
create index delivery_undelivered on delivery (account_id, id) where state in ('failed', 'dead') and replayed_as is null;

alter table delivery_attempt add column details jsonb;

alter table lane
  add column purpose smallint not null default 0,
  -- Behind an open breaker, and since when; next_at is then null.
  add column parked_at timestamptz,
  -- Tells next_at as the end of a lease from next_at as the next attempt.
  add column claimed boolean not null default false,
  drop constraint lane_pkey,
  add primary key (interaction_id, purpose);
drop index lane_account;
create index lane_endpoint on lane (endpoint_id(account_id, purpose), next_at) where next_at is not null;
create index lane_parked on lane (endpoint_id(account_id, purpose), parked_at) where parked_at is not null;

-- Everything of an account that failed or was given up since a time, at a rate. `position` is the delivery that was replayed last.
create table replay (
  id          bigint generated always as identity primary key,
  account_id  bigint not null,
  since       timestamptz not null,
  until_id    bigint not null,
  position    bigint not null default 0,
  per_second  int not null,
  next_at     timestamptz not null default now(),
  created_at  timestamptz not null default now(),
  ended_at    timestamptz
);
create index replay_due on replay (next_at) where ended_at is null;

-- Lanes -------------------------------------------------------------------------------------------------------------------------

-- What has something to deliver is due now, unless a worker holds it, it waits for its next attempt or is parked: then the new
-- delivery is found by whoever has the lane next.
drop function put_in_lane(bigint, bigint);
create function put_in_lane(in_interaction_id bigint, in_account_id bigint, in_purpose smallint default 0) returns void language sql as $$
  insert into lane (interaction_id, account_id, purpose, next_at) values (in_interaction_id, in_account_id, in_purpose, now())
  on conflict (interaction_id, purpose) do update set next_at = now() where lane.next_at is null and lane.parked_at is null
$$;

-- Claims at most `in_limit` due lanes, those that wait longest first: of the endpoints `in_only`, or else of all but `in_besides`. What
-- is due behind an open breaker is parked instead. Answers one row at least: `next_due_ms` tells in how many milliseconds another lane
-- or a probe becomes due, null when none does; `parked` how many were parked; `to_tend` whether tend_endpoints has anything to do.
drop function claim_lanes(int, int, bigint[], bigint[]);
create function claim_lanes(in_limit int, in_lease_ms int, in_only bigint[], in_besides bigint[])
returns table (next_due_ms float8, parked int, to_tend boolean, interaction_id bigint, account_id bigint, purpose smallint, fence bigint,
               due_at timestamptz, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts int,
               head_created_at timestamptz)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  oldest boolean := in_only is null and cardinality(in_besides) = 0;
begin
  return query
  with recursive known (id) as (
    -- Endpoints that may not be called now can have any number of due lanes: then this goes from endpoint to endpoint, never through
    -- them (2.8 ms with 1000 endpoints, whether 0 or 100 000 lanes lie behind one that is left alone).
    (select endpoint_id(l.account_id, l.purpose) from lane l
     where in_only is null and not oldest and l.next_at is not null order by endpoint_id(l.account_id, l.purpose) limit 1)
    union all
    select (select endpoint_id(l.account_id, l.purpose) from lane l
            where l.next_at is not null and endpoint_id(l.account_id, l.purpose) > known.id
            order by endpoint_id(l.account_id, l.purpose) limit 1)
    from known where known.id is not null),
  chosen (id) as (
    select id from known where id is not null and id <> all(in_besides)
    union all
    select unnest(in_only)),
  candidate (interaction_id, purpose) as (
    (select interaction_id, purpose from lane where oldest and next_at <= now() order by next_at limit in_limit * 2)
    union all
    (select l.interaction_id, l.purpose from chosen, lateral (
       select o.interaction_id, o.purpose, o.next_at from lane o
       where endpoint_id(o.account_id, o.purpose) = chosen.id and o.next_at <= now() order by o.next_at limit in_limit * 2) l
     order by l.next_at limit in_limit * 2)),
  due as (
    select l.interaction_id, l.purpose, l.next_at, e.state is not distinct from 'open' as is_shut
    from candidate c
    join lane l on l.interaction_id = c.interaction_id and l.purpose = c.purpose
    left join endpoint e on e.id = endpoint_id(l.account_id, l.purpose)
    where l.next_at <= now()
    limit in_limit for update of l skip locked),
  shut as (
    update lane l set next_at = null, parked_at = due.next_at, claimed = false, fence = l.fence + 1
    from due where due.is_shut and l.interaction_id = due.interaction_id and l.purpose = due.purpose
    returning l.interaction_id),
  claimed as (
    update lane l set next_at = now() + in_lease_ms * interval '1 ms', claimed = true, fence = l.fence + 1
    from due where not due.is_shut and l.interaction_id = due.interaction_id and l.purpose = due.purpose
    returning l.interaction_id, l.account_id, l.purpose, l.fence, due.next_at as due_at)
  select n.ms, (select count(*)::int from shut), coalesce(n.probe_at <= now(), false) or exists (select from endpoint where state = 'ramping'),
    c.*, d.*
  from (
    select extract(epoch from least(l.next_at, p.probe_at) - now())::float8 * 1000 as ms, p.probe_at
    from (select min(next_at) as next_at from lane where next_at > now()) l,
         (select min(probe_at) as probe_at from endpoint where state = 'open') p) n
  left join claimed c on true
  left join lateral (
    select id, message_id, event, webhook_id, attempts, created_at from delivery
    where interaction_id = c.interaction_id and purpose = c.purpose and state = 'pending' order by id limit 1) d on true
  order by c.due_at;
end $$;

-- Gives lanes back before their lease ends, as far as the fence still holds: due as they were, or at rest when nothing is owed.
drop function release_lanes(bigint[], bigint[], timestamptz[]);
create function release_lanes(in_interaction_ids bigint[], in_purposes smallint[], in_fences bigint[], in_due_at timestamptz[])
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
begin
  for r in
    select * from unnest(in_interaction_ids, in_purposes, in_fences, in_due_at) as x (interaction_id, purpose, fence, due_at) order by 1, 2
  loop
    perform from lane where interaction_id = r.interaction_id and purpose = r.purpose and fence = r.fence for update;
    continue when not found;
    -- A statement of its own: it must see what was committed before the lock was had.
    update lane set claimed = false, next_at = case
        when exists (select from delivery where interaction_id = r.interaction_id and purpose = r.purpose and state = 'pending')
        then r.due_at end
      where interaction_id = r.interaction_id and purpose = r.purpose;
  end loop;
end $$;

-- Breakers ----------------------------------------------------------------------------------------------------------------------

-- About 1, 2, 4, 8, 16 s, then 25 s: never more than 30 s after a recovery.
create function probe_delay(in_probes int) returns interval language sql volatile
return least(2 ^ least(in_probes, 10), 25) * (0.8 + 0.2 * random()) * interval '1 second';

-- Lanes that nobody has in hand wait for the endpoint instead, which brings them forward.
create function park_lanes(in_endpoint_id bigint, in_limit int) returns void language sql
set enable_seqscan = off set enable_bitmapscan = off as $$
  update lane set parked_at = least(next_at, now()), next_at = null, claimed = false
  where (interaction_id, purpose) in (
    select interaction_id, purpose from lane
    where endpoint_id(account_id, purpose) = in_endpoint_id and (next_at <= now() or next_at is not null and not claimed)
    order by next_at limit in_limit for update skip locked)
$$;

-- What became of attempts at one endpoint: `in_failures` to be tried again, `in_refusals` answered 401, 403, 404 or 410, `in_taken`
-- decided otherwise.
--   closed -> open       after 5 failures without an answer between them
--   open -> ramping      when a probe, or what was still under way, got an answer that decides
--   ramping -> open      after 5 failures
--   ramping -> closed    when no lane is parked any more: see tend_endpoints
create function note_outcomes(in_account_id bigint, in_purpose smallint, in_failures int, in_refusals int, in_taken int, in_error text,
                              in_retry_after_ms bigint) returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  e endpoint;
  is_answered boolean := in_refusals + in_taken > 0;
  opens boolean;
begin
  insert into endpoint (id, account_id, purpose) values (endpoint_id(in_account_id, in_purpose), in_account_id, in_purpose)
    on conflict do nothing;
  select * into e from endpoint where id = endpoint_id(in_account_id, in_purpose) for update;
  e.failures := case when is_answered then 0 else e.failures + in_failures end;
  e.refusals := case when in_taken > 0 then 0 else e.refusals + in_refusals end;
  e.last_error := coalesce(in_error, e.last_error);
  if in_retry_after_ms > 0 then
    e.not_before := greatest(e.not_before, now() + least(in_retry_after_ms, 14400000) * interval '1 ms');
  end if;
  opens := e.state <> 'open' and e.failures >= 5;
  if opens then
    if e.state = 'closed' then
      e.probes := 0;
    end if;
    e.state := 'open';
    e.since := now();
    e.probe_at := now() + probe_delay(e.probes);
  elsif e.state = 'open' and is_answered then
    e.state := 'ramping';
    e.since := now();
    e.ramp := 8;
    e.not_before := null;
  elsif e.state = 'ramping' and in_failures > 0 then
    e.ramp := greatest(e.ramp / 2, 2);
  end if;
  e.probe_at := case when e.state = 'open' then greatest(e.probe_at, e.not_before) end;
  update endpoint set state = e.state, since = e.since, failures = e.failures, refusals = e.refusals, last_error = e.last_error,
      probes = e.probes, probe_at = e.probe_at, not_before = e.not_before, ramp = e.ramp
    where id = e.id;
  if e.state = 'open' and in_failures > 0 then
    perform park_lanes(e.id, 1000);
  end if;
end $$;

-- Looks after endpoints whose breaker is not closed, each by one caller at a time.
--   open, a probe is due   claims the lane that is parked longest, for one attempt
--   open for long          claims lanes of which the first delivery is to be given up: 72 hours old, and 30 probes were in vain
--   ramping                makes parked lanes due again, twice as many each time, as fast as they are taken
-- Answers the lanes that it claimed; `is_over` those to be given up.
create function tend_endpoints(in_limit int, in_lease_ms int, in_give_up_attempts int, in_give_up_age_ms bigint)
returns table (is_over boolean, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, due_at timestamptz,
               head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts int,
               head_created_at timestamptz)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  e endpoint;
  ready int;
begin
  for e in
    select * from endpoint where state = 'open' and probe_at <= now() order by probe_at limit in_limit for update skip locked
  loop
    if not exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null) then
      -- Nobody asks for it: the next attempt decides.
      update endpoint set state = 'closed', since = now(), failures = 4, probe_at = null where id = e.id;
      continue;
    end if;
    update endpoint set probes = e.probes + 1, probe_at = now() + probe_delay(e.probes + 1) where id = e.id;
    return query
    with over as (
      select l.interaction_id, l.purpose, l.parked_at, true as is_over
      from (select o.interaction_id, o.purpose from lane o
            where e.probes >= in_give_up_attempts and endpoint_id(o.account_id, o.purpose) = e.id and o.parked_at is not null
            order by o.parked_at limit 500) o
      join lane l on l.interaction_id = o.interaction_id and l.purpose = o.purpose
      where l.parked_at is not null
        and (select d.created_at from delivery d where d.interaction_id = l.interaction_id and d.purpose = l.purpose
             and d.state = 'pending' order by d.id limit 1) <= now() - in_give_up_age_ms * interval '1 ms'
      for update of l skip locked),
    chosen as (
      select l.interaction_id, l.purpose, l.parked_at, false as is_over from lane l
      where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null
        and l.interaction_id not in (select o.interaction_id from over o)
      order by l.parked_at limit 1 for update skip locked),
    claimed as (
      update lane l set next_at = now() + in_lease_ms * interval '1 ms', parked_at = null, claimed = true, fence = l.fence + 1
      from (select * from chosen union all select * from over) c where l.interaction_id = c.interaction_id and l.purpose = c.purpose
      returning c.is_over, l.interaction_id, l.account_id, l.purpose, l.fence, c.parked_at)
    select c.*, d.*
    from claimed c
    left join lateral (
      select id, message_id, event, webhook_id, attempts, created_at from delivery
      where interaction_id = c.interaction_id and purpose = c.purpose and state = 'pending' order by id limit 1) d on true;
  end loop;

  for e in select * from endpoint where state = 'ramping' order by id for update skip locked loop
    select count(*) into ready from (
      select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.next_at <= now() limit e.ramp) due;
    continue when ready >= e.ramp;
    update lane l set next_at = l.parked_at, parked_at = null
      where (l.interaction_id, l.purpose) in (
        select o.interaction_id, o.purpose from lane o
        where endpoint_id(o.account_id, o.purpose) = e.id and o.parked_at is not null
        order by o.parked_at limit e.ramp - ready for update skip locked);
    if found then
      update endpoint set ramp = least(e.ramp * 2, 2048) where id = e.id;
    elsif not exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null) then
      update endpoint set state = 'closed', since = now(), failures = 0, probes = 0 where id = e.id;
    end if;
  end loop;
end $$;

-- An endpoint has another address: what was learned about the old one is forgotten, and everything that waits is due, with a ramp.
create function readdress_endpoint(in_account_id bigint, in_purpose smallint) returns void language plpgsql as $$
begin
  insert into endpoint (id, account_id, purpose, state, ramp)
    values (endpoint_id(in_account_id, in_purpose), in_account_id, in_purpose, 'ramping', 8)
    on conflict (id) do update set state = 'ramping', since = now(), failures = 0, refusals = 0, last_error = null, probes = 0,
      probe_at = null, not_before = null, ramp = 8;
  perform park_lanes(endpoint_id(in_account_id, in_purpose), 2147483647);
end $$;

-- Outcomes ----------------------------------------------------------------------------------------------------------------------

-- Writes outcomes of attempts and answers for each what its worker does next. `outcome` is
--   settled  written; with `head_id` the lane stays claimed under the same fence and goes on with that delivery
--   lost     another worker has claimed the lane since, or the outcome stands already: only the attempt is put on record
--   busy     the interaction is locked by somebody else; only when not in_wait. A call with several rows must not wait: it holds
--            the locks of the rows before, and whoever holds this one may be waiting for those
--
-- A message's status moves only from the one that the attempt has read, so that a receipt which came meanwhile stands.
drop function settle_deliveries(json, int, boolean);
create function settle_deliveries(in_rows json, in_lease_ms int, in_wait boolean)
returns table (place int, outcome text, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text,
               head_attempts int, head_created_at timestamptz) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
  e record;
  moved text;
  due_at timestamptz;
  reached int;
  sort text;
  noted jsonb := '[]';
begin
  for r in
    select * from json_to_recordset(in_rows) as x (
      place int, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, delivery_id bigint, message_id bigint,
      message_status text, attempt int, state text, delay_ms bigint, retry_after_ms bigint, status int, reason text, channel_id text,
      started_at timestamptz, duration_ms int, request_body text, response_body text, details jsonb)
    order by x.interaction_id, x.purpose
  loop
    place := r.place; head_id := null; head_message_id := null; head_event := null; head_webhook_id := null; head_attempts := null;
    head_created_at := null;
    -- Only answers move a message's status.
    if r.purpose = 0 and in_wait then
      perform from interaction where id = r.interaction_id for no key update;
    elsif r.purpose = 0 then
      perform from interaction where id = r.interaction_id for no key update skip locked;
      if not found then
        outcome := 'busy'; return next; continue;
      end if;
    elsif not in_wait then
      perform from lane where interaction_id = r.interaction_id and purpose = r.purpose for update skip locked;
      if not found then
        outcome := 'busy'; return next; continue;
      end if;
    end if;

    perform from lane where interaction_id = r.interaction_id and purpose = r.purpose and fence = r.fence for update;
    outcome := case when found then 'settled' else 'lost' end;
    if r.started_at is not null then
      insert into delivery_attempt (delivery_id, account_id, attempt, started_at, duration_ms, status, error, request_body,
                                    response_body, details)
        values (r.delivery_id, r.account_id, r.attempt, r.started_at, r.duration_ms, r.status,
                case when outcome = 'settled' then r.reason else 'Finished after another worker had taken over.' end,
                r.request_body, r.response_body, r.details);
    end if;
    if outcome = 'lost' then
      return next; continue;
    end if;

    select state, failures, refusals, probe_at into e from endpoint where id = endpoint_id(r.account_id, r.purpose);
    update delivery set state = r.state, attempts = r.attempt, last_status = r.status, last_error = r.reason,
        next_at = now() + r.delay_ms * interval '1 ms', ended_at = case when r.state <> 'pending' then now() end
      where id = r.delivery_id and state = 'pending'
      returning case state when 'delivered' then 'sent' when 'pending' then 'retrying' else 'failed' end, next_at
      into moved, due_at;
    if not found then
      -- This outcome was written before and its answer got lost on the way: whatever followed stands.
      outcome := 'lost'; return next; continue;
    end if;
    if e.state = 'open' then
      -- When the endpoint is back, not at a time.
      due_at := null;
    end if;
    if r.message_id is not null then
      update message set status = moved, status_reason = r.reason, status_at = now(), channel_id = coalesce(r.channel_id, channel_id),
          next_attempt_at = case when moved = 'retrying' then due_at end
        where id = r.message_id and status = r.message_status and status in ('queued', 'sending', 'retrying', 'failed');
      get diagnostics reached = row_count;
      if reached > 0 then
        perform append_event(r.interaction_id, 'status', null, r.message_id, jsonb_build_object(
          'status', moved, 'reason', r.reason, 'nextAttemptAt',
          case when moved = 'retrying' then to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end));
      elsif r.channel_id is not null then
        update message set channel_id = r.channel_id where id = r.message_id;
      end if;
    end if;

    if r.state <> 'pending' then
      select d.id, d.message_id, d.event, d.webhook_id, d.attempts, d.created_at
        into head_id, head_message_id, head_event, head_webhook_id, head_attempts, head_created_at
        from delivery d where d.interaction_id = r.interaction_id and d.purpose = r.purpose and d.state = 'pending'
        order by d.id limit 1;
    end if;
    update lane set claimed = head_id is not null,
        parked_at = case when r.state = 'pending' and e.state = 'open' then now() end,
        next_at = case
          when r.state = 'pending' then due_at
          when head_id is not null then now() + in_lease_ms * interval '1 ms' end
      where interaction_id = r.interaction_id and purpose = r.purpose;
    return next;

    if r.started_at is not null then
      sort := case when r.state in ('pending', 'dead') then 'failure' when r.status in (401, 403, 404, 410) then 'refusal' else 'taken' end;
      -- An endpoint in good order has nothing to note.
      if sort <> 'taken' or e.state <> 'closed' or e.failures > 0 or e.refusals > 0 then
        noted := noted || jsonb_build_object('account_id', r.account_id, 'purpose', r.purpose, 'sort', sort, 'reason', r.reason,
                                             'retry_after_ms', r.retry_after_ms);
      end if;
    end if;
  end loop;

  for r in
    select account_id, purpose, count(*) filter (where n.sort = 'failure')::int as failures,
      count(*) filter (where n.sort = 'refusal')::int as refusals, count(*) filter (where n.sort = 'taken')::int as taken,
      max(reason) as reason, max(retry_after_ms) as retry_after_ms
    from jsonb_to_recordset(noted) as n (account_id bigint, purpose smallint, sort text, reason text, retry_after_ms bigint)
    group by account_id, purpose order by endpoint_id(account_id, purpose)
  loop
    perform note_outcomes(r.account_id, r.purpose, r.failures, r.refusals, r.taken, r.reason, r.retry_after_ms);
  end loop;
end $$;

-- Replay ------------------------------------------------------------------------------------------------------------------------

-- A new delivery of the same thing behind whatever its lane holds, under the same webhook id, by which a receiver knows it again.
-- Null while one of it is pending.
create or replace function replay_delivery(in_delivery_id bigint) returns bigint language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  old delivery;
  new_id bigint;
begin
  select * into strict old from delivery where id = in_delivery_id;
  perform from interaction where id = old.interaction_id for no key update;
  if exists (select from delivery where interaction_id = old.interaction_id and purpose = old.purpose and webhook_id = old.webhook_id
             and state = 'pending') then
    return null;
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, message_id, webhook_id, payload)
    values (old.interaction_id, old.account_id, old.purpose, old.event, old.message_id, old.webhook_id, old.payload) returning id into new_id;
  update delivery set replayed_as = new_id where id = in_delivery_id;
  perform put_in_lane(old.interaction_id, old.account_id, old.purpose);
  return new_id;
end $$;

-- The next second's part of every replay that is due, each by one caller at a time. An interaction that somebody holds ends the part:
-- nothing overtakes it. Answers how many deliveries were made.
create function replay_some() returns int language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  job replay;
  old record;
  reached bigint;
  found_some int;
  is_held boolean;
  made int := 0;
begin
  for job in select * from replay where ended_at is null and next_at <= now() order by next_at limit 1 for update skip locked loop
    reached := job.position;
    found_some := 0;
    is_held := false;
    for old in
      select id, interaction_id from delivery
      where account_id = job.account_id and state in ('failed', 'dead') and replayed_as is null and id > job.position
        and id <= job.until_id and ended_at >= job.since
      order by id limit job.per_second
    loop
      perform from interaction where id = old.interaction_id for no key update skip locked;
      if not found and exists (select from interaction where id = old.interaction_id) then
        is_held := true;
        exit;
      end if;
      if replay_delivery(old.id) is not null then
        made := made + 1;
      end if;
      reached := old.id;
      found_some := found_some + 1;
    end loop;
    update replay set position = reached,
        next_at = case when is_held then now() + interval '50 ms' else now() + interval '1 second' end,
        ended_at = case when not is_held and found_some < job.per_second then now() end
      where id = job.id;
  end loop;
  return made;
end $$;
