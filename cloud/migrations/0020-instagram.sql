-- Instagram accounts beside pages: `page_id` is the account's own number.
alter table integration drop constraint integration_kind_check;
alter table integration add constraint integration_kind_check check (kind in ('facebook', 'instagram'));

-- Of an account: the page to which it is linked, whose token and subscription serve both.
alter table integration add column linked_page_id text;
alter table integration add column linked_page_name text;
alter table integration add constraint integration_linked_page_check
  check ((kind = 'instagram') = (linked_page_id is not null));
create index integration_linked_page_id_idx on integration (linked_page_id) where linked_page_id is not null;
