-- Contact centres that wait to be paired, and what Meta asked us to delete.

create table pairing (
  -- Of the code that an admin reads out; the code itself is known to his server alone.
  code_digest bytea primary key,
  -- Receive URL, key, secret and uid as JSON, sealed for `pairing:<digest in hex>`.
  target_sealed bytea not null,
  server_name text not null,
  host text not null,
  address text not null,
  expires_at timestamptz not null
);
create index pairing_expires_at_idx on pairing (expires_at);

create table deletion_request (
  -- Told to the person, who can ask by it what became of it.
  code text primary key,
  requested_at timestamptz not null default now(),
  done_at timestamptz
);
