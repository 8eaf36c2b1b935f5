/** The rules of the house, checked on what a parser sees: who imports whom, who writes which table, how long a file may be. */
import { dirname, join, normalize } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { ownerOf } from './house-tables.ts'

/** Path from the root of the repository -> its text. */
export type Sources = ReadonlyMap<string, string>

interface Source {
  path: string
  /** Paths of the repository's files that it imports, types included. */
  imports: { path: string; isTypeOnly: boolean; isLazy: boolean }[]
  /** Names of the tables that it writes, as far as its statements are written out. */
  writes: string[]
  readsEnvironment: boolean
  lines: number
}

const LONGEST_FILE = 400
/** A program with rooms. */
interface Program {
  cellar: readonly string[]
  rooms: readonly string[]
}

const server: Program = {
  cellar: ['access', 'audit', 'mail', 'push'],
  rooms: [
    'accounts',
    'actions',
    'arrivals',
    'attachments',
    'contacts',
    'delivery',
    'interactions',
    'dispositions',
    'intervals',
    'people',
    'relays',
    'routing',
    'triggers',
  ],
}
const programs = new Map<string, Program>([
  ['server', server],
  [
    'cloud',
    {
      cellar: ['access', 'audit', 'centre', 'channels', 'forms', 'graph', 'lanes', 'messaging', 'texts'],
      rooms: ['conversations', 'facebook', 'files', 'instagram', 'integrations', 'pairings', 'people'],
    },
  ],
])

/** One sentence for each breach. */
export function findBreaches(sources: Sources): string[] {
  const read = [...sources].map(([path, text]) => readSource(path, text, sources))
  return [
    ...read.flatMap((source) => source.imports.map((target) => importBreach(source.path, target))),
    ...read.flatMap((source) => source.writes.map((table) => writeBreach(source.path, table))),
    ...read.map(environmentBreach),
    ...read.map(lengthBreach),
    ...circles(read),
  ].filter((breach) => breach !== undefined)
}

function readSource(path: string, text: string, sources: Sources): Source {
  if (!/\.(js|ts|tsx)$/.test(path))
    return { path, imports: [], writes: [], readsEnvironment: false, lines: countLines(text) }
  const { program, module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  const writes: string[] = []
  let readsEnvironment = false
  new Visitor({
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (!/^(insertInto|updateTable|deleteFrom|mergeInto)$/.test(callee.property.name)) return
      if (first?.type === 'Literal' && typeof first.value === 'string') writes.push(first.value)
    },
    TemplateElement({ value }) {
      for (const [, table = ''] of value.raw.matchAll(writingSql)) writes.push(table)
    },
    MemberExpression({ object, property }) {
      if (object.type !== 'Identifier' || object.name !== 'process' || property.type !== 'Identifier') return
      readsEnvironment ||= property.name === 'env'
    },
  }).visit(program)

  const imports = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      to: moduleRequest.value,
      isTypeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
      isLazy: false,
    })),
    ...module.staticExports
      .flatMap(({ entries }) => entries)
      .map(({ moduleRequest, isType }) => ({ to: moduleRequest?.value, isTypeOnly: isType, isLazy: false })),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      to: text.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
      isTypeOnly: false,
      isLazy: true,
    })),
  ].flatMap(({ to, isTypeOnly, isLazy }) => {
    const target = to && resolve(path, to, sources)
    return target ? [{ path: target, isTypeOnly, isLazy }] : []
  })
  return { path, imports, writes, readsEnvironment, lines: countLines(text) }
}

