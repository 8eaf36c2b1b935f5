-- What an account's actions did with each interaction, step by step; and the bots and web requests that are being asked.

-- One row from the beginning of the flow to its end, over all the times it waited. `lines` is what ran, in words; `vars` what the flow
-- has set; `answered` the steps that have answered in the interaction, carried from run to run; `calls` how often somebody was asked
-- since the customer last wrote.
create table action_run (
  id bigint generated always as identity primary key,
  interaction_id bigint not null,
  account_id bigint not null,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  lines jsonb not null default '[]',
  vars jsonb not null default '{}',
  answered text[] not null default '{}',
  calls int not null default 0
) with (fillfactor = 80);
create index action_run_interaction on action_run (interaction_id, id);

-- A bot or a web request that an interaction waits for. `state` due: to be called, or being called until `due_at`, when somebody else
-- takes over with the same `webhook_id`; talking: the customer is to write until `due_at`. `fence` rises with every call, so that of two
-- answers one is taken. `seq` is that of the interaction when its flow came here: a later event of another hand ends it.
create table action_call (
  interaction_id bigint primary key,
  account_id bigint not null,
  run_id bigint not null,
  step_id text not null,
  state text not null check (state in ('due', 'talking')),
  webhook_id text not null,
  message_id bigint,
  seq bigint not null,
  due_at timestamptz not null,
  give_up_at timestamptz not null,
  fence bigint not null default 0
);
create index action_call_due on action_call (due_at);

-- What the steps of flows do to interactions, in their order: answers with their deliveries, and events. The locks of the interactions
-- are held already. An answer of nobody leaves unread what is unread.
create function take_steps(in_interactions bigint[], in_types text[], in_texts text[], in_data jsonb[])
returns void language plpgsql
set enable_seqscan to off set enable_bitmapscan to off set plan_cache_mode to force_generic_plan
as $$
declare
  target record;
  new_id bigint;
  new_seq bigint;
begin
  for nr in 1 .. cardinality(in_interactions) loop
    if in_types[nr] <> 'message' then
      perform append_event(in_interactions[nr], in_types[nr], null, null, in_data[nr]);
      continue;
    end if;
    select account_id, contact_id into strict target from interaction where id = in_interactions[nr];
    new_id := nextval('message_id_seq');
    new_seq := append_event(in_interactions[nr], 'message', null, new_id, null);
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, part, status)
      values (new_id, in_interactions[nr], target.account_id, target.contact_id, new_seq, 'out', false, in_texts[nr], 0, 'queued');
    insert into delivery (interaction_id, account_id, message_id, webhook_id)
      values (in_interactions[nr], target.account_id, new_id, 'msg_' || replace(gen_random_uuid()::text, '-', ''));
    perform put_in_lane(in_interactions[nr], target.account_id);
    update interaction set last_message_id = new_id, last_message_at = now(), last_message_direction = 'out',
        last_message_preview = left(in_texts[nr], 200)
      where id = in_interactions[nr];
  end loop;
end $$;

-- Begins runs (without `run_id`) and goes on with others, a line per step; answers the ids in their order.
create function keep_runs(in_runs jsonb) returns bigint[] language plpgsql
set enable_seqscan to off set enable_bitmapscan to off set plan_cache_mode to force_generic_plan
as $$
declare
  r record;
  run bigint;
  ids bigint[] := '{}';
begin
  for r in
    select * from jsonb_to_recordset(in_runs) as r (run_id bigint, interaction_id bigint, account_id bigint, lines jsonb, vars jsonb,
      answered text[], calls int)
  loop
    if r.run_id is null then
      insert into action_run (interaction_id, account_id, lines, vars, answered, calls)
        values (r.interaction_id, r.account_id, r.lines, r.vars, r.answered, r.calls)
        returning id into run;
    else
      run := r.run_id;
      update action_run set vars = r.vars, answered = r.answered, calls = r.calls, updated_at = now(),
          lines = case when jsonb_array_length(lines) < 500 then lines || r.lines else lines end
        where id = run;
    end if;
    ids := ids || run;
  end loop;
  return ids;
end $$;
