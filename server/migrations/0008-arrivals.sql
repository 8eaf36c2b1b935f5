-- The delivery log of what came in. A row for each request would cost as much as the message itself: a sheet holds what one account was
-- sent within about a second on one node, at most some hundred requests (decision 15).
create table arrival_sheet (
  id          bigint generated always as identity primary key,
  account_id  bigint not null,
  from_at     timestamptz not null,
  to_at       timestamptz not null,
  count       int not null,
  refused     int not null,                                    -- of those
  entries     bytea not null,                                  -- compressed by us: see arrivals/sheet.ts
  bodies      bytea                                            -- likewise; null: erased, or never kept
) with (fillfactor = 100);
create index arrival_sheet_account on arrival_sheet (account_id, to_at);
create index arrival_sheet_refused on arrival_sheet (account_id, to_at) where refused > 0;

alter table arrival_sheet alter column entries set storage external, alter column bodies set storage external;

-- Of an interaction: answers are found by their messages.
create index delivery_told on delivery (interaction_id) where purpose <> 0;
