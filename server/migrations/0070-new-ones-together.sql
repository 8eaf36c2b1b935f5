-- Less work for each that is new: customers who write for the first time at the same moment are made together, what a flow says and the
-- queue it comes to are one write of its interaction, and answers to an endpoint behind an open breaker are put there at once.

create function make_contacts(in_list_id bigint, in_field text, in_keys text[], in_plain_keys text[], in_froms text[])
returns bigint[] language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  ids bigint[];
begin
  with wanted as materialized (
    select w.*, nextval('contact_id_seq') as id
    from (
      select distinct on (u.key) u.key, u.plain_key, u.name, u.nr
      from unnest(in_keys, in_plain_keys, in_froms) with ordinality as u (key, plain_key, name, nr)
      order by u.key, u.nr) w
    order by w.nr
  ), claimed as (
    -- Whoever claims several does so in the same order.
    insert into contact_key (list_id, field, value, contact_id, claimed)
    select in_list_id, in_field, key, id, true from wanted order by key
    on conflict (list_id, field, value) where claimed do nothing
    returning contact_id
  ), made as materialized (
    select w.* from wanted w join claimed c on c.contact_id = w.id
  ), plain as (
    insert into contact_key (list_id, field, value, contact_id)
    select in_list_id, f.field, m.plain_key, m.id
    from made m cross join unnest(array['firstName', 'phone']) as f (field)
    where f.field <> in_field or m.plain_key <> m.key
  ), kept as (
    insert into contact (id, list_id, first_name, phone, last_name, street, postal_code, city, country, date_of_birth, description,
        mobile, fax, email, url, facebook, twitter, skype)
    select id, in_list_id, name, name, case in_field when 'lastName' then name end, case in_field when 'street' then name end,
      case in_field when 'postalCode' then name end, case in_field when 'city' then name end,
      case in_field when 'country' then name end, case in_field when 'dateOfBirth' then name end,
      case in_field when 'description' then name end, case in_field when 'mobile' then name end,
      case in_field when 'fax' then name end, case in_field when 'email' then name end, case in_field when 'url' then name end,
      case in_field when 'facebook' then name end, case in_field when 'twitter' then name end,
      case in_field when 'skype' then name end
    from made order by nr
    returning id)
  select array_agg(id) into ids from kept;
  return ids;
end $$;

create or replace function make_contact(
  in_list_id bigint, in_field text, in_key text, in_plain_key text, in_from text, in_sent jsonb)
returns bigint language plpgsql as $$
declare
  made contact;
  fields jsonb;
  custom jsonb;
begin
  if in_sent is null and in_field not like 'cf\_%' and in_field <> 'tags' then
    return (make_contacts(in_list_id, in_field, array[in_key], array[in_plain_key], array[in_from]))[1];
  end if;
  made.id := nextval('contact_id_seq');
  insert into contact_key (list_id, field, value, contact_id, claimed) values (in_list_id, in_field, in_key, made.id, true)
    on conflict (list_id, field, value) where claimed do nothing;
  if not found then
    return null;
  end if;
  fields := jsonb_build_object('first_name', in_from, 'phone', in_from);
  if in_sent is not null then
    select fields || coalesce(jsonb_object_agg(contact_column(sent.field), sent.value) filter (where sent.field not like 'cf\_%'), '{}'),
        jsonb_object_agg(substr(sent.field, 4), sent.value) filter (where sent.field like 'cf\_%')
      into fields, custom
      from jsonb_to_recordset(in_sent) as sent(field text, value jsonb);
    insert into contact_key (list_id, field, value, contact_id)
      select in_list_id, sent.field, key, made.id
      from jsonb_to_recordset(in_sent) as sent(field text, keys text[]), unnest(sent.keys) as key
      on conflict do nothing;
  end if;
  if in_field like 'cf\_%' then
    custom := coalesce(custom, '{}') || jsonb_build_object(substr(in_field, 4), in_from);
  else
    fields := fields || jsonb_build_object(contact_column(in_field),
      case in_field when 'tags' then jsonb_build_array(in_from) else to_jsonb(in_from) end);
  end if;
  insert into contact_key (list_id, field, value, contact_id)
    select in_list_id, field, in_plain_key, made.id from unnest(array['firstName', 'phone']) as field
    where fields ->> contact_column(field) = in_from
    on conflict do nothing;

  made.list_id := in_list_id;
  made.tags := '{}';
  made.custom := coalesce(custom, '{}');
  made.created_at := now();
  made.updated_at := now();
  made := jsonb_populate_record(made, fields);
  insert into contact values (made.*);
  return made.id;
end $$;


