-- Relays through which messages reach this server though nobody can connect to it. One row for each address.
create table relay (
  id bigint not null generated always as identity primary key,
  url text not null unique,
  server_id text not null,
  key_sealed bytea not null,
  created_at timestamptz not null default now()
);
