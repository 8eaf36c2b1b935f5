-- Where a click on the value of a custom field leads; the value stands in the place of {{value}}. Empty: nowhere.
alter table custom_field add column link text not null default '';
