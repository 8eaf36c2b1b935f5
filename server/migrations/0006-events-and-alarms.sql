-- What an account is told: events that it subscribed to, and alarms when its deliveries fail.

-- Two replays of one account would each make the same deliveries.
create unique index replay_under_way on replay (account_id) where ended_at is null;

-- Events ------------------------------------------------------------------------------------------------------------------------

-- Writes an event for the account's endpoint in the caller's transaction, in the interaction's own lane of events, if the account
-- subscribed to it. The interaction's row lock is held, so that the lane has them in the order in which they happened.
create function tell_event(in_interaction_id bigint, in_event text, in_user_id bigint, in_message_id bigint, in_data jsonb)
returns boolean language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  target record;
  told jsonb;
begin
  select i.*, a.uid into target from interaction i join account a on a.id = i.account_id
    where i.id = in_interaction_id and in_event = any(a.events) and a.deleted_at is null;
  if not found then
    return false;
  end if;
  told := jsonb_build_object(
    'OpenchannelAccountId', target.account_id, 'OpenchannelAccountUid', target.uid, 'OpenchannelInteractionId', target.id,
    'ContactId', target.contact_id, 'UserId', in_user_id,
    'Interaction', jsonb_build_object(
      'id', target.id, 'to', target.to_address, 'threadId', nullif(target.thread_id, ''), 'externalUrl', target.external_url,
      'subject', target.subject, 'createdAt', to_char(target.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'closed', target.closed_at is not null, 'UserId', target.user_id, 'queueId', target.queue_id, 'disposition', target.disposition));
  if in_message_id is not null then
    told := told || (
      select jsonb_build_object('message', jsonb_build_object(
        'id', m.id, 'channelId', m.channel_id, 'direction', m.direction, 'body', m.body, 'AttachmentId', m.attachment_id,
        'createdAt', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
      from message m where m.id = in_message_id);
  end if;
  if in_data ? 'reason' then
    told := told || jsonb_build_object('reason', in_data->>'reason');
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, webhook_id, payload)
    values (in_interaction_id, target.account_id, 1, in_event, 'evt_' || replace(gen_random_uuid()::text, '-', ''), jsonb_build_object(
      'type', in_event, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', told));
  perform put_in_lane(in_interaction_id, target.account_id, 1::smallint);
  return true;
end $$;

-- Appends to an interaction's log under the row lock of the interaction, so that seq has no gap for any reader, and tells the account
-- what it may have subscribed to. `receive` writes its events itself: see tell_received.
create or replace function append_event(in_interaction_id bigint, in_type text, in_user_id bigint, in_message_id bigint, in_data jsonb)
returns bigint language plpgsql as $$
declare
  new_seq bigint;
  told text;
begin
  update interaction set seq = seq + 1 where id = in_interaction_id returning seq into new_seq;
  if new_seq is null then
    raise exception 'interaction % does not exist', in_interaction_id using errcode = 'no_data_found';
  end if;
  insert into event (interaction_id, seq, type, user_id, message_id, data)
    values (in_interaction_id, new_seq, in_type, in_user_id, in_message_id, in_data);
  told := case
    when in_type in ('opened', 'assigned', 'transferred', 'closed', 'reopened') then 'interaction.' || in_type
    when in_type = 'status' and in_data->>'status' in ('delivered', 'failed') then 'message.' || (in_data->>'status') end;
  if told is not null then
    perform tell_event(in_interaction_id, told, in_user_id, in_message_id, case when in_type = 'status' then in_data end);
  end if;
  return new_seq;
end $$;

-- Of what `receive` just stored, in its transaction: whether anything was told. Called for a batch with an account that subscribed.
create function tell_received(in_messages bigint[], in_interactions bigint[], in_outcomes text[]) returns boolean language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
  told boolean := false;
begin
  for r in
    select m.id, m.interaction_id, m.seq, a.events
    from unnest(in_messages, in_outcomes) as u (id, outcome)
    join message m on m.id = u.id
    join account a on a.id = m.account_id
    where coalesce(u.outcome, 'stored') = 'stored' and a.events && array['interaction.opened', 'message.received']
    order by m.interaction_id, m.seq
  loop
    -- A message that opens an interaction comes right behind `opened`.
    if r.seq = 2 and exists (select from event e where e.interaction_id = r.interaction_id and e.seq = 1 and e.type = 'opened') then
      told := tell_event(r.interaction_id, 'interaction.opened', null, null, null) or told;
    end if;
    told := tell_event(r.interaction_id, 'message.received', null, r.id, null) or told;
  end loop;
  return told;
end $$;

-- Alarms ------------------------------------------------------------------------------------------------------------------------

-- That an endpoint's deliveries fail, from the first sign to the recovery. Told once each, by mail and by the alarm URL.
create table alarm (
  id             bigint generated always as identity primary key,
  account_id     bigint not null,
  purpose        smallint not null,
  reason         text not null,
  since          timestamptz not null default now(),
  ended_at       timestamptz,
  mailed_opened  boolean not null default false,
  mailed_ended   boolean not null default false
);
create unique index alarm_open on alarm (account_id, purpose) where ended_at is null;
create index alarm_account on alarm (account_id, id);
create index alarm_unmailed on alarm (id) where not mailed_opened or ended_at is not null and not mailed_ended;

-- In the account's one lane of alarms, which bears its id where others bear that of an interaction, as a negative number.
create function tell_alarm(in_alarm_id bigint, in_event text) returns void language plpgsql as $$
declare
  told record;
begin
  select m.*, a.uid, a.name, a.alarm_url into told from alarm m join account a on a.id = m.account_id where m.id = in_alarm_id;
  if told.alarm_url = '' then
    return;
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, webhook_id, payload)
    values (-told.account_id, told.account_id, 2, in_event, 'alm_' || replace(gen_random_uuid()::text, '-', ''), jsonb_build_object(
      'type', in_event, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'data', jsonb_build_object(
        'id', told.id, 'OpenchannelAccountId', told.account_id, 'OpenchannelAccountUid', told.uid, 'account', told.name,
        'about', case told.purpose when 0 then 'answers' else 'events' end, 'reason', told.reason,
        'since', to_char(told.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))));
  perform put_in_lane(-told.account_id, told.account_id, 2::smallint);
end $$;

-- Nobody is alarmed of alarms that cannot be told.
create function raise_alarm(in_account_id bigint, in_purpose smallint, in_reason text) returns void language plpgsql as $$
declare
  new_id bigint;
begin
  if in_purpose = 2 or not exists (select from account where id = in_account_id and deleted_at is null) then
    return;
  end if;
  insert into alarm (account_id, purpose, reason) values (in_account_id, in_purpose, in_reason)
    on conflict (account_id, purpose) where ended_at is null do nothing returning id into new_id;
  if new_id is not null then
    perform tell_alarm(new_id, 'alarm.opened');
  end if;
end $$;

create function watch_endpoint() returns trigger language plpgsql as $$
declare
  ended_id bigint;
  after_failures int;
begin
  if new.state = 'closed' and new.failures = 0 and new.refusals = 0 then
    update alarm set ended_at = now() where account_id = new.account_id and purpose = new.purpose and ended_at is null
      returning id into ended_id;
    if ended_id is not null then
      perform tell_alarm(ended_id, 'alarm.ended');
    end if;
    return null;
  end if;
  if new.state = 'open' and old.state <> 'open' then
    perform raise_alarm(new.account_id, new.purpose, format('%s attempts in a row failed. %s', new.failures, new.last_error));
    return null;
  end if;
  select alarm_after_failures into after_failures from account where id = new.account_id;
  if new.failures >= after_failures and new.failures > old.failures then
    perform raise_alarm(new.account_id, new.purpose, format('%s attempts in a row failed. %s', new.failures, new.last_error));
  elsif new.refusals >= after_failures and new.refusals > old.refusals then
    perform raise_alarm(new.account_id, new.purpose, format('%s deliveries in a row were refused. %s', new.refusals, new.last_error));
  end if;
  return null;
end $$;
create trigger endpoint_watched after update on endpoint for each row
  when ((old.state, old.failures, old.refusals) is distinct from (new.state, new.failures, new.refusals))
  execute function watch_endpoint();

-- At the end of the transaction, when it holds no lane that another could wait for.
create function watch_dead_letter() returns trigger language plpgsql as $$
begin
  if new.purpose < 2 then
    perform raise_alarm(new.account_id, new.purpose, format('A delivery was given up. %s', new.last_error));
    -- So that the next one that is taken is noted, and ends it.
    update endpoint set failures = 1 where id = endpoint_id(new.account_id, new.purpose) and state = 'closed' and failures = 0;
  end if;
  return null;
end $$;
create constraint trigger delivery_dead after update on delivery deferrable initially deferred for each row
  when (new.state = 'dead' and old.state <> 'dead') execute function watch_dead_letter();
