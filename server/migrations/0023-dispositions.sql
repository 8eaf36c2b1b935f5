-- Dispositions: how interactions end, as a tree of up to three levels. A root is everybody's, or belongs to one list, account or queue;
-- what stands below it belongs to where it stands.

create table disposition (
  id bigint generated always as identity primary key,
  parent_id bigint references disposition (id) on delete cascade,
  name text not null,
  level smallint not null check (level between 1 and 3),
  position int not null default 0,
  list_id bigint references list (id) on delete cascade,
  account_id bigint references account (id) on delete cascade,
  queue_id bigint references queue (id) on delete cascade,
  created_at timestamptz not null default now(),
  check ((parent_id is null) = (level = 1)),
  check (num_nonnulls(parent_id, list_id, account_id, queue_id) <= 1)
);
create unique index disposition_name on disposition
  (coalesce(parent_id, 0), coalesce(list_id, 0), coalesce(account_id, 0), coalesce(queue_id, 0), lower(name));
create index disposition_list on disposition (list_id) where list_id is not null;
create index disposition_account on disposition (account_id) where account_id is not null;
create index disposition_queue on disposition (queue_id) where queue_id is not null;

-- As they are shown and chosen: with their path, and in their order, the narrower scope first.
create view disposition_tree as
select d.id, d.name, concat_ws(' / ', g.name, p.name, d.name) as path, d.parent_id, d.level, d.position,
  root.list_id, root.account_id, root.queue_id, d.created_at,
  array[
    case when root.queue_id is not null then 0 when root.account_id is not null then 1 when root.list_id is not null then 2 else 3 end,
    coalesce(root.queue_id, root.account_id, root.list_id, 0), root.position, root.id]
  || case when g.id is not null then array[p.position, p.id] else '{}' end
  || case when d.level > 1 then array[d.position, d.id] else '{}' end as sort
from disposition d
left join disposition p on p.id = d.parent_id
left join disposition g on g.id = p.parent_id
join disposition root on root.id = coalesce(g.id, p.id, d.id);

-- Whether whoever closes an interaction has to say how it ended.
alter table account add column disposition_required boolean not null default false;
alter table queue add column disposition_required boolean not null default false;

-- Beside the path as it was called when it was chosen. Names nothing once the disposition is deleted, hence no foreign key.
alter table interaction add column disposition_id bigint;
create index interaction_disposition on interaction (disposition_id) where disposition_id is not null;

create or replace function reopen_interaction(in_account_id bigint, in_contact_id bigint, in_thread_id text, in_within_minutes int)
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
    set state = 'new', closed_at = null, closed_by = null, disposition = null, disposition_id = null, user_id = null, queue_id = null,
      assigned_at = null, waiting_since = now()
    where id = last_id and closed_at is not null;
  if found then
    perform append_event(last_id, 'reopened', null, null, null);
  end if;
exception when unique_violation then
  null;
end $$;
