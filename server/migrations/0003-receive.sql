-- The Receive URL's write: a batch of messages, from claiming the senders' ids to the route request, in one call and one transaction.
--
-- It loops over arrays instead of joining them: plans are cached, none depends on statistics, and locks are taken in a known order.
-- Whatever the batches of all nodes hold at the same time, they take locks in the same order, so they cannot deadlock:
--   1. the senders' ids by (account, id)   2. attachments by id   3. claims of contacts by (list, field, value), as the caller sorted
--   the rows   4. contacts to be changed by id   5. interactions by (contact, account, thread)
-- Other writers lock one interaction at a time, or skip what is locked. Statements see what others committed meanwhile, on which the
-- loops below rely.

-- Takes a file for a message of the account. A file is held by one account at most; until then whoever knows its id may name it.
create function claim_attachment(in_id bigint, in_account_id bigint) returns boolean language plpgsql as $$
begin
  perform from attachment where id = in_id and account_id = in_account_id and removed_at is null;
  if found then
    return true;
  end if;
  update attachment set account_id = in_account_id
    where id = in_id and removed_at is null and (expires_at is null or expires_at > now())
      and (account_id is null or account_id = in_account_id);
  return found;
end $$;

create function contact_column(in_field text) returns text language sql immutable as $$
  select case when in_field like 'cf\_%' then 'custom' else lower(regexp_replace(in_field, '([A-Z])', '_\1', 'g')) end
$$;

-- The contact of a first message, or null when another transaction has just made it. `in_sent` lists the contact fields of the message
-- as {field, value, keys}: they override the defaults of firstName and phone, but not the field by which the contact is found.
create function make_contact(in_list_id bigint, in_field text, in_key text, in_plain_key text, in_from text, in_sent jsonb)
returns bigint language plpgsql as $$
declare
  made contact;
  fields jsonb := jsonb_build_object('first_name', in_from, 'phone', in_from);
  custom jsonb;
begin
  made.id := nextval('contact_id_seq');
  insert into contact_key (list_id, field, value, contact_id, claimed) values (in_list_id, in_field, in_key, made.id, true)
    on conflict (list_id, field, value) where claimed do nothing;
  if not found then
    return null;
  end if;
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

-- What a message changes of the contact that it found, as a part of in_sent; null: nothing. With the rule 'fill' only empty fields take a
-- value; a firstName or phone that still is the `from` of the message that made the contact counts as empty.
create function contact_changes(in_contact jsonb, in_plain_key text, in_rule text, in_sent jsonb) returns jsonb language plpgsql as $$
declare
  made_by text;
  made_as text;
  changes jsonb;
