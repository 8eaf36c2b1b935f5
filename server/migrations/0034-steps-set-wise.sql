-- What the steps of many flows say and send is written by one statement: each interaction's row once, however many steps there were.
create or replace function take_steps(in_interactions bigint[], in_types text[], in_texts text[], in_data jsonb[])
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  told record;
begin
  with given as materialized (
    select g.interaction_id, g.type, g.text, g.data, g.nr,
      row_number() over (partition by g.interaction_id order by g.nr) as place,
      case when g.type = 'message' then nextval('message_id_seq') end as message_id
    from rows from (unnest(in_interactions), unnest(in_types), unnest(in_texts), unnest(in_data))
      with ordinality as g (interaction_id, type, text, data, nr)
  ), newest as (
    select interaction_id, count(*) as steps, max(message_id) as message_id,
      (array_agg(text order by nr desc) filter (where message_id is not null))[1] as text
    from given group by interaction_id
  ), moved as (
    update interaction i set
      seq = i.seq + newest.steps,
      last_message_id = coalesce(newest.message_id, i.last_message_id),
      last_message_at = case when newest.message_id is null then i.last_message_at else now() end,
      last_message_direction = case when newest.message_id is null then i.last_message_direction else 'out' end,
      last_message_preview = case when newest.message_id is null then i.last_message_preview else left(newest.text, 200) end
    from newest where i.id = newest.interaction_id
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
  )
  insert into lane (interaction_id, account_id, purpose, next_at)
  select interaction_id, min(account_id), 0, now() from steps where message_id is not null
  group by interaction_id order by interaction_id
  on conflict (interaction_id, purpose) do update set next_at = now() where lane.next_at is null and lane.parked_at is null;

  -- As `append_event` does.
  for told in
    select g.interaction_id, g.type from unnest(in_interactions, in_types) as g (interaction_id, type)
    where g.type in ('opened', 'assigned', 'transferred', 'closed', 'reopened')
  loop
    perform tell_event(told.interaction_id, 'interaction.' || told.type, null, null, null);
  end loop;
end $$;
