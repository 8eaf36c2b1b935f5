-- Until when everything that happened on a page is known to have been heard of.
create table catch_up (
  integration_id bigint primary key references integration on delete cascade,
  until timestamptz not null
);
