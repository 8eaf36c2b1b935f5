-- What an answer said, as a digest, while nobody knows whether it went out: by that its echo is known, even after it was given up.
alter table sent add column words_digest text;
comment on column sent.words_digest is 'Null: a file, or it is known what became of it.';
