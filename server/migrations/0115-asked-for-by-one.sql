-- What a Retry-After asks for holds for the endpoint until it takes or refuses anything; its own delivery keeps to it all the same. Before,
-- an endpoint that had asked for an hour for one customer, and was down for a minute meanwhile, was left alone for the rest of the hour.

create or replace function note_outcomes(
  in_account_id bigint, in_purpose smallint, in_failures int, in_refusals int, in_taken int, in_error text, in_retry_after_ms bigint)
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  e endpoint;
  is_answered boolean := in_refusals + in_taken > 0;
  opens boolean;
begin
  insert into endpoint (id, account_id, purpose) values (endpoint_id(in_account_id, in_purpose), in_account_id, in_purpose)
    on conflict do nothing;
  select * into e from endpoint where id = endpoint_id(in_account_id, in_purpose) for update;
  e.failures := case when is_answered then 0 else e.failures + in_failures end;
  e.refusals := case when in_taken > 0 then 0 else e.refusals + in_refusals end;
  e.last_error := coalesce(in_error, e.last_error);
  if is_answered then
    e.not_before := null;
  elsif in_retry_after_ms > 0 then
    e.not_before := greatest(e.not_before, now() + least(in_retry_after_ms, 14400000) * interval '1 ms');
  end if;
  opens := e.state <> 'open' and e.failures >= 5;
  if opens then
    if e.state = 'closed' then
      e.probes := 0;
    end if;
    e.state := 'open';
    e.since := now();
    e.probed_at := '{}';
    e.probe_at := now() + probe_delay(e.probes);
  elsif e.state = 'open' and is_answered then
    e.state := 'ramping';
    e.since := now();
    e.ramp := 8;
  elsif e.state = 'ramping' and in_failures > 0 then
    e.ramp := greatest(e.ramp / 2, 2);
  end if;
  e.probe_at := case when e.state = 'open' then greatest(e.probe_at, e.not_before) end;
  update endpoint set state = e.state, since = e.since, failures = e.failures, refusals = e.refusals, last_error = e.last_error,
      probes = e.probes, probe_at = e.probe_at, not_before = e.not_before, ramp = e.ramp, probed_at = e.probed_at
    where id = e.id;
  if e.state = 'open' and in_failures > 0 then
    perform park_lanes(e.id, 1000);
  end if;
end $$;
