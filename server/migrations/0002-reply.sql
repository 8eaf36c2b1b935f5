-- Answers and their way out: `reply` stores what an agent or a key sends, `settle_deliveries` what became of it.
--
-- Lock order everywhere: interaction, then lane, then delivery and message. A lane is claimed without its interaction, but such a
-- statement skips what is locked and so never waits.
--
-- Every table here is entered by an index. A plan made while the tables were empty would rather read them from end to end, and be kept
-- while they grow: hence the settings of each function (reply: 0.4 ms without them, 1.2 ms after the first 10 000 answers).

-- An interaction that has something to deliver is due now, unless a worker holds it or it waits for its next attempt: then the
-- new delivery is found by whoever has the lane next.
create function put_in_lane(in_interaction_id bigint, in_account_id bigint) returns void language sql as $$
  insert into lane (interaction_id, account_id, next_at) values (in_interaction_id, in_account_id, now())
  on conflict (interaction_id) do update set next_at = now() where lane.next_at is null
$$;

-- One send, split into parts: text first, then each file. Everything is written, or `outcome` says why nothing was:
--   missing    there is no such interaction, or `in_viewer_id` (null: sees everything) does not see its account
--   elsewhere  its account or contact is another than the caller thinks
--   repeated   the user sent this client id before: `messages` are those of then
--   closed, mute (the account has no Reply URL), held (the customer wrote after `in_seen_seq`; `newest` is the seq to look at)
--   untaken    nobody has it, and `in_must_be_taken`
-- One statement, so that an answer costs one round trip and one commit.
create function reply(
  in_interaction_id bigint, in_viewer_id bigint, in_account_id bigint, in_contact_id bigint, in_user_id bigint, in_secret boolean,
  in_bodies text[], in_attachment_ids bigint[], in_client_id text, in_seen_seq bigint, in_sent_by text, in_must_be_taken boolean
) returns table (outcome text, newest bigint, account bigint, contact bigint, messages json) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  target interaction;
  new_id bigint;
  new_seq bigint;
  message_ids bigint[];
begin
  select * into target from interaction where id = in_interaction_id for no key update;
  if not found or in_viewer_id is not null
      and not exists (select from account_member where account_id = target.account_id and user_id = in_viewer_id) then
    outcome := 'missing'; return next; return;
  end if;
  newest := target.seq; account := target.account_id; contact := target.contact_id;
  if in_account_id <> target.account_id or in_contact_id <> target.contact_id then
    outcome := 'elsewhere'; return next; return;
  end if;
  -- Under the lock, so that of two copies of one send the second sees the first.
  if in_client_id is not null then
    select json_agg(m order by m.part) into messages
      from message m where m.user_id = in_user_id and m.client_id = in_client_id;
    if messages is not null then
      outcome := 'repeated'; return next; return;
    end if;
  end if;
  if not in_secret then
    outcome := case
      when target.closed_at is not null then 'closed'
      when not exists (select from account where id = target.account_id and reply_url <> '' and deleted_at is null) then 'mute'
      when in_seen_seq < target.seq and exists (
        select from message m
        where m.interaction_id = in_interaction_id and m.seq > in_seen_seq and m.direction = 'in') then 'held'
      when in_must_be_taken and target.user_id is null then 'untaken'
    end;
    if outcome is not null then
      return next; return;
    end if;
  end if;

  for i in 1 .. cardinality(in_bodies) loop
    new_id := nextval('message_id_seq');
    new_seq := append_event(in_interaction_id, case when in_secret then 'note' else 'message' end, in_user_id, new_id, null);
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, attachment_id, user_id, sent_by,
                         client_id, part, status)
      values (new_id, in_interaction_id, target.account_id, target.contact_id, new_seq, 'out', in_secret, in_bodies[i],
              in_attachment_ids[i], in_user_id, in_sent_by, in_client_id, i - 1, case when in_secret then 'note' else 'queued' end);
    if not in_secret then
      insert into delivery (interaction_id, account_id, message_id, webhook_id)
        values (in_interaction_id, target.account_id, new_id, 'msg_' || replace(gen_random_uuid()::text, '-', ''));
    end if;
    message_ids := message_ids || new_id;
  end loop;
  if not in_secret then
    perform put_in_lane(in_interaction_id, target.account_id);
    update interaction set
        last_message_id = new_id, last_message_at = now(), last_message_direction = 'out',
        last_message_preview = left(in_bodies[cardinality(in_bodies)], 200), unread = 0,
        first_reply_at = case when in_user_id is null then first_reply_at else coalesce(first_reply_at, now()) end
      where id = in_interaction_id;
  end if;
  select json_agg(m order by m.part) into messages from message m where m.id = any(message_ids);
  outcome := 'sent'; newest := new_seq; return next;
end $$;

