-- Asks of a file on disk whether a row knows it.
create index attachment_path on attachment (path);
