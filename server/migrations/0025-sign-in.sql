-- Second factors, single sign-on, sessions that their user can list, and versions where two admins may meet.

create table second_factor (
  user_id bigint primary key references app_user on delete cascade,
  -- Sealed for `second_factor:<user id>`.
  secret_sealed bytea not null,
  -- Null: being set up, and asked of nobody.
  confirmed_at timestamptz,
  -- The time step of the newest code that was used: it and all before it are refused.
  last_step bigint not null default 0,
  -- Wrong codes since then, for all nodes together.
  failures integer not null default 0,
  failures_since timestamptz not null default now(),
  created_at timestamptz not null default now()
);

create table recovery_code (
  user_id bigint not null references second_factor on delete cascade,
  digest bytea not null,
  primary key (user_id, digest)
);

-- Somebody's password was right, and his second factor is still wanted.
create table sign_in_challenge (
  digest bytea primary key,
  user_id bigint not null references app_user on delete cascade,
  purpose text not null check (purpose in ('code', 'set-up')),
  tries integer not null default 0,
  expires_at timestamptz not null
);
create index sign_in_challenge_user on sign_in_challenge (user_id);

create table sign_in_setting (
  id integer primary key default 1 check (id = 1),
  -- 'admins': everybody else comes through single sign-on, as long as that is on.
  password_for text not null default 'everybody' check (password_for in ('everybody', 'admins')),
  sso_enabled boolean not null default false,
  sso_issuer text not null default '',
  sso_client_id text not null default '',
  -- Sealed for `sign_in_setting:1`.
  sso_secret_sealed bytea,
  sso_button text not null default '',
  -- Of the e-mail addresses that may come in; empty: all.
  sso_domains text[] not null default '{}',
  sso_creates_users boolean not null default false,
  -- Of users whom single sign-on makes; null: that of agents.
  sso_role_id bigint references role on delete set null,
  version integer not null default 1,
  updated_at timestamptz not null default now()
);
insert into sign_in_setting default values;

-- Users of these roles cannot sign in by password without a second factor.
create table sign_in_role (
  role_id bigint primary key references role on delete cascade
);

-- The teams of users whom single sign-on makes.
create table sign_in_team (
  team_id bigint primary key references team on delete cascade
);

alter table app_user
  add column sso_issuer text,
  add column sso_subject text,
  add column version integer not null default 1;
create unique index app_user_sso on app_user (sso_issuer, sso_subject) where sso_subject is not null;

alter table list add column version integer not null default 1;

alter table session
  add column id bigint generated always as identity,
  add column via text not null default 'password' check (via in ('password', 'second-factor', 'single-sign-on'));
create unique index session_id on session (id);
