-- A customer's message is an event by itself: its row has the interaction, the seq and the moment, and a second row beside it said nothing
-- more for a twelfth of what it costs to store a message. `interaction_log` is what there was before: every event of an interaction by seq.

create view interaction_log as
  select interaction_id, seq, type, message_id, user_id, data, at from event
  union all
  select interaction_id, seq, 'message', id, null::bigint, null::jsonb, created_at from message where direction = 'in';

delete from event e using message m where m.id = e.message_id and m.direction = 'in' and e.type = 'message';

create index message_at on message using brin (created_at) with (pages_per_range = 16, autosummarize = on);

-- As in 0071, with less between the statements. Open interactions are found together with the contacts, and changed where they were found:
-- a row that somebody else changed since, or whose change is waited for, is left out by that, and changed by the insert below that meets it.
-- Rows of interactions of their own, nearly always all of them, need no groups.
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
  made boolean[];
  tids tid[];
  row_number int;
  groups int := 0;
  group_number int;
  row_groups int[];
  row_places int[];
  group_contacts bigint[] := '{}';
  group_accounts bigint[] := '{}';
  group_threads text[] := '{}';
  group_tos text[] := '{}';
  group_urls text[] := '{}';
  group_sizes int[] := '{}';
  group_lasts int[] := '{}';
  group_tids tid[] := '{}';
  group_ids bigint[];
  group_seqs bigint[];
  missing int[];
  is_filled boolean := false;
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

  -- `account_id + 0` keeps the planner from an index over all of an account's interactions.
  select array_agg(contact), array_agg(tid) into contacts, tids from (
    select k.contact_id as contact,
      (select i.ctid from interaction i
        where i.contact_id = k.contact_id and i.account_id + 0 = u.account and i.thread_id = u.thread and i.closed_at is null) as tid
    from unnest(in_list, in_field, in_key, in_account, in_thread) as u(list, field, key, account, thread)
    left join lateral (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key
      order by contact_id limit 1) k on true) found;

  if array_position(contacts, null) is not null then
    missing := array(select nr from unnest(contacts, outcomes) with ordinality as u(contact, outcome, nr)
      where contact is null and coalesce(outcome, 'stored') = 'stored' order by nr);
    made := array_fill(false, array[amount]);
    -- Nearly always whoever is new is so in one field of one list and says nothing but his name: then all are made at once, each once.
    if in_sent is null and cardinality(missing) > 0 and in_field[missing[1]] not like 'cf\_%' and in_field[missing[1]] <> 'tags'
      and not exists (select from unnest(missing) as nr where in_list[nr] <> in_list[missing[1]] or in_field[nr] <> in_field[missing[1]])
    then
      perform make_contacts(in_list[missing[1]], in_field[missing[1]], array(select in_key[nr] from unnest(missing) as nr),
        array(select in_plain_key[nr] from unnest(missing) as nr), array(select in_from[nr] from unnest(missing) as nr));
    end if;
    foreach row_number in array missing loop
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
  end if;

  if in_sent is not null then
    for row_number in
      select nr from unnest(contacts, made, outcomes, in_sent, in_rule) with ordinality as u(contact, made, outcome, sent, rule, nr)
      where sent is not null and made is not true and coalesce(outcome, 'stored') = 'stored' and rule <> 'never' order by contact, nr
    loop
      perform fill_contact(contacts[row_number], in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
      is_filled := true;
    end loop;
    -- A contact that is renamed changes its interactions.
    if is_filled then
      tids := array(
        select (select i.ctid from interaction i
          where i.contact_id = u.contact and i.account_id + 0 = u.account and i.thread_id = u.thread and i.closed_at is null)
        from unnest(contacts, in_account, in_thread) with ordinality as u(contact, account, thread, nr) order by nr);
    end if;
  end if;

  if (outcomes is null or 'stored' = all (outcomes)) and amount = (select count(distinct contact) from unnest(contacts) as contact) then
    groups := amount;
    group_sizes := array_fill(1, array[amount]);
    group_lasts := array(select generate_series(1, amount));
    group_tids := tids;
    group_contacts := contacts;
    group_accounts := in_account;
    group_threads := in_thread;
    group_tos := in_to;
    group_urls := in_url;
  else
    row_groups := array_fill(null::int, array[amount]);
    row_places := array_fill(null::int, array[amount]);
    -- Rows of one interaction form a group, in the order in which they came.
    for row_number in
      select nr from unnest(contacts, in_account, in_thread, outcomes) with ordinality as u(contact, account, thread, outcome, nr)
      where coalesce(outcome, 'stored') = 'stored' order by contact, account, thread, nr
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
      group_tids[groups] := tids[row_number];
      row_groups[row_number] := groups;
      row_places[row_number] := group_sizes[groups];
    end loop;
  end if;

  -- In the order of contacts, as every batch of every node. A condition that an index of open ones has too would let a plan made while nothing
  -- was stored read all of that index.
  group_ids := array_fill(null::bigint, array[groups]);
  group_seqs := group_ids;
  for group_number, found_id, found_seq, is_waiting in
    update interaction i
      set seq = i.seq + u.size, unread = i.unread + u.size, to_address = coalesce(u.to_address, i.to_address),
        external_url = coalesce(u.url, i.external_url), last_message_id = messages[u.last], last_message_at = now(),
        last_message_direction = 'in', last_message_preview = case when in_body[u.last] <> '' then left(in_body[u.last], 200)
          else (select name from attachment where id = in_attachment[u.last]) end
      from (select * from unnest(group_tids, group_contacts, group_sizes, group_tos, group_urls, group_lasts)
        with ordinality as u(tid, contact, size, to_address, url, last, nr) order by contact, nr) u
      where i.ctid = u.tid and i.contact_id + 0 = u.contact and i.state <> 'closed'
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

  -- Those among them that were closed, or changed, since they were found.
  if array_position(group_seqs, null) is not null then
    missing := array(select nr from unnest(group_seqs, group_contacts) with ordinality as u(seq, contact, nr)
      where seq is null order by contact, nr);
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
  if row_places is null then
    interactions := group_ids;
    seqs := group_seqs;
  else
    interactions := array_fill(null::bigint, array[amount]);
    seqs := interactions;
    for row_number in 1 .. amount loop
      group_number := row_groups[row_number];
      if group_number is not null then
        interactions[row_number] := group_ids[group_number];
        seqs[row_number] := group_seqs[group_number] - group_sizes[group_number] + row_places[row_number];
      end if;
    end loop;
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
