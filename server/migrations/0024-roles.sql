-- Roles are rows of permissions. `app_user.role` stays what existing clients are told: admin, supervisor, or agent for every other role.

create table role (
  id bigint generated always as identity primary key,
  name text not null,
  preset text unique check (preset in ('admin', 'supervisor', 'agent', 'integrator', 'read-only')),
  permissions text[] not null default '{}',
  -- What the router asks of every agent: here, so that it is a look at a column.
  may_answer boolean not null generated always as
    (coalesce(preset = 'admin', false) or permissions @> array['openchannel', 'openchannel.answer']) stored,
  sees_all boolean not null generated always as
    (coalesce(preset = 'admin', false) or permissions @> array['openchannel', 'accounts.all']) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index role_name on role (lower(name));

-- What Admin allows is everything, now and later, so nothing is listed for it.
insert into role (name, preset, permissions) values
  ('Admin', 'admin', '{}'),
  ('Supervisor', 'supervisor', array['openchannel', 'openchannel.answer', 'openchannel.assign', 'contacts.read', 'contacts.edit',
    'health.read', 'presence.others', 'keys.own']),
  ('Agent', 'agent', array['openchannel', 'openchannel.answer', 'openchannel.assign', 'contacts.read', 'contacts.edit', 'keys.own']),
  ('Integrator', 'integrator', array['openchannel', 'accounts.all', 'contacts.read', 'health.read', 'accounts.manage', 'accounts.secrets',
    'deliveries.read', 'deliveries.replay', 'keys.own']),
  ('Read-only', 'read-only', array['openchannel', 'accounts.all', 'contacts.read', 'health.read', 'deliveries.read', 'audit.read']);

alter table app_user add column role_id bigint references role;
update app_user set role_id = role.id from role where role.preset = app_user.role;
alter table app_user add constraint app_user_has_role check (role_id is not null);
create index app_user_role on app_user (role_id);

-- Whoever writes one of the two need not know the other.
create function keep_role() returns trigger language plpgsql as $$
begin
  if new.role_id is null or tg_op = 'UPDATE' and new.role_id = old.role_id and new.role <> old.role then
    new.role_id := (select id from role where preset = new.role);
  else
    new.role := coalesce((select preset from role where id = new.role_id and preset in ('admin', 'supervisor')), 'agent');
  end if;
  return new;
end $$;
create trigger app_user_keep_role before insert or update of role, role_id on app_user
  for each row execute function keep_role();

-- While a session is looked through by its owner as somebody else.
alter table session
  add column viewed_user_id bigint references app_user on delete cascade,
  add column viewed_until timestamptz,
  add constraint session_viewed check ((viewed_user_id is null) = (viewed_until is null));

create index audit_entry_user on audit_entry (user_id, id);