begin
  select field, value into made_by, made_as from contact_key
    where contact_id = (in_contact ->> 'id')::bigint and claimed limit 1;
  select jsonb_agg(sent) into changes
    from jsonb_array_elements(in_sent) as sent,
      lateral (select sent ->> 'field' as field, sent -> 'value' as value) as new,
      lateral (select case when field like 'cf\_%' then in_contact -> 'custom' -> substr(field, 4)
        else in_contact -> contact_column(field) end as value) as old
    where new.value <> 'null' and new.value is distinct from old.value and (
      in_rule = 'overwrite'
      or coalesce(old.value, 'null') in ('null', '""', '[]')
      or field in ('firstName', 'phone') and field is distinct from made_by
        and normalize(btrim(old.value #>> '{}')) in (in_plain_key, made_as)
      or field in ('firstName', 'phone') and made_by = 'email' and lower(btrim(old.value #>> '{}')) = made_as);
  return changes;
end $$;

create function fill_contact(in_id bigint, in_plain_key text, in_rule text, in_sent jsonb) returns void language plpgsql as $$
declare
  changed contact;
  changes jsonb;
begin
  -- Most messages change nothing, and those need no lock.
  select contact_changes(to_jsonb(contact), in_plain_key, in_rule, in_sent) into changes from contact where id = in_id;
  if changes is null then
    return;
  end if;
  select * into changed from contact where id = in_id for update;
  changes := contact_changes(to_jsonb(changed), in_plain_key, in_rule, in_sent);
  if changes is null then
    return;
  end if;
  changed := jsonb_populate_record(changed, (
    select jsonb_object_agg(contact_column(field), value) from jsonb_to_recordset(changes) as change(field text, value jsonb)
      where field not like 'cf\_%'));
  update contact set (first_name, last_name, tags, street, postal_code, city, country, date_of_birth, description, phone, mobile,
      fax, email, url, facebook, twitter, skype, updated_at)
    = (changed.first_name, changed.last_name, changed.tags, changed.street, changed.postal_code, changed.city, changed.country,
      changed.date_of_birth, changed.description, changed.phone, changed.mobile, changed.fax, changed.email, changed.url,
      changed.facebook, changed.twitter, changed.skype, now()),
    custom = custom || coalesce((
      select jsonb_object_agg(substr(field, 4), value) from jsonb_to_recordset(changes) as change(field text, value jsonb)
        where field like 'cf\_%'), '{}')
    where id = in_id;
  delete from contact_key using jsonb_to_recordset(changes) as change(field text, keys text[])
    where contact_id = in_id and contact_key.field = change.field and value <> all (change.keys);
  insert into contact_key (list_id, field, value, contact_id)
    select changed.list_id, field, key, in_id
    from jsonb_to_recordset(changes) as change(field text, keys text[]), unnest(keys) as key
    on conflict do nothing;
end $$;

-- Opens the contact's last interaction again when it closed lately; otherwise a new one is to be made. Two transactions that reopen at
-- the same time meet at its row, one that reopens and one that opens at the unique index; whoever comes later finds an open one.
create function reopen_interaction(in_account_id bigint, in_contact_id bigint, in_thread_id text, in_within_minutes int)
returns void language plpgsql as $$
declare
  last_id bigint;
begin
  select id into last_id from interaction
    where contact_id = in_contact_id and account_id + 0 = in_account_id and thread_id = in_thread_id
      and closed_at > now() - make_interval(mins => in_within_minutes)
    order by closed_at desc limit 1;
  if last_id is null then
    return;
  end if;
  update interaction
    set state = 'new', closed_at = null, closed_by = null, disposition = null, user_id = null, queue_id = null,
      assigned_at = null, waiting_since = now()
    where id = last_id and closed_at is not null;
  if found then
    perform append_event(last_id, 'reopened', null, null, null);
  end if;
exception when unique_violation then
  null;
end $$;

-- Stores messages and answers for each what became of it: 'stored', 'duplicate' (with the digests of what came first under the
-- sender's id) or 'no-file'; outcomes null means that all are stored. Arrays are parallel, rows sorted by (list, field, key), texts
-- well-formed and without U+0000. An array that would hold nulls alone is null itself.
-- in_content: digests of what makes the message itself, for the sender's id. in_plain_key: `from` as a key of any field but email.
create function receive(
  in_account bigint[], in_list bigint[], in_field text[], in_key text[], in_plain_key text[], in_from text[], in_sent text[],
  in_rule text[], in_thread text[], in_to text[], in_url text[], in_reopen_minutes int[], in_has_actions boolean[], in_body text[],
  in_attachment bigint[], in_written_at timestamptz[], in_marked boolean[], in_sender text[], in_content bytea[]
) returns table (
  outcomes text[], messages bigint[], interactions bigint[], contacts bigint[], contents bytea[], to_route boolean, is_first boolean
) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
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
  is_new boolean;
  found_id bigint;
  found_contact bigint;
  found_seq bigint;
  found_state text;
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

  -- Those that are open are proposed under an id that no row has, so that numbers are spent on new ones alone.
  -- `account_id + 0`: a plan made while the tables were empty would as soon take an index over all of an account's interactions.
  group_ids := array(
    select (select -id from interaction
      where contact_id = u.contact and account_id + 0 = u.account and thread_id = u.thread and closed_at is null)
    from unnest(group_contacts, group_accounts, group_threads) with ordinality as u(contact, account, thread, nr) order by nr);
  for group_number in 1 .. groups loop
    if group_ids[group_number] is null then
      row_number := group_lasts[group_number];
      if in_reopen_minutes[row_number] > 0 then
        perform reopen_interaction(in_account[row_number], contacts[row_number], in_thread[row_number],
          in_reopen_minutes[row_number]);
      end if;
      group_ids[group_number] := nextval('interaction_id_seq');
    end if;
  end loop;

  -- A new one has two events at once, `opened` and its first message. Rows come back in the order in which they went in.
  group_number := 0;
  for found_id, found_seq, found_state in
    insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
        last_message_id, last_message_direction, last_message_preview)
      select u.id, account, contact, thread, 1 + size, size, now(), to_address, url, messages[last], 'in',
        case when in_body[last] <> '' then left(in_body[last], 200)
          else (select name from attachment where id = in_attachment[last]) end
      from unnest(group_ids, group_accounts, group_contacts, group_threads, group_sizes, group_tos, group_urls, group_lasts)
        with ordinality as u(id, account, contact, thread, size, to_address, url, last, nr)
      order by nr
    on conflict (contact_id, account_id, thread_id) where closed_at is null do update
      set seq = interaction.seq + excluded.seq - 1, unread = interaction.unread + excluded.unread,
        to_address = coalesce(excluded.to_address, interaction.to_address),
        external_url = coalesce(excluded.external_url, interaction.external_url), last_message_id = excluded.last_message_id,
        last_message_at = now(), last_message_direction = 'in', last_message_preview = excluded.last_message_preview
    returning id, seq, state
  loop
    group_number := group_number + 1;
    is_new := found_id = group_ids[group_number];
    if found_id < 0 then
      -- It was closed between the look and the insert.
      update interaction set id = nextval('interaction_id_seq') where id = found_id returning id into found_id;
    end if;
    group_ids[group_number] := found_id;
    group_seqs[group_number] := found_seq;
    if is_new then
      insert into event (interaction_id, seq, type) values (found_id, 1, 'opened');
    end if;
    -- One that is `new` was never routed, or its actions came to their end; then the customer's next message starts them anew.
    if found_state = 'new' and in_has_actions[group_lasts[group_number]] then
      insert into route_request (interaction_id, account_id) values (found_id, group_accounts[group_number]) on conflict do nothing;
      to_route := true;
    end if;
  end loop;
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
  update account set first_message_at = now()
    where id in (select id from account where id = any (in_account) and first_message_at is null for update skip locked);
  is_first := found;
  return next;
end $$;
