-- As in 0100, with less to begin for each batch, which was nearly half of what it took: contacts, their open interactions and what changes of
-- these are one statement, and everything of whoever is new is another. What neither can do is left to the way that does one after the other.
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
  seqs bigint[];
  claims bigint[];
  filled boolean[];
  row_number int;
  groups int := 0;
  group_number int;
  group_rows int[];
  group_contacts bigint[] := '{}';
  group_accounts bigint[] := '{}';
  group_threads text[] := '{}';
  group_tos text[] := '{}';
  group_urls text[] := '{}';
  group_sizes int[] := '{}';
  group_lasts int[] := '{}';
  group_ids bigint[];
  group_seqs bigint[];
  missing int[] := '{}';
  made_ones int := 0;
  places int[];
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
  to_route := false;
  messages := array(select nextval('message_id_seq') from generate_series(1, amount));
  interactions := array_fill(null::bigint, array[amount]);
  seqs := interactions;
  contacts := interactions;

  if in_sender is not null or in_attachment is not null then
    outcomes := array_fill('stored'::text, array[amount]);
  end if;
  if in_sender is not null then
    contents := array_fill(null::bytea, array[amount]);
    with claimed as (
      insert into sender_message (account_id, sender_id, message_id, content)
        select account, sender, message, content
        from unnest(in_account, in_sender, messages, in_content) with ordinality as u(account, sender, message, content, nr)
        where sender is not null order by account, sender, nr
        on conflict do nothing
        returning message_id)
    select array_agg(message_id) into claims from claimed;
    if coalesce(cardinality(claims), 0) < (select count(sender) from unnest(in_sender) as sender) then
      foreach row_number in array array(select nr from unnest(messages, in_sender) with ordinality as u(message, sender, nr)
        where sender is not null and message = any (claims) is not true order by nr)
      loop
        select message_id, content into found_message, found_content from sender_message
          where account_id = in_account[row_number] and sender_id = in_sender[row_number];
        outcomes[row_number] := 'duplicate';
        messages[row_number] := found_message;
        contents[row_number] := found_content;
      end loop;
    end if;
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

  -- A contact that is renamed changes its interactions, so first what is said of those that are known.
  if in_sent is not null then
    filled := array_fill(false, array[amount]);
    for row_number, found_contact in
      select u.nr, k.contact_id
      from unnest(in_list, in_field, in_key, outcomes, in_sent, in_rule) with ordinality as u(list, field, key, outcome, sent, rule, nr)
      cross join lateral (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key
        order by contact_id limit 1) k
      where u.sent is not null and u.rule <> 'never' and coalesce(u.outcome, 'stored') = 'stored' order by k.contact_id, u.nr
    loop
      perform fill_contact(found_contact, in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
      filled[row_number] := true;
    end loop;
  end if;

  -- Nearly always a contact is known, his interaction open, and this his only message of the batch. Found and changed in the order of
  -- contacts, as by every batch of every node; of several rows of one interaction the first is taken. A row that somebody else has
  -- changed since it was found is not where it was, so it is left to what follows, which meets the open interaction. `account_id + 0`
  -- keeps the planner from an index over all of an account's interactions; a condition that an index of open ones has, where the row is
  -- changed, would let a plan made while nothing was stored read all of that index.
  for row_number, found_id, found_contact, found_seq, is_waiting in
    update interaction i
      set seq = i.seq + 1, unread = i.unread + 1, to_address = coalesce(u.to_address, i.to_address),
        external_url = coalesce(u.url, i.external_url), last_message_id = u.message, last_message_at = now(),
        last_message_direction = 'in', last_message_preview = case when u.body <> '' then left(u.body, 200)
          else (select name from attachment where id = u.attachment) end
      from (
        select u.*, k.contact_id as contact,
          (select i.ctid from interaction i
            where i.contact_id = k.contact_id and i.account_id + 0 = u.account and i.thread_id = u.thread and i.closed_at is null) as tid
        from unnest(in_list, in_field, in_key, in_account, in_thread, in_to, in_url, messages, in_body, in_attachment, outcomes)
          with ordinality as u(list, field, key, account, thread, to_address, url, message, body, attachment, outcome, nr)
        cross join lateral (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key
          order by contact_id limit 1) k
        where coalesce(u.outcome, 'stored') = 'stored'
        order by contact, account, thread, nr) u
      where i.ctid = u.tid and i.contact_id + 0 = u.contact and i.state <> 'closed'
      returning u.nr, i.id, i.contact_id, i.seq, i.state = 'new'
  loop
    interactions[row_number] := found_id;
    contacts[row_number] := found_contact;
    seqs[row_number] := found_seq;
    -- One that is `new` was never routed, or its actions came to their end; then the customer's next message starts them anew.
    if is_waiting and in_has_actions[row_number] then
      routed := routed || found_id;
      routed_accounts := routed_accounts || in_account[row_number];
    end if;
  end loop;

  if array_position(seqs, null) is not null then
    for row_number in 1 .. amount loop
      if seqs[row_number] is null and coalesce(outcomes[row_number], 'stored') = 'stored' then
        missing := missing || row_number;
      end if;
    end loop;
    -- Whoever is new mostly says nothing but his name, in a field of every contact: then all are made at once. Rows are sorted by what they
    -- claim. Somebody may come twice in a batch, by the same field or by two: what his first row made is found by the others.
    if in_sent is null and cardinality(missing) > 0 then
      for row_number, found_contact, found_id in
        with wanted as materialized (
          select nr, in_list[nr] as list, in_field[nr] as field, in_key[nr] as key, in_plain_key[nr] as plain_key, in_from[nr] as name,
            nextval('contact_id_seq') as id, nextval('interaction_id_seq') as interaction_id
          from unnest(missing) as nr
          where in_field[nr] = in_field[missing[1]] and in_field[nr] not like 'cf\_%' and in_field[nr] <> 'tags' and not exists (
            select from contact_key where list_id = in_list[nr] and field = in_field[nr] and value = in_key[nr])
        ), claimed as (
          insert into contact_key (list_id, field, value, contact_id, claimed)
          select list, field, key, id, true from wanted
          on conflict (list_id, field, value) where claimed do nothing
          returning contact_id
        ), made as materialized (
          select w.* from wanted w where exists (select from claimed c where c.contact_id = w.id)
        ), plain as (
          insert into contact_key (list_id, field, value, contact_id)
          select m.list, f.field, m.plain_key, m.id
          from made m cross join unnest(array['firstName', 'phone']) as f (field)
          where f.field <> m.field or m.plain_key <> m.key
        ), kept as (
          insert into contact (id, list_id, first_name, phone, last_name, street, postal_code, city, country, date_of_birth, description,
              mobile, fax, email, url, facebook, twitter, skype)
          select id, list, name, name, case field when 'lastName' then name end, case field when 'street' then name end,
            case field when 'postalCode' then name end, case field when 'city' then name end, case field when 'country' then name end,
            case field when 'dateOfBirth' then name end, case field when 'description' then name end,
            case field when 'mobile' then name end, case field when 'fax' then name end, case field when 'email' then name end,
            case field when 'url' then name end, case field when 'facebook' then name end, case field when 'twitter' then name end,
            case field when 'skype' then name end
          from made
        ), begun as (
          -- A new one has two events at once, `opened` and its first message.
          insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
              last_message_id, last_message_direction, last_message_preview)
          select interaction_id, in_account[nr], id, in_thread[nr], 2, 1, now(), in_to[nr], in_url[nr], messages[nr], 'in',
            case when in_body[nr] <> '' then left(in_body[nr], 200)
              else (select name from attachment where id = in_attachment[nr]) end
          from made
        ), told as (
          insert into event (interaction_id, seq, type) select interaction_id, 1, 'opened' from made)
        select nr, id, interaction_id from made
      loop
        interactions[row_number] := found_id;
        contacts[row_number] := found_contact;
        seqs[row_number] := 2;
        made_ones := made_ones + 1;
        if in_has_actions[row_number] then
          routed := routed || found_id;
          routed_accounts := routed_accounts || in_account[row_number];
        end if;
      end loop;
      if made_ones = cardinality(missing) then
        missing := '{}';
      else
        missing := array(select nr from unnest(missing) as nr where seqs[nr] is null order by nr);
      end if;
    end if;
  end if;

  -- What else there is: contacts that say more of themselves when they come, known ones without an open interaction, further messages of
  -- somebody in the same batch, and those whom another transaction was faster to change.
  if cardinality(missing) > 0 then
    foreach row_number in array missing loop
      loop
        select contact_id into found_contact from contact_key
          where list_id = in_list[row_number] and field = in_field[row_number] and value = in_key[row_number]
          order by contact_id limit 1;
        if found then
          if in_sent[row_number] is not null and not filled[row_number] and in_rule[row_number] <> 'never' then
            perform fill_contact(found_contact, in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
          end if;
          exit;
        end if;
        found_contact := make_contact(in_list[row_number], in_field[row_number], in_key[row_number], in_plain_key[row_number],
          in_from[row_number], in_sent[row_number]::jsonb);
        exit when found_contact is not null;
      end loop;
      contacts[row_number] := found_contact;
    end loop;

    places := array_fill(null::int, array[amount]);
    group_rows := places;
    -- Rows of one interaction form a group, in the order in which they came.
    foreach row_number in array array(
      select nr from unnest(missing) as nr order by contacts[nr], in_account[nr], in_thread[nr], nr)
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
      group_rows[row_number] := groups;
      places[row_number] := group_sizes[groups];
    end loop;
    group_ids := array_fill(null::bigint, array[groups]);
    group_seqs := group_ids;
    for group_number in 1 .. groups loop
      row_number := group_lasts[group_number];
      group_ids[group_number] := nextval('interaction_id_seq');
      if in_reopen_minutes[row_number] > 0 then
        perform reopen_interaction(in_account[row_number], contacts[row_number], in_thread[row_number],
          in_reopen_minutes[row_number]);
      end if;
    end loop;
    -- Rows come back in the order in which they went in. One that is open, or was just reopened, is changed.
    for found_id, found_seq, is_waiting in
      insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
          last_message_id, last_message_direction, last_message_preview)
        select group_ids[nr], group_accounts[nr], group_contacts[nr], group_threads[nr], 1 + group_sizes[nr],
          group_sizes[nr], now(), group_tos[nr], group_urls[nr], messages[group_lasts[nr]], 'in',
          case when in_body[group_lasts[nr]] <> '' then left(in_body[group_lasts[nr]], 200)
            else (select name from attachment where id = in_attachment[group_lasts[nr]]) end
        from generate_series(1, groups) as nr
        order by nr
      on conflict (contact_id, account_id, thread_id) where closed_at is null do update
        set seq = interaction.seq + excluded.seq - 1, unread = interaction.unread + excluded.unread,
          to_address = coalesce(excluded.to_address, interaction.to_address),
          external_url = coalesce(excluded.external_url, interaction.external_url), last_message_id = excluded.last_message_id,
          last_message_at = now(), last_message_direction = 'in', last_message_preview = excluded.last_message_preview
      returning id, seq, state = 'new'
    loop
      place := place + 1;
      if found_id = group_ids[place] then
        opened := opened || found_id;
      end if;
      group_ids[place] := found_id;
      group_seqs[place] := found_seq;
      if is_waiting and in_has_actions[group_lasts[place]] then
        routed := routed || found_id;
        routed_accounts := routed_accounts || group_accounts[place];
      end if;
    end loop;
    insert into event (interaction_id, seq, type) select id, 1, 'opened' from unnest(opened) as id;
    foreach row_number in array missing loop
      group_number := group_rows[row_number];
      interactions[row_number] := group_ids[group_number];
      seqs[row_number] := group_seqs[group_number] - group_sizes[group_number] + places[row_number];
    end loop;
  end if;

  if cardinality(routed) > 0 then
    insert into route_request (interaction_id, account_id)
      select interaction, account from unnest(routed, routed_accounts) as u (interaction, account) on conflict do nothing;
    to_route := true;
  end if;

  insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, attachment_id, written_at, status, marked)
    select message, interaction, account, contact, seq, 'in', body, attachment, written_at, 'received', marked
    from unnest(messages, interactions, in_account, contacts, seqs, in_body, in_attachment, in_written_at, in_marked)
      as u(message, interaction, account, contact, seq, body, attachment, written_at, marked)
    where seq is not null;

  if outcomes is null or 'stored' = all (outcomes) then
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

-- For one at a time: `receive` calls it for those alone who say more of themselves, or come by another field than the others.
create or replace function make_contact(in_list_id bigint, in_field text, in_key text, in_plain_key text, in_from text, in_sent jsonb)
returns bigint
language plpgsql
as $$
declare
  made contact;
  fields jsonb;
  custom jsonb;
begin
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

drop function make_contacts;
