-- Answers that come at the same moment are written by one statement for all, and so are their outcomes: a statement costs far more than
-- the row it writes, since each opens every index and reads every check of its table anew. What is not plain goes as before, one by one.
--
-- Called by turns in one backend, us of its time for an answer in groups of 1, 5 and 20: reply 580, 413, 339 before and 587, 184, 102 now; outcomes
-- 625, 333, 270 and 644, 192, 117; outgoing 764, 171, 65 and 189, 52, 28.

-- Asked with few ids it was planned anew each time, since the plan for three looked cheaper than the one for any number.
create or replace function outgoing(in_message_ids bigint[])
returns table (
  message_id bigint, status text, body text, account_id bigint, interaction_id bigint, to_address text, thread_id text, external_url text,
  subject text, created_at timestamptz, contact jsonb, custom_field_ids bigint[], user_id bigint, user_name text, user_fullname text,
  file_id bigint, file_name text, file_type text, file_size_bytes bigint, file_gone boolean)
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  select m.id, m.status, m.body, m.account_id, i.id, i.to_address, i.thread_id, i.external_url, i.subject, i.created_at, to_jsonb(c),
    array(select f.id from custom_field f where f.list_id is null or f.list_id = c.list_id order by f.id),
    u.id, u.name, u.fullname, a.id, a.name, a.type, a.size_bytes, a.removed_at is not null or a.expires_at <= now()
  from message m
  join interaction i on i.id = m.interaction_id
  join contact c on c.id = m.contact_id
  left join app_user u on u.id = m.user_id
  left join attachment a on a.id = m.attachment_id
  where m.id = any(in_message_ids);
end $$;

-- Plain: one text, to an interaction that nobody else in the group writes to, and nothing to refuse it for. Its lock is had, or it is
-- `busy` and written alone; what is to be refused is looked at again by `reply`, which says why.
create or replace function reply_to_many(in_sends json)
returns table (place integer, outcome text, newest bigint, account bigint, contact bigint, messages json)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
declare
  held bigint[];
  places int[];
  seqs bigint[];
  accounts bigint[];
  contacts bigint[];
  written json[];
  r record;
begin
  select array_agg(h.id) into held from (
    select i.id from interaction i
    where i.id = any (array(select (s->>'interaction_id')::bigint from json_array_elements(in_sends) s))
    order by i.id for no key update skip locked) h;

  -- A statement of its own: its snapshot is younger than the locks.
  with send as materialized (
    select x.*, count(*) over (partition by x.interaction_id) as beside,
      case when x.client_id is not null then count(*) over (partition by x.user_id, x.client_id) end as copies
    from json_to_recordset(in_sends) as x (
      place int, interaction_id bigint, viewer_id bigint, account_id bigint, contact_id bigint, user_id bigint, secret boolean,
      bodies text[], attachment_ids bigint[], client_id text, seen_seq bigint, sent_by text, must_be_taken boolean)),
  plain as materialized (
    select s.place, s.user_id, s.client_id, s.sent_by, s.bodies[1] as body, i.id as interaction_id, i.account_id, i.contact_id,
      i.seq + 1 as seq, nextval('message_id_seq') as message_id
    from send s
    join interaction i on i.id = s.interaction_id
    join account a on a.id = i.account_id
    where s.beside = 1 and s.interaction_id = any (held)
      and not s.secret and cardinality(s.bodies) = 1 and s.attachment_ids[1] is null
      and (s.viewer_id is null or exists (
        select from account_member m where m.account_id = i.account_id and m.user_id = s.viewer_id))
      and coalesce(s.account_id = i.account_id, true) and coalesce(s.contact_id = i.contact_id, true)
      and i.closed_at is null and a.reply_url <> '' and a.deleted_at is null
      and (s.client_id is null or s.copies = 1 and not exists (
        select from message m where m.user_id = s.user_id and m.client_id = s.client_id))
      and not (coalesce(s.seen_seq < i.seq, false) and exists (
        select from message m where m.interaction_id = i.id and m.seq > s.seen_seq and m.direction = 'in'))
      and not coalesce(i.window_until <= now() and coalesce(i.human_until, i.window_until) <= now(), false)
      and not (s.must_be_taken and i.user_id is null)),
  told as (
    insert into event (interaction_id, seq, type, user_id, message_id)
      select p.interaction_id, p.seq, 'message', p.user_id, p.message_id from plain p),
  owed as (
    insert into delivery (interaction_id, account_id, message_id, webhook_id)
      select p.interaction_id, p.account_id, p.message_id, 'msg_' || replace(gen_random_uuid()::text, '-', '') from plain p),
  due as (
    insert into lane as l (interaction_id, account_id, purpose, next_at)
      select p.interaction_id, p.account_id, 0, now() from plain p
      on conflict (interaction_id, purpose) do update set next_at = now() where l.next_at is null and l.parked_at is null),
  moved as (
    update interaction i set
        seq = p.seq, last_message_id = p.message_id, last_message_at = now(), last_message_direction = 'out',
        last_message_preview = left(p.body, 200), unread = 0,
        first_reply_at = case when p.user_id is null then i.first_reply_at else coalesce(i.first_reply_at, now()) end
      from plain p where i.id = p.interaction_id),
  kept as (
    insert into message as m (id, interaction_id, account_id, contact_id, seq, direction, body, user_id, sent_by, client_id, status)
      select p.message_id, p.interaction_id, p.account_id, p.contact_id, p.seq, 'out', p.body, p.user_id, p.sent_by, p.client_id, 'queued'
      from plain p
      returning m.id, to_json(m) as message)
  select array_agg(p.place), array_agg(p.seq), array_agg(p.account_id), array_agg(p.contact_id), array_agg(json_build_array(k.message))
    into places, seqs, accounts, contacts, written
    from plain p join kept k on k.id = p.message_id;

  return query
  select u.place, 'sent', u.newest, u.account, u.contact, u.message
  from unnest(places, seqs, accounts, contacts, written) as u (place, newest, account, contact, message);
  if cardinality(places) = json_array_length(in_sends) then
    return;
  end if;

  for r in
    select * from json_to_recordset(in_sends) as x (
      place int, interaction_id bigint, viewer_id bigint, account_id bigint, contact_id bigint, user_id bigint, secret boolean,
      bodies text[], attachment_ids bigint[], client_id text, seen_seq bigint, sent_by text, must_be_taken boolean)
    where x.place <> all (coalesce(places, '{}'))
    order by x.interaction_id, x.place
  loop
    place := r.place; outcome := 'busy'; newest := null; account := null; contact := null; messages := null;
    if r.interaction_id = any (held) then
      select * into outcome, newest, account, contact, messages
        from reply(r.interaction_id, r.viewer_id, r.account_id, r.contact_id, r.user_id, r.secret, r.bodies, r.attachment_ids,
                   r.client_id, r.seen_seq, r.sent_by, r.must_be_taken);
    end if;
    return next;
  end loop;
