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

create or replace function receive(
  in_account bigint[], in_list bigint[], in_field text[], in_key text[], in_plain_key text[], in_from text[],
  in_sent text[], in_rule text[], in_thread text[], in_to text[], in_url text[], in_reopen_minutes int[],
  in_has_actions boolean[], in_body text[], in_attachment bigint[], in_written_at timestamptz[], in_marked boolean[],
  in_sender text[], in_content bytea[], in_may_be_first boolean)
returns table (
  outcomes text[], messages bigint[], interactions bigint[], contacts bigint[], contents bytea[], to_route boolean, is_first boolean,
  is_begun boolean)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  amount int := cardinality(in_account);
  seqs bigint[] := array_fill(null::bigint, array[amount]);
  made boolean[] := array_fill(false, array[amount]);
  row_number int;
  groups int := 0;
  group_number int;
  row_groups int[] := array_fill(null::int, array[amount]);
  row_places int[] := array_fill(null::int, array[amount]);
  group_contacts bigint[] := '{}';
  group_accounts bigint[] := '{}';
  group_threads text[] := '{}';
  group_tos text[] := '{}';
  group_urls text[] := '{}';
  group_sizes int[] := '{}';
  group_lasts int[] := '{}';
  group_ids bigint[];
  group_seqs bigint[] := '{}';
  missing int[];
  is_alike boolean;
  routed bigint[] := '{}';
  routed_accounts bigint[] := '{}';
  place int := 0;
  opened bigint[] := '{}';
  found_id bigint;
  found_contact bigint;
  found_seq bigint;
  is_waiting boolean;
  found_message bigint;
  found_content bytea;