const writingSql =
  /\b(?:insert\s+into|delete\s+from|update)\s+(?:only\s+)?([a-z_]+)(?=\s+(?:\w+\s+)?(?:set|using|where|values|select|as|\()|\s*\()/gi
const countLines = (text: string): number => text.trimEnd().split('\n').length

function resolve(from: string, to: string, sources: Sources): string | undefined {
  const workspace = /^@patchbay\/(\w+)\/(.+)$/.exec(to)
  const path = workspace
    ? `${workspace[1]}/src/${workspace[2]}`
    : to.startsWith('.')
      ? normalize(join(dirname(from), to))
      : undefined
  return path && [path, path.replace(/\.js$/, '.ts')].find((candidate) => sources.has(candidate))
}

/** Facebook in a box is no part of the product: nobody else may need it, and it may need nothing but the kit. */
function simulatorBreach(from: string, to: string): string | undefined {
  const [mine] = from.split('/')
  const [theirs] = to.split('/')
  if (theirs === 'simulator' && mine !== 'simulator' && mine !== 'e2e' && mine !== 'demo')
    return `${from} imports ${to}, which only demo and e2e may start`
  const isFree = theirs === 'simulator' || theirs === 'kit'
  return mine === 'simulator' && !isFree
    ? `${from} imports ${to}: the simulator needs the kit alone`
    : undefined
}

const isTest = (path: string): boolean => /\.test\.tsx?$|(^|[/-])testing(-setup)?\.ts$/.test(path)

/** Rank of a file; a file imports its own floor and those below. Programs beside each other have floors of their own. */
function floorOf(path: string): { building: string; floor: number; room?: string } {
  const [workspace = '', , folder = '', ...deeper] = path.split('/')
  if (workspace === 'protocol') return { building: 'all', floor: 0 }
  if (workspace === 'kit') return { building: 'all', floor: 1 }
  if (workspace === 'scripts') return { building: 'all', floor: 9 }
  const program = path.startsWith(`${workspace}/src/`) ? programs.get(workspace) : undefined
  const building = workspace
  if (!program) return { building, floor: 9 }
  if (deeper.length === 0) return { building, floor: rootFiles[folder] ?? 8 }
  if (program.cellar.includes(folder)) return { building, floor: 4 }
  if (program.rooms.includes(folder)) return { building, floor: 5, room: folder }
  if (folder === 'flows' || folder === 'views') return { building, floor: 6 }
  return { building, floor: 7 }
}

const rootFiles: Readonly<Record<string, number>> = {
  'database.gen.ts': 2,
  'db.ts': 2,
  'config.ts': 2,
  'version.ts': 2,
  'context.ts': 3,
}

function importBreach(from: string, { path, isTypeOnly }: Source['imports'][number]): string | undefined {
  const breach = simulatorBreach(from, path)
  if (breach) return breach
  // Tests of the whole system stand outside of it.
  if (isTest(from) || from.startsWith('e2e/')) return undefined
  const mine = floorOf(from)
  const theirs = floorOf(path)
  if (isTest(path)) return `${from} imports ${path}, which is for tests`
  if (theirs.building !== 'all' && mine.building !== theirs.building)
    return `${from} imports ${path}, another program`
  // The context names the types of what it carries, and nothing of it runs there.
  if (/^\w+\/src\/context\.ts$/.test(from) && isTypeOnly && theirs.floor === 4) return undefined
  if (theirs.floor > mine.floor) return `${from} imports upward, ${path}`
  if (mine.room && theirs.room && mine.room !== theirs.room)
    return `${from} imports ${path}, another room: rooms meet in flows/`
  return undefined
}

function writeBreach(path: string, table: string): string | undefined {
  const [program = '', src] = path.split('/')
  if (isTest(path) || src !== 'src' || !programs.has(program)) return undefined
  const owner = ownerOf(program, table)
  if (!owner) return `${path} writes ${table}, a table that house-tables.ts gives to nobody`
  return path.startsWith(`${program}/src/${owner}/`)
    ? undefined
    : `${path} writes ${table}, which belongs to ${owner}/`
}

function environmentBreach({ path, readsEnvironment }: Source): string | undefined {
  if (!readsEnvironment || isTest(path)) return undefined
  const isOurs = /^(protocol|kit|server|relay|cloud|simulator)\/src\//.test(path)
  // The one exception looks for programs by PATH, as a child of ours would.
  const isAllowed = path.endsWith('/main.ts') || path === 'kit/src/postgres-binaries.ts'
  return isOurs && !isAllowed ? `${path} reads process.env, which main.ts alone does` : undefined
}

function lengthBreach({ path, lines }: Source): string | undefined {
  if (lines <= LONGEST_FILE || path.endsWith('.gen.ts')) return undefined
  return `${path} has ${lines} lines, more than ${LONGEST_FILE}`
}

/**
 * Tarjan's strongly connected components: each with more than one file is a circle. What is fetched only when it is needed closes
 * none: by then the file that asks for it is whole.
 */
function circles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const found: string[] = []

  function visit(path: string): number {
    const number = order.size
    order.set(path, number)
    lowest.set(path, number)
    stack.push(path)
    for (const { path: next, isLazy } of byPath.get(path)?.imports ?? []) {
      if (isLazy) continue
      const reached = order.has(next) ? (stack.includes(next) ? order.get(next) : undefined) : visit(next)
      lowest.set(path, Math.min(lowest.get(path) ?? number, reached ?? number))
    }
    const low = lowest.get(path) ?? number
    if (low === number) {
      const circle = stack.splice(stack.indexOf(path))
      if (circle.length > 1) found.push(`these import each other in a circle: ${circle.sort().join(', ')}`)
    }
    return low
  }
  for (const path of byPath.keys()) if (!order.has(path)) visit(path)
  return found
}
