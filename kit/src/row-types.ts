// Writes the query builder's row types from a migrated database, so that a query that misnames a column does not compile.
import type { Pool } from './database.ts'

interface Column {
  table: string
  column: string
  /** The type's name; an array's is that of its element. */
  type: string
  isArray: boolean
  isNullable: boolean
  isView: boolean
  /** `always`: the database refuses a value; `default`: it can be left out. */
  fill: 'always' | 'default' | 'none'
  /** Labels of an enum, or the values of a check such as `role in ('admin', 'agent')`. */
  values: string[] | null
}

export async function generateRowTypes(pool: Pool): Promise<string> {
  const { rows } = await pool.query<Column>(catalogue)
  const tables = Map.groupBy(rows, ({ table }) => table)
  const interfaces = [...tables].map(
    ([table, columns]) => `export interface ${typeName(table)} {\n${columns.map(writeColumn).join('')}}\n`,
  )
  const index = [...tables.keys()].map((table) => `  ${table}: ${typeName(table)}\n`).join('')
  const body = `${interfaces.join('\n')}\nexport interface DB {\n${index}}\n`
  const used = ['ColumnType', 'Generated', 'GeneratedAlways'].filter((name) => body.includes(`${name}<`))
  const imports = used.length > 0 ? `import type { ${used.join(', ')} } from 'kysely'\n\n` : ''
  return `${imports}${body}`
}

function writeColumn(column: Column): string {
  return `  ${column.column}: ${columnType(column)}\n`
}

function columnType({ type, isArray, isNullable, isView, fill, values, table, column }: Column): string {
  const base = values
    ? same(values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(' | '))
    : known[type]
  if (!base) throw new Error(`row-types.ts does not know the type ${type} of ${table}.${column}`)
  const list = (item: string): string => (item.includes('|') ? `(${item})[]` : `${item}[]`)
  const read = orNull(isArray ? list(base.read) : base.read, isNullable && base.read !== 'unknown')
  const write = orNull(isArray ? list(base.write) : base.write, isNullable)
  if (isView) return read
  if (fill === 'always') return `GeneratedAlways<${read}>`
  if (read === write) return fill === 'default' ? `Generated<${read}>` : read
  return `ColumnType<${read}, ${write}${fill === 'default' ? ' | undefined' : ''}, ${write}>`
}

function orNull(type: string, isNullable: boolean): string {
  return isNullable ? `${type} | null` : type
}

function typeName(table: string): string {
  return `${table.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Table`
}

const same = (type: string) => ({ read: type, write: type })

// json is written as text: of a bare array the driver would make a PostgreSQL array, and of a bare string no JSON at all.
const known: Readonly<Record<string, { read: string; write: string }>> = {
  bool: same('boolean'),
  bytea: same('Buffer'),
  citext: same('string'),
  date: same('string'),
  float4: same('number'),
  float8: same('number'),
  inet: same('string'),
  int2: same('number'),
  int4: same('number'),
  int8: same('number'),
  json: { read: 'unknown', write: 'string' },
  jsonb: { read: 'unknown', write: 'string' },
  numeric: { read: 'string', write: 'number | string' },
  text: same('string'),
  time: same('string'),
  timestamptz: { read: 'Date', write: 'Date | string' },
  tsvector: same('string'),
  uuid: same('string'),
  varchar: same('string'),
}

const catalogue = /* sql */ `
select c.relname as "table", a.attname as "column",
  coalesce(e.typname, t.typname) as type,
  e.oid is not null as "isArray",
  (not a.attnotnull) as "isNullable",
  c.relkind in ('v', 'm') as "isView",
  case when a.attidentity = 'a' or a.attgenerated <> '' then 'always'
       when a.attidentity = 'd' or a.atthasdef then 'default' else 'none' end as fill,
  coalesce(
    (select array_agg(n.enumlabel::text order by n.enumsortorder) from pg_enum n where n.enumtypid = coalesce(e.oid, t.oid)),
    (select array_agg(m[1] order by ordinality)
     from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') with ordinality as v(m, ordinality)
     where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
       and pg_get_constraintdef(k.oid) ~ '^CHECK \\(\\(\\w+ = ANY \\(ARRAY\\[(''[^'']*''::text(, )?)+\\]\\)\\)\\)$')
  ) as "values"
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by c.relname collate "C", a.attnum`