end $$;

-- Outcomes as settle_deliveries takes them. Plain: an answer that was taken, under the newest fence, by an endpoint in good order, of
-- which nobody holds interaction or lane. The rest is left to settle_one_by_one.
alter function settle_deliveries(json, int, boolean) rename to settle_one_by_one;

create function settle_deliveries(in_rows json, in_lease_ms int, in_wait boolean)
returns table (
  place int, outcome text, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts int,
  head_created_at timestamptz)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  held bigint[];
  plain_places int[];
  heads bigint[];
  rest json;
begin
  select array_agg(h.id) into held from (
    select i.id
    from json_to_recordset(in_rows) as x (interaction_id bigint, purpose smallint, fence bigint, state text)
    join interaction i on i.id = x.interaction_id
    join lane l on l.interaction_id = x.interaction_id and l.purpose = x.purpose and l.fence = x.fence
    where x.purpose = 0 and x.state = 'delivered'
    for no key update of i skip locked for update of l skip locked) h;

  -- A statement of its own: its snapshot is younger than the locks.
  with given as materialized (
    select x.*, count(*) over (partition by x.interaction_id, x.purpose) as beside
    from json_to_recordset(in_rows) as x (
      place int, interaction_id bigint, account_id bigint, purpose smallint, delivery_id bigint, message_id bigint,
      message_status text, attempt int, state text, status int, reason text, channel_id text, started_at timestamptz,
      duration_ms int, request_body text, response_body text, details jsonb)),
  plain as materialized (
    select g.*, i.seq + 1 as seq, m.channel_id as known_as,
      (select n.id from delivery n
       where n.interaction_id = g.interaction_id and n.purpose = 0 and n.state = 'pending' and n.id <> g.delivery_id
       order by n.id limit 1) as next_id
    from given g
    join interaction i on i.id = g.interaction_id
    join delivery d on d.id = g.delivery_id and d.state = 'pending'
    join message m on m.id = g.message_id and m.status = g.message_status and m.status in ('queued', 'sending', 'retrying', 'failed')
    left join endpoint e on e.id = endpoint_id(g.account_id, g.purpose)
    where g.beside = 1 and g.purpose = 0 and g.state = 'delivered' and g.started_at is not null and g.interaction_id = any (held)
      and (e.id is null or e.state = 'closed' and e.failures = 0 and e.refusals = 0)),
  tried as (
    insert into delivery_attempt (
        delivery_id, account_id, attempt, started_at, duration_ms, status, error, request_body, response_body, details)
      select p.delivery_id, p.account_id, p.attempt, p.started_at, p.duration_ms, p.status, p.reason, p.request_body, p.response_body,
        p.details
      from plain p),
  ended as (
    update delivery d set state = 'delivered', attempts = p.attempt, last_status = p.status, last_error = p.reason, next_at = now(),
        ended_at = now()
      from plain p where d.id = p.delivery_id),
  marked as (
    update message m set status = 'sent', status_reason = p.reason, status_at = now(), channel_id = coalesce(p.channel_id, p.known_as),
        next_attempt_at = null
      from plain p where m.id = p.message_id),
  moved as (
    update interaction i set seq = p.seq from plain p where i.id = p.interaction_id),
  told as (
    insert into event (interaction_id, seq, type, message_id, data)
      select p.interaction_id, p.seq, 'status', p.message_id,
        jsonb_build_object('status', 'sent', 'reason', p.reason, 'nextAttemptAt', null)
      from plain p),
  let_go as (
    update lane l set claimed = p.next_id is not null, parked_at = null,
        next_at = case when p.next_id is not null then now() + in_lease_ms * interval '1 ms' end
      from plain p where l.interaction_id = p.interaction_id and l.purpose = 0)
  select array_agg(p.place), array_agg(p.next_id) into plain_places, heads from plain p;

  return query
  select u.place, 'settled', d.id, d.message_id, d.event, d.webhook_id, d.attempts, d.created_at
  from unnest(plain_places, heads) as u (place, next_id) left join delivery d on d.id = u.next_id;
  if cardinality(plain_places) = json_array_length(in_rows) then
    return;
  end if;
  rest := (
    select json_agg(x) from json_array_elements(in_rows) x where (x->>'place')::int <> all (coalesce(plain_places, '{}')));
  return query select * from settle_one_by_one(rest, in_lease_ms, in_wait);
end $$;
