-- The hours in which nobody probed, because the program did not run, end nothing: the newest probe in vain must have come when the
-- delivery had waited long enough. After a week of standstill everything is tried once more before it is given up.

create or replace function tend_endpoints(in_limit int, in_lease_ms int, in_give_up_attempts int, in_give_up_age_ms bigint)
returns table (
  over_until timestamptz, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, due_at timestamptz, head_id bigint,
  head_message_id bigint, head_event text, head_webhook_id text, head_attempts int, head_created_at timestamptz)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  e endpoint;
  ready int;
  given_up timestamptz;
begin
  for e in
    select * from endpoint where state = 'open' and probe_at <= now() order by probe_at limit in_limit for update skip locked
  loop
    if not exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null) then
      if exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.next_at is not null and l.claimed) then
        -- All that waited there are under way: what comes of them decides.
        update endpoint set probe_at = now() + interval '1 second' where id = e.id;
      else
        -- Nobody asks for it: the next attempt decides.
        update endpoint set state = 'closed', since = now(), failures = 4, probe_at = null where id = e.id;
      end if;
      continue;
    end if;
    given_up := e.probed_at[cardinality(e.probed_at)] - in_give_up_age_ms * interval '1 ms';
    given_up := case when cardinality(e.probed_at) >= in_give_up_attempts and e.since <= given_up
      then least(e.probed_at[1], given_up) end;
    update endpoint set probes = e.probes + 1, probe_at = now() + probe_delay(e.probes + 1),
        probed_at = (e.probed_at || now())[greatest(cardinality(e.probed_at) + 2 - in_give_up_attempts, 1):]
      where id = e.id;
    return query
    with over as (
      select l.interaction_id, l.purpose, l.parked_at, given_up as over_until
      from (select o.interaction_id, o.purpose from lane o
            where given_up is not null and endpoint_id(o.account_id, o.purpose) = e.id and o.parked_at is not null
            order by o.parked_at limit 500) o
      join lane l on l.interaction_id = o.interaction_id and l.purpose = o.purpose
      where l.parked_at is not null
        and (select d.created_at from delivery d where d.interaction_id = l.interaction_id and d.purpose = l.purpose
             and d.state = 'pending' order by d.id limit 1) <= given_up
      for update of l skip locked),
    chosen as (
      select l.interaction_id, l.purpose, l.parked_at, null::timestamptz as over_until from lane l
      where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null
        and l.interaction_id not in (select o.interaction_id from over o)
      order by l.parked_at limit 1 for update skip locked),
    claimed as (
      update lane l set next_at = now() + in_lease_ms * interval '1 ms', parked_at = null, claimed = true, fence = l.fence + 1
      from (select * from chosen union all select * from over) c where l.interaction_id = c.interaction_id and l.purpose = c.purpose
      returning c.over_until, l.interaction_id, l.account_id, l.purpose, l.fence, c.parked_at)
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
