-- What was tried before an end was freed says nothing about it any more.
alter table lane_end add column freed integer not null default 0;
comment on column lane_end.freed is 'How often what was wrong with it may have been put right.';

-- Failures in a row are those of forwarding alone, which the next message that arrives ends; answers that nobody can verify are ended by
-- one that can be.
alter table integration add column wrong_secret_since timestamptz;