-- What steps of flows say and note. A `queued` has whom it waits for beside it: a queue or an agent, at which step, for how long.
drop function take_steps(bigint[], text[], text[], jsonb[]);
drop function enter_by_flow(bigint[], bigint[], bigint[], bigint[], text[], int[], jsonb[]);
create function take_steps(
  in_interactions bigint[], in_types text[], in_texts text[], in_data jsonb[],
  in_queues bigint[], in_users bigint[], in_steps text[], in_timeouts int[])
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  told record;
begin
  if cardinality(in_interactions) = 0 then
    return;
  end if;
  with given as materialized (
    select g.*,
      row_number() over (partition by g.interaction_id order by g.nr) as place,
      case when g.type = 'message' then nextval('message_id_seq') end as message_id
    from unnest(in_interactions, in_types, in_texts, in_data, in_queues, in_users, in_steps, in_timeouts)
      with ordinality as g (interaction_id, type, text, data, queue_id, user_id, step_id, timeout, nr)
  ), newest as (
    select interaction_id, count(*) as steps, max(message_id) as message_id,
      bool_or(type = 'queued') as is_queued, max(queue_id) as queue_id,
      (array_agg(text order by nr desc) filter (where message_id is not null))[1] as text
    from given group by interaction_id
  ), moved as (
    update interaction i set
      seq = i.seq + newest.steps,
      last_message_id = coalesce(newest.message_id, i.last_message_id),
      last_message_at = case when newest.message_id is null then i.last_message_at else now() end,
      last_message_direction = case when newest.message_id is null then i.last_message_direction else 'out' end,
      last_message_preview = case when newest.message_id is null then i.last_message_preview else left(newest.text, 200) end,
      state = case when newest.is_queued then 'queued' else i.state end,
      user_id = case when not newest.is_queued then i.user_id end,
      queue_id = case when newest.is_queued then newest.queue_id else i.queue_id end,
      assigned_at = case when not newest.is_queued then i.assigned_at end,
      waiting_since = case when newest.is_queued then coalesce(i.waiting_since, now()) else i.waiting_since end
    from newest
    where i.id = newest.interaction_id
    returning i.id, i.account_id, i.contact_id, i.seq - newest.steps as before
  ), steps as materialized (
    select given.*, moved.account_id, moved.contact_id, moved.before + given.place as seq
    from given join moved on moved.id = given.interaction_id
  ), events as (
    insert into event (interaction_id, seq, type, message_id, data)
    select interaction_id, seq, type, message_id, case when type <> 'message' then data end from steps order by nr
  ), messages as (
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, part, status)
    select message_id, interaction_id, account_id, contact_id, seq, 'out', false, text, 0, 'queued'
    from steps where message_id is not null order by nr
  ), deliveries as (
    insert into delivery (interaction_id, account_id, message_id, webhook_id)
    select interaction_id, account_id, message_id, 'msg_' || replace(gen_random_uuid()::text, '-', '')
    from steps where message_id is not null order by nr
  ), entries as (
    insert into queue_entry (interaction_id, account_id, queue_id, user_id, step_id, until)
    select interaction_id, account_id, queue_id, user_id, step_id, now() + make_interval(secs => timeout)
    from steps where type = 'queued' order by nr
    on conflict (interaction_id) do update set
      queue_id = excluded.queue_id, user_id = excluded.user_id, team_id = null, entered_at = excluded.entered_at,
      step_id = excluded.step_id, until = excluded.until, return_to = null
  )
  insert into lane (interaction_id, account_id, purpose, next_at, parked_at)
  select l.interaction_id, l.account_id, 0, case when not l.is_shut then now() end, case when l.is_shut then now() end
  from (
    select s.interaction_id, s.account_id, exists (
      select from endpoint e where e.id = endpoint_id(s.account_id, 0::smallint) and e.state = 'open') as is_shut
    from (select interaction_id, min(account_id) as account_id from steps where message_id is not null group by interaction_id) s) l
  order by l.interaction_id
  on conflict (interaction_id, purpose) do update set next_at = excluded.next_at, parked_at = excluded.parked_at
    where lane.next_at is null and lane.parked_at is null;

  -- As `append_event` does.
  for told in
    select g.interaction_id, g.type from unnest(in_interactions, in_types) as g (interaction_id, type)
    where g.type in ('opened', 'assigned', 'transferred', 'closed', 'reopened')
  loop
    perform tell_event(told.interaction_id, 'interaction.' || told.type, null, null, null);
  end loop;
end $$;

-- Who puts a lane behind a breaker, or leaves it there, does not hold the endpoint: one that was closed at that very moment would keep
-- it for ever. Answers how many were brought forward.
create function free_stray_lanes() returns int language sql as $$
  with recursive known (id) as (
    (select endpoint_id(account_id, purpose) from lane where parked_at is not null order by endpoint_id(account_id, purpose) limit 1)
    union all
    select (
      select endpoint_id(l.account_id, l.purpose) from lane l
      where l.parked_at is not null and endpoint_id(l.account_id, l.purpose) > known.id
      order by endpoint_id(l.account_id, l.purpose) limit 1)
    from known where known.id is not null
  ), freed as (
    update lane l set next_at = l.parked_at, parked_at = null
    from known
    where endpoint_id(l.account_id, l.purpose) = known.id and l.parked_at is not null
      and not exists (select from endpoint e where e.id = known.id and e.state in ('open', 'ramping'))
    returning 1)
  select count(*)::int from freed
$$;