-- Many sends in one transaction, each as `reply` has it. `outcome` is `busy` for one whose interaction is locked by somebody else, and
-- nothing was written of it: see settle_deliveries.
create function reply_to_many(in_sends json)
returns table (place int, outcome text, newest bigint, account bigint, contact bigint, messages json) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
begin
  for r in
    select * from json_to_recordset(in_sends) as x (
      place int, interaction_id bigint, viewer_id bigint, account_id bigint, contact_id bigint, user_id bigint, secret boolean,
      bodies text[], attachment_ids bigint[], client_id text, seen_seq bigint, sent_by text, must_be_taken boolean)
    order by x.interaction_id, x.place
  loop
    place := r.place; outcome := 'busy'; newest := null; account := null; contact := null; messages := null;
    perform from interaction where id = r.interaction_id for no key update skip locked;
    if found then
      select * into outcome, newest, account, contact, messages
        from reply(r.interaction_id, r.viewer_id, r.account_id, r.contact_id, r.user_id, r.secret, r.bodies, r.attachment_ids,
                   r.client_id, r.seen_seq, r.sent_by, r.must_be_taken);
    end if;
    return next;
  end loop;
end $$;

-- A new delivery of the same message behind whatever its lane holds, under the same webhook id, by which a receiver knows it again.
-- Null while one of this message is pending.
create function replay_delivery(in_delivery_id bigint) returns bigint language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  old delivery;
  new_id bigint;
begin
  select * into strict old from delivery where id = in_delivery_id;
  perform from interaction where id = old.interaction_id for no key update;
  if exists (select from delivery where interaction_id = old.interaction_id and message_id = old.message_id and state = 'pending') then
    return null;
  end if;
  insert into delivery (interaction_id, account_id, message_id, webhook_id)
    values (old.interaction_id, old.account_id, old.message_id, old.webhook_id) returning id into new_id;
  perform put_in_lane(old.interaction_id, old.account_id);
  return new_id;
end $$;

-- Claims at most `in_limit` due lanes, those that wait longest first: of the accounts `in_only`, or else of all but `in_besides`.
-- Answers one row at least: `next_due_ms` tells in how many milliseconds another lane becomes due, null when none does.
create function claim_lanes(in_limit int, in_lease_ms int, in_only bigint[], in_besides bigint[])
returns table (next_due_ms float8, interaction_id bigint, account_id bigint, fence bigint, due_at timestamptz,
               head_id bigint, head_message_id bigint, head_webhook_id text, head_attempts int, head_created_at timestamptz)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  oldest boolean := in_only is null and cardinality(in_besides) = 0;
begin
  return query
  with recursive account (id) as (
    -- Accounts that may not be called now can have any number of due lanes: then this goes from account to account, never through
    -- them (2.8 ms with 1000 accounts, whether 0 or 100 000 lanes lie behind one that is left alone).
    (select account_id from lane where in_only is null and not oldest and next_at is not null order by account_id limit 1)
    union all
    select (select l.account_id from lane l where l.next_at is not null and l.account_id > account.id order by l.account_id limit 1)
    from account where account.id is not null),
  chosen (id) as (
    select id from account where id is not null and id <> all(in_besides)
    union all
    select unnest(in_only)),
  candidate (id) as (
    (select interaction_id from lane where oldest and next_at <= now() order by next_at limit in_limit * 2)
    union all
    (select l.interaction_id from chosen, lateral (
       select interaction_id, next_at from lane where account_id = chosen.id and next_at <= now() order by next_at limit in_limit * 2) l
     order by l.next_at limit in_limit * 2)),
  due as (
    select interaction_id, next_at from lane where interaction_id = any(array(select id from candidate)) and next_at <= now()
    limit in_limit for update skip locked),
  claimed as (
    update lane l set next_at = now() + in_lease_ms * interval '1 ms', fence = l.fence + 1
    from due where l.interaction_id = due.interaction_id
    returning l.interaction_id, l.account_id, l.fence, due.next_at as due_at)
  select n.ms, c.*, d.*
  from (select extract(epoch from min(next_at) - now())::float8 * 1000 as ms from lane where next_at > now()) n
  left join claimed c on true
  left join lateral (
    select id, message_id, webhook_id, attempts, created_at from delivery
    where interaction_id = c.interaction_id and state = 'pending' order by id limit 1) d on true
  order by c.due_at;
end $$;

-- Gives lanes back before their lease ends, as far as the fence still holds: due as they were, or at rest when nothing is owed.
create function release_lanes(in_interaction_ids bigint[], in_fences bigint[], in_due_at timestamptz[]) returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
begin
  for r in select * from unnest(in_interaction_ids, in_fences, in_due_at) as x (interaction_id, fence, due_at) order by 1 loop
    perform from lane where interaction_id = r.interaction_id and fence = r.fence for update;
    continue when not found;
    -- A statement of its own: it must see what was committed before the lock was had.
    update lane set next_at = case
        when exists (select from delivery where interaction_id = r.interaction_id and state = 'pending') then r.due_at end
      where interaction_id = r.interaction_id;
  end loop;
