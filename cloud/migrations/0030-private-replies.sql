-- The comment or post that an answer went to in private: each takes one.
alter table sent add column private_to text;
create unique index sent_private_to_key on sent (integration_id, private_to) where private_to is not null;
