-- The one-time link by which a user sets his password: at most one, so that a newer one voids the older.
create table password_link (
  user_id     bigint primary key references app_user on delete cascade,
  digest      bytea not null unique,
  kind        text not null check (kind in ('invitation', 'reset')),
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null
);
