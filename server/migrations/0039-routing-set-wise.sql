-- The router with fewer statements: what it takes up is one call, what most flows end in is another, and a look tells whether there is
-- anything to drain. Functions keep their plans, which statements of a transaction would make anew each time.

-- Takes up to in_limit requests, oldest first, of interactions that nobody holds, and holds these. Of `opened`, those that are with
-- nobody, `calls` are waiting for a bot or a web request. Never waits.
create function take_requests(in_limit int, out settled bigint[], out opened bigint[], out accounts bigint[], out calls bigint[],
  out is_left boolean)
language plpgsql
set enable_seqscan to off set enable_bitmapscan to off set enable_hashjoin to off set enable_mergejoin to off
set plan_cache_mode to force_generic_plan
as $$
declare
  wanted bigint[];
begin
  wanted := array(select r.interaction_id from route_request r order by r.requested_at limit in_limit for update skip locked);
  select coalesce(array_agg(held.id), '{}'), coalesce(array_agg(held.id) filter (where held.state = 'new'), '{}'),
      coalesce(array_agg(held.account_id) filter (where held.state = 'new'), '{}')
    into settled, opened, accounts
    from (select i.id, i.account_id, i.state from interaction i where i.id = any (wanted) order by i.id for no key update skip locked) held;
  is_left := cardinality(settled) < cardinality(wanted) or cardinality(wanted) = in_limit;
  delete from route_request r where r.interaction_id = any (settled);
  -- A statement of its own: it must see what was committed before the locks were had.
  calls := array(select c.interaction_id from action_call c where c.interaction_id = any (opened));
end $$;

-- Interactions whose flow has come to a queue or an agent, each with the data of its event `queued`, which is no event that a service is
-- told (`append_event`). The locks are held.
create function enter_by_flow(in_interactions bigint[], in_accounts bigint[], in_queues bigint[], in_users bigint[], in_steps text[],
  in_timeouts int[], in_data jsonb[])
returns void language plpgsql
set enable_seqscan to off set enable_bitmapscan to off set enable_hashjoin to off set enable_mergejoin to off
set plan_cache_mode to force_generic_plan
as $$
begin
  if cardinality(in_interactions) = 0 then
    return;
  end if;
  with held as (
    update interaction i
      set seq = i.seq + 1, state = 'queued', user_id = null, queue_id = u.queue, assigned_at = null,
        waiting_since = coalesce(i.waiting_since, now())
      from unnest(in_interactions, in_queues, in_data) as u (interaction, queue, data)
      where i.id = u.interaction
      returning i.id, i.seq, u.data)
  insert into event (interaction_id, seq, type, data) select id, seq, 'queued', data from held;
  insert into queue_entry (interaction_id, account_id, queue_id, user_id, step_id, until)
    select interaction, account, queue, agent, step, now() + make_interval(secs => timeout)
    from unnest(in_interactions, in_accounts, in_queues, in_users, in_steps, in_timeouts)
      as u (interaction, account, queue, agent, step, timeout)
    on conflict (interaction_id) do update set
      queue_id = excluded.queue_id, user_id = excluded.user_id, team_id = null, entered_at = excluded.entered_at,
      step_id = excluded.step_id, until = excluded.until, return_to = null;
end $$;

-- Begins runs and answers their ids in the order of the list. `answered` is what this run has answered: what earlier runs have is added.
create function begin_runs(in_runs jsonb) returns bigint[] language plpgsql
set enable_seqscan to off set enable_bitmapscan to off set plan_cache_mode to force_generic_plan
as $$
declare
  ids bigint[];
begin
  if jsonb_array_length(in_runs) = 0 then
    return '{}';
  end if;
  with begun as (
    insert into action_run (interaction_id, account_id, lines, vars, answered, calls)
    select r.interaction_id, r.account_id, r.lines, r.vars,
      case when before.answered <> '{}' then array(select distinct unnest(before.answered || r.answered)) else r.answered end, r.calls
    from rows from (jsonb_to_recordset(in_runs) as (interaction_id bigint, account_id bigint, lines jsonb, vars jsonb, answered text[],
        calls int)) with ordinality as r (interaction_id, account_id, lines, vars, answered, calls, nr)
    left join lateral (
      select old.answered from action_run old where old.interaction_id = r.interaction_id order by old.id desc limit 1) before on true
    order by r.nr
    returning id)
  select array_agg(id) into ids from begun;
  return ids;
end $$;

-- What the router would find now. `is_due`: an offer may have to end, or a step has run out; `has_agents`: somebody may be free;
-- `due_ms`: until the next offer or step runs out, or a queue asks for less skill of what waits; null: nothing does.
create function routing_outlook(out is_due boolean, out has_agents boolean, out due_ms float8)
language plpgsql stable
set enable_seqscan to off set enable_bitmapscan to off set plan_cache_mode to force_generic_plan
as $$
declare
  next_offer timestamptz := (select min(expires_at) from offer where state = 'open');
  next_step timestamptz := (select min(until) from queue_entry where until is not null);
  next_skill timestamptz;
begin
  if exists (select from queue_skill) then
    select min(e.entered_at + make_interval(secs => step.after_seconds)) into next_skill
    from (select distinct queue_id, after_seconds from queue_skill where after_seconds > 0) step
    cross join lateral (
      select min(oldest.entered_at) as entered_at
      from account a cross join lateral (
        select entered_at from queue_entry
        where kind = 0 and target_id = step.queue_id and account_id = a.id and entered_at > now() - make_interval(secs => step.after_seconds)
        order by entered_at limit 1) oldest) e;
  end if;
  is_due := next_offer is not null or next_step <= now();
  is_due := coalesce(is_due, false);
  has_agents := exists (select from presence where state = 'available' and lease_until > now());
  due_ms := extract(epoch from least(next_offer, next_step, next_skill) - clock_timestamp()) * 1000;
end $$;
