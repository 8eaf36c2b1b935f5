-- Two admins who edit the same thing: whoever saves second is told, by the version that he read.
alter table custom_field add column version integer not null default 1;
alter table disposition add column version integer not null default 1;
alter table role add column version integer not null default 1;
alter table skill add column version integer not null default 1;
alter table tag add column version integer not null default 1;
alter table team add column version integer not null default 1;

create or replace view disposition_tree as
 SELECT d.id,
    d.name,
    concat_ws(' / '::text, g.name, p.name, d.name) AS path,
    d.parent_id,
    d.level,
    d."position",
    root.list_id,
    root.account_id,
    root.queue_id,
    d.created_at,
    (ARRAY[
        CASE
            WHEN root.queue_id IS NOT NULL THEN 0
            WHEN root.account_id IS NOT NULL THEN 1
            WHEN root.list_id IS NOT NULL THEN 2
            ELSE 3
        END::bigint, COALESCE(root.queue_id, root.account_id, root.list_id, 0::bigint), root."position"::bigint, root.id] ||
        CASE
            WHEN g.id IS NOT NULL THEN ARRAY[p."position"::bigint, p.id]
            ELSE '{}'::bigint[]
        END) ||
        CASE
            WHEN d.level > 1 THEN ARRAY[d."position"::bigint, d.id]
            ELSE '{}'::bigint[]
        END AS sort,
    d.version
   FROM disposition d
     LEFT JOIN disposition p ON p.id = d.parent_id
     LEFT JOIN disposition g ON g.id = p.parent_id
     JOIN disposition root ON root.id = COALESCE(g.id, p.id, d.id);