end $$;

-- Writes outcomes of attempts and answers for each what its worker does next. `outcome` is
--   settled  written; with `head_id` the lane stays claimed under the same fence and goes on with that delivery
--   lost     another worker has claimed the lane since, or the outcome stands already: only the attempt is put on record
--   busy     the interaction is locked by somebody else; only when not in_wait. A call with several rows must not wait: it holds
--            the locks of the rows before, and whoever holds this one may be waiting for those
--
-- A message's status moves only from the one that the attempt has read, so that a receipt which came meanwhile stands.
create function settle_deliveries(in_rows json, in_lease_ms int, in_wait boolean)
returns table (place int, outcome text, head_id bigint, head_message_id bigint, head_webhook_id text, head_attempts int,
               head_created_at timestamptz) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
  moved text;
  due_at timestamptz;
  reached int;
begin
  for r in
    select * from json_to_recordset(in_rows) as x (
      place int, interaction_id bigint, account_id bigint, fence bigint, delivery_id bigint, message_id bigint, message_status text,
      attempt int, state text, delay_ms bigint, status int, reason text, channel_id text,
      started_at timestamptz, duration_ms int, request_body text, response_body text)
    order by x.interaction_id
  loop
    place := r.place; head_id := null; head_message_id := null; head_webhook_id := null; head_attempts := null; head_created_at := null;
    if in_wait then
      perform from interaction where id = r.interaction_id for no key update;
    else
      perform from interaction where id = r.interaction_id for no key update skip locked;
      if not found then
        outcome := 'busy'; return next; continue;
      end if;
    end if;

    perform from lane where interaction_id = r.interaction_id and fence = r.fence for update;
    outcome := case when found then 'settled' else 'lost' end;
    if r.started_at is not null then
      insert into delivery_attempt (delivery_id, account_id, attempt, started_at, duration_ms, status, error, request_body, response_body)
        values (r.delivery_id, r.account_id, r.attempt, r.started_at, r.duration_ms, r.status,
                case when outcome = 'settled' then r.reason else 'Finished after another worker had taken over.' end,
                r.request_body, r.response_body);
    end if;
    if outcome = 'lost' then
      return next; continue;
    end if;

    update delivery set state = r.state, attempts = r.attempt, last_status = r.status, last_error = r.reason,
        next_at = now() + r.delay_ms * interval '1 ms', ended_at = case when r.state <> 'pending' then now() end
      where id = r.delivery_id and state = 'pending'
      returning case state when 'delivered' then 'sent' when 'pending' then 'retrying' else 'failed' end, next_at
      into moved, due_at;
    if not found then
      -- This outcome was written before and its answer got lost on the way: whatever followed stands.
      outcome := 'lost'; return next; continue;
    end if;
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

    if r.state <> 'pending' then
      select d.id, d.message_id, d.webhook_id, d.attempts, d.created_at
        into head_id, head_message_id, head_webhook_id, head_attempts, head_created_at
        from delivery d where d.interaction_id = r.interaction_id and d.state = 'pending' order by d.id limit 1;
    end if;
    update lane set next_at = case
        when r.state = 'pending' then due_at
        when head_id is not null then now() + in_lease_ms * interval '1 ms' end
      where interaction_id = r.interaction_id;
    return next;
  end loop;
end $$;

-- Messages with all that their wire body tells; those that no longer exist are missing.
create function outgoing(in_message_ids bigint[])
returns table (message_id bigint, status text, body text, account_id bigint, interaction_id bigint, to_address text, thread_id text,
               external_url text, subject text, created_at timestamptz, contact jsonb, custom_field_ids bigint[],
               user_id bigint, user_name text, user_fullname text,
               file_id bigint, file_name text, file_type text, file_size_bytes bigint, file_gone boolean)
language sql stable
set enable_seqscan = off set enable_bitmapscan = off as $$
  select m.id, m.status, m.body, m.account_id, i.id, i.to_address, i.thread_id, i.external_url, i.subject, i.created_at, to_jsonb(c),
    array(select f.id from custom_field f where f.list_id is null or f.list_id = c.list_id order by f.id),
    u.id, u.name, u.fullname, a.id, a.name, a.type, a.size_bytes, a.removed_at is not null or a.expires_at <= now()
  from message m
  join interaction i on i.id = m.interaction_id
  join contact c on c.id = m.contact_id
  left join app_user u on u.id = m.user_id
  left join attachment a on a.id = m.attachment_id
  where m.id = any(in_message_ids)
$$;
