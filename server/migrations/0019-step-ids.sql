-- Steps of an account's actions get ids by which jumps name them, and an interaction in a queue knows the step that put it there by its
-- id in place of its number: a flow that is changed meanwhile goes on behind the same step, wherever that has moved.

update account set actions = (
    select jsonb_agg(case when step ? 'id' then step else jsonb_build_object('id', 'queue-' || nr) || step end order by nr)
    from jsonb_array_elements(actions) with ordinality as u (step, nr))
  where actions <> '[]';

alter table queue_entry add column step_id text;

update queue_entry e set step_id = (select a.actions -> e.step ->> 'id' from account a where a.id = e.account_id)
  where e.step is not null;

alter table queue_entry drop column step;
