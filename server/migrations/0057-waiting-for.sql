-- What some agents can be asked about now, as a function: it is asked after every closing, and to plan it took ten times as long as to
-- run it for one agent. Of one agent's queues alone it looks for accounts that have entries.

-- `in_slots` are the free slots of `in_agents`, in their order; `in_ringable` are those of them whom one more ring may reach;
-- `in_alone` is for how many seconds who declined is left alone. With in_first no more is read of a pool than its agents have slots:
-- `pool_limit`. A `pool` is the agents who suit entries of one target and account; a queue that asks for skills has one for each step
-- of its patience, which takes the entries of that age. Whatever is answered can be served now, so that no entry which cannot hides one
-- that can. Targets: 0 a queue, 1 an agent (he comes before every queue: nobody else can take it), 2 a team.
create function waiting_for(in_agents bigint[], in_slots int[], in_ringable bigint[], in_alone int, in_limit int, in_first boolean)
returns table (interaction_id bigint, strategy text, weight int, queue_id bigint, user_id bigint, team_id bigint, entered_at bigint,
  timeout_seconds float8, last_user_id bigint, candidates bigint[], past json, pool bigint, pool_limit int)
language plpgsql stable
set enable_seqscan to off set enable_bitmapscan to off set enable_hashjoin to off set enable_mergejoin to off
set plan_cache_mode to force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with recursive target as materialized (
    select kind, target_id, array_agg(user_id order by user_id) as user_ids
    from (
      select 0 as kind, queue_id as target_id, user_id from queue_agent where user_id = any (in_agents)
      union
      select 0, t.queue_id, m.user_id from team_member m join queue_team t on t.team_id = m.team_id where m.user_id = any (in_agents)
      union all
      select 1, id, id from unnest(in_agents) as agent (id)
      union all
      select 2, team_id, user_id from team_member where user_id = any (in_ringable)
    ) member
    group by kind, target_id
  ),
  hop as (
    select target.kind, target.target_id, target.user_ids, first.account_id
    from target cross join lateral (
      select e.account_id from queue_entry e where e.kind = target.kind and e.target_id = target.target_id order by e.account_id limit 1) first
    union all
    select hop.kind, hop.target_id, hop.user_ids, next.account_id
    from hop cross join lateral (
      select e.account_id from queue_entry e
      where e.kind = hop.kind and e.target_id = hop.target_id and e.account_id > hop.account_id order by e.account_id limit 1) next
  ),
  patience as materialized (
    select queue_id, after_seconds, lead(after_seconds) over (partition by queue_id order by after_seconds) as until_seconds
    from (select distinct queue_id, after_seconds from queue_skill) step
  ),
  chosen as (
    select hop.kind, hop.target_id, hop.account_id, hop.user_ids, q.id as queue_id, patience.after_seconds, patience.until_seconds,
      case hop.kind when 0 then q.strategy when 1 then 'rrmemory' else 'beepall' end as strategy,
      case hop.kind when 0 then q.weight when 1 then 11 else 0 end as weight,
      case hop.kind when 0 then q.agent_timeout_seconds when 1 then 60 else 20 end as timeout_seconds,
      q.last_user_id
    from hop
    left join queue q on hop.kind = 0 and q.id = hop.target_id
    left join patience on patience.queue_id = q.id
  ),
  pool as materialized (
    select chosen.*, suiting.user_ids as suiting_ids, row_number() over () as nr,
      case when in_first and chosen.strategy <> 'beepall' then least(in_limit, suiting.slots) else in_limit end as pool_limit
    from chosen cross join lateral (
      select array_agg(u.id order by u.id) as user_ids, sum(in_slots[array_position(in_agents, u.id)])::int as slots
      from unnest(chosen.user_ids) as member (id) join app_user u on u.id = member.id
      where (chosen.strategy <> 'beepall' or u.id = any (in_ringable))
        and (exists (select from role r where r.id = u.role_id and r.sees_all)
          or exists (select from account_agent m where m.account_id = chosen.account_id and m.user_id = u.id)
          or exists (select from team_member m join account_team t on t.team_id = m.team_id
            where m.user_id = u.id and t.account_id = chosen.account_id))
        -- Every level that the queue asks for in this step of its patience.
        and (chosen.after_seconds is null or not exists (
          select from queue_skill s
          where s.queue_id = chosen.queue_id and s.after_seconds = (
              select max(after_seconds) from queue_skill
              where queue_id = chosen.queue_id and skill_id = s.skill_id and after_seconds <= chosen.after_seconds)
            and s.level > coalesce((select level from user_skill where user_id = u.id and skill_id = s.skill_id), 0)))
    ) suiting
    where suiting.user_ids is not null
  ),
  ready as materialized (
    select pool.*, e.interaction_id, e.entered_at, e.until
    from pool cross join lateral (
      select e.interaction_id, e.entered_at, e.until
      from queue_entry e
      where e.kind = pool.kind and e.target_id = pool.target_id and e.account_id = pool.account_id
        and coalesce(e.until > now(), true)
        and e.entered_at <= case when pool.after_seconds > 0 then now() - make_interval(secs => pool.after_seconds) else 'infinity' end
        and e.entered_at > coalesce(now() - make_interval(secs => pool.until_seconds), '-infinity')
        and (pool.strategy = 'beepall' or not exists (
          select from offer o where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.state = 'open'))
        and exists (
          select from unnest(pool.suiting_ids) as candidate (user_id) where not exists (
            select from offer o
            where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.user_id = candidate.user_id and (
              o.state = 'open' or o.state = 'declined' and o.ended_at > now() - make_interval(secs => in_alone)
              or o.state in ('timeout', 'declined') and exists (
                select from offer o
                where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.state = 'open'))))
      order by e.entered_at, e.interaction_id
      limit pool.pool_limit
    ) e
    order by pool.weight desc, e.entered_at, e.interaction_id
    limit in_limit
  )
  select ready.interaction_id, ready.strategy, ready.weight::int, case kind when 0 then target_id end, case kind when 1 then target_id end,
    case kind when 2 then target_id end, (extract(epoch from ready.entered_at) * 1000000)::bigint,
    case when kind = 1 and until is not null then extract(epoch from until - now())::float8 else ready.timeout_seconds::float8 end,
    ready.last_user_id, ready.suiting_ids, asked.past, ready.nr, ready.pool_limit
  from ready cross join lateral (
    select coalesce(json_agg(json_build_object('userId', newest.user_id, 'past', newest.past, 'endedAt', newest.ended_at)), '[]') as past
    from (
      select distinct on (o.user_id) o.user_id, coalesce(extract(epoch from o.ended_at), 0) as ended_at,
        case when o.state = 'declined' and o.ended_at > now() - make_interval(secs => in_alone) then 'alone' else o.state end as past
      from offer o
      where o.interaction_id = ready.interaction_id and o.created_at >= ready.entered_at and o.state in ('open', 'timeout', 'declined')
      order by o.user_id, o.id desc
    ) newest) asked;
end $$;