begin
  outcomes := array_fill('stored'::text, array[amount]);
  interactions := array_fill(null::bigint, array[amount]);
  contacts := array_fill(null::bigint, array[amount]);
  contents := array_fill(null::bytea, array[amount]);
  to_route := false;
  messages := array(select nextval('message_id_seq') from generate_series(1, amount));

  if in_sender is not null then
    for row_number in
      select nr from unnest(in_account, in_sender) with ordinality as u(account, sender, nr)
      where sender is not null order by account, sender, nr
    loop
      insert into sender_message (account_id, sender_id, message_id, content)
        values (in_account[row_number], in_sender[row_number], messages[row_number], in_content[row_number])
        on conflict do nothing;
      if not found then
        select message_id, content into found_message, found_content from sender_message
          where account_id = in_account[row_number] and sender_id = in_sender[row_number];
        outcomes[row_number] := 'duplicate';
        messages[row_number] := found_message;
        contents[row_number] := found_content;
      end if;
    end loop;
  end if;

  if in_attachment is not null then
    for row_number in
      select nr from unnest(in_attachment, outcomes) with ordinality as u(attachment, outcome, nr)
      where attachment is not null and outcome = 'stored' order by attachment, nr
    loop
      if not claim_attachment(in_attachment[row_number], in_account[row_number]) then
        outcomes[row_number] := 'no-file';
        delete from sender_message where account_id = in_account[row_number] and sender_id = in_sender[row_number];
      end if;
    end loop;
  end if;

  contacts := array(
    select (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key order by contact_id limit 1)
    from unnest(in_list, in_field, in_key) with ordinality as u(list, field, key, nr) order by nr);
  -- Nearly always whoever is new is so in one field of one list and says nothing but his name: then all are made at once, each once.
  if in_sent is null then
    select array_agg(u.nr order by u.nr), count(distinct (u.list, u.field)) = 1 into missing, is_alike
      from unnest(in_list, in_field, contacts, outcomes) with ordinality as u(list, field, contact, outcome, nr)
      where u.contact is null and u.outcome = 'stored';
    if is_alike and in_field[missing[1]] not like 'cf\_%' and in_field[missing[1]] <> 'tags' then
      perform make_contacts(in_list[missing[1]], in_field[missing[1]], array(select in_key[nr] from unnest(missing) as nr),
        array(select in_plain_key[nr] from unnest(missing) as nr), array(select in_from[nr] from unnest(missing) as nr));
    end if;
  end if;
  for row_number in 1 .. amount loop
    continue when contacts[row_number] is not null or outcomes[row_number] <> 'stored';
    loop
      select contact_id into found_id from contact_key
        where list_id = in_list[row_number] and field = in_field[row_number] and value = in_key[row_number]
        order by contact_id limit 1;
      exit when found;
      found_id := make_contact(in_list[row_number], in_field[row_number], in_key[row_number], in_plain_key[row_number],
        in_from[row_number], in_sent[row_number]::jsonb);
      if found_id is not null then
        made[row_number] := true;
        exit;
      end if;
    end loop;
    contacts[row_number] := found_id;
  end loop;

  if in_sent is not null then
    for row_number in
      select nr from unnest(contacts, made, outcomes, in_sent, in_rule) with ordinality as u(contact, made, outcome, sent, rule, nr)
      where sent is not null and not made and outcome = 'stored' and rule <> 'never' order by contact, nr
    loop
      perform fill_contact(contacts[row_number], in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
    end loop;
  end if;

  -- Rows of one interaction form a group, in the order in which they came.
  for row_number in
    select nr from unnest(contacts, in_account, in_thread, outcomes) with ordinality as u(contact, account, thread, outcome, nr)
    where outcome = 'stored' order by contact, account, thread, nr
  loop
    if contacts[row_number] = group_contacts[groups] and in_account[row_number] = group_accounts[groups]
      and in_thread[row_number] = group_threads[groups]
    then
      group_sizes[groups] := group_sizes[groups] + 1;
      group_tos[groups] := coalesce(in_to[row_number], group_tos[groups]);
      group_urls[groups] := coalesce(in_url[row_number], group_urls[groups]);
    else
      groups := groups + 1;
      group_contacts[groups] := contacts[row_number];
      group_accounts[groups] := in_account[row_number];
      group_threads[groups] := in_thread[row_number];
      group_tos[groups] := in_to[row_number];
      group_urls[groups] := in_url[row_number];
      group_sizes[groups] := 1;
    end if;
    group_lasts[groups] := row_number;
    row_groups[row_number] := groups;
    row_places[row_number] := group_sizes[groups];
  end loop;

  -- Open ones are changed in the order of their groups: a nested loop, whose outer side is the array, is the only join left to the
  -- planner. `account_id + 0`: a plan made while the tables were empty would as soon take an index over all of an account's interactions.
  group_ids := array_fill(null::bigint, array[groups]);
  group_seqs := array_fill(null::bigint, array[groups]);
  for group_number, found_id, found_seq, is_waiting in
    update interaction i
      set seq = i.seq + u.size, unread = i.unread + u.size, to_address = coalesce(u.to_address, i.to_address),
        external_url = coalesce(u.url, i.external_url), last_message_id = messages[u.last], last_message_at = now(),
        last_message_direction = 'in', last_message_preview = case when in_body[u.last] <> '' then left(in_body[u.last], 200)
          else (select name from attachment where id = in_attachment[u.last]) end
      from unnest(group_contacts, group_accounts, group_threads, group_sizes, group_tos, group_urls, group_lasts)
        with ordinality as u(contact, account, thread, size, to_address, url, last, nr)
      where i.contact_id = u.contact and i.account_id + 0 = u.account and i.thread_id = u.thread and i.closed_at is null
      returning u.nr, i.id, i.seq, i.state = 'new'
  loop
    group_ids[group_number] := found_id;
    group_seqs[group_number] := found_seq;
    -- One that is `new` was never routed, or its actions came to their end; then the customer's next message starts them anew.
    if is_waiting and in_has_actions[group_lasts[group_number]] then
      routed := routed || found_id;
      routed_accounts := routed_accounts || group_accounts[group_number];
    end if;
  end loop;

  missing := array(select nr from unnest(group_ids) with ordinality as u(id, nr) where id is null order by nr);
  if cardinality(missing) > 0 then
    foreach group_number in array missing loop
      row_number := group_lasts[group_number];
      group_ids[group_number] := nextval('interaction_id_seq');
      if in_reopen_minutes[row_number] > 0 then
        perform reopen_interaction(in_account[row_number], contacts[row_number], in_thread[row_number],
          in_reopen_minutes[row_number]);
      end if;
    end loop;
    -- A new one has two events at once, `opened` and its first message. Rows come back in the order in which they went in. One that
    -- another transaction has just opened, or that was just reopened, is changed as the open ones above.
    for found_id, found_seq, is_waiting in
      insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
          last_message_id, last_message_direction, last_message_preview)
        select group_ids[nr], group_accounts[nr], group_contacts[nr], group_threads[nr], 1 + group_sizes[nr],
          group_sizes[nr], now(), group_tos[nr], group_urls[nr], messages[group_lasts[nr]], 'in',
          case when in_body[group_lasts[nr]] <> '' then left(in_body[group_lasts[nr]], 200)
            else (select name from attachment where id = in_attachment[group_lasts[nr]]) end
        from unnest(missing) with ordinality as u(nr, place)
        order by place
      on conflict (contact_id, account_id, thread_id) where closed_at is null do update
        set seq = interaction.seq + excluded.seq - 1, unread = interaction.unread + excluded.unread,
          to_address = coalesce(excluded.to_address, interaction.to_address),
          external_url = coalesce(excluded.external_url, interaction.external_url), last_message_id = excluded.last_message_id,
          last_message_at = now(), last_message_direction = 'in', last_message_preview = excluded.last_message_preview
      returning id, seq, state = 'new'
    loop
      place := place + 1;
      group_number := missing[place];
      if found_id = group_ids[group_number] then
        opened := opened || found_id;
      end if;
      group_ids[group_number] := found_id;
      group_seqs[group_number] := found_seq;
      if is_waiting and in_has_actions[group_lasts[group_number]] then
        routed := routed || found_id;
        routed_accounts := routed_accounts || group_accounts[group_number];
      end if;
    end loop;
    insert into event (interaction_id, seq, type) select id, 1, 'opened' from unnest(opened) as id;
  end if;
  if cardinality(routed) > 0 then
    insert into route_request (interaction_id, account_id)
      select interaction, account from unnest(routed, routed_accounts) as u (interaction, account) on conflict do nothing;
    to_route := true;
  end if;
  for row_number in 1 .. amount loop
    group_number := row_groups[row_number];
    if group_number is not null then
      interactions[row_number] := group_ids[group_number];
      seqs[row_number] := group_seqs[group_number] - group_sizes[group_number] + row_places[row_number];
    end if;
  end loop;

  insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, attachment_id, written_at, status, marked)
    select message, interaction, account, contact, seq, 'in', body, attachment, written_at, 'received', marked
    from unnest(messages, interactions, in_account, contacts, seqs, in_body, in_attachment, in_written_at, in_marked)
      as u(message, interaction, account, contact, seq, body, attachment, written_at, marked)
    where seq is not null;
  insert into event (interaction_id, seq, type, message_id)
    select interaction, seq, 'message', message from unnest(interactions, seqs, messages) as u(interaction, seq, message)
    where seq is not null;

  if 'stored' = all (outcomes) then
    outcomes := null;
    contents := null;
  else
    for row_number in 1 .. amount loop
      continue when outcomes[row_number] <> 'duplicate';
      select interaction_id, contact_id into found_id, found_contact from message where id = messages[row_number];
      interactions[row_number] := found_id;
      contacts[row_number] := found_contact;
      -- A copy in the same batch of a message whose file is missing.
      if not found then
        outcomes[row_number] := 'no-file';
      end if;
    end loop;
  end if;

  -- What the page that connects an account waits for. Whoever else is at it will have written the same.
  is_first := false;
  is_begun := true;
  if in_may_be_first then
    update account set first_message_at = now()
      where id in (select id from account where id = any (in_account) and first_message_at is null for update skip locked);
    is_first := found;
    is_begun := not exists (select from account where id = any (in_account) and first_message_at is null);
  end if;
  return next;
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
