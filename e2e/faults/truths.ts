// What must be true whatever happened: compares what everybody remembers with what the database holds.
import type pg from 'pg'
import { eventually } from '../service.ts'
import type { Answer } from './agents.ts'
import type { Acknowledged } from './customers.ts'
import type { Desk } from './desk.ts'
import type { Call } from './receiver.ts'

const TOLD_WITHIN_MS = 20_000

export interface Memory {
  acknowledged: readonly Acknowledged[]
  answers: readonly Answer[]
  calls: readonly Call[]
  desks: readonly Desk[]
}

/** Each list holds what breaks the truth; empty lists are what is hoped for. */
export interface Truths {
  /** Acknowledged to the customer, and not there. */
  lost: string[]
  /** Stored twice. */
  doubled: string[]
  /** Before what its customer wrote earlier. */
  disordered: string[]
  /** Interactions whose numbers have a gap. */
  gaps: string[]
  /** Answers taken from the agent and never taken by the Reply URL. */
  undelivered: string[]
  /** Answers that came under more than one webhook id. */
  renamed: string[]
  /** Answers that came after a later one of their interaction. */
  overtaken: string[]
  /** Interactions that two agents were asked about, or had, at the same time. */
  shared: string[]
  /** Threads that a desk shows otherwise than they are. */
  misshown: string[]
}

export const allTrue: Truths = {
  lost: [],
  doubled: [],
  disordered: [],
  gaps: [],
  undelivered: [],
  renamed: [],
  overtaken: [],
  shared: [],
  misshown: [],
}

export async function judge(
  database: pg.Client,
  memory: Memory,
  toldWithinMs = TOLD_WITHIN_MS,
): Promise<Truths> {
  const stored = await storedMessages(database)
  return {
    lost: lost(memory.acknowledged, stored),
    doubled: repeated(stored.map(({ direction, body }) => `${direction} ${body}`)),
    disordered: disordered(stored),
    gaps: await gaps(database),
    ...judgeCalls(memory.answers, memory.calls),
    shared: await shared(database),
    misshown: await misshown(database, memory.desks, toldWithinMs),
  }
}

interface Stored {
  id: string
  interaction_id: string
  direction: string
  body: string
}

async function storedMessages(database: pg.Client): Promise<Stored[]> {
  const { rows } = await database.query<Stored>(
    'select id, interaction_id, direction, body from message order by interaction_id, seq',
  )
  return rows
}

function lost(acknowledged: readonly Acknowledged[], stored: readonly Stored[]): string[] {
  const bodies = new Map(stored.map(({ id, body }) => [Number(id), body]))
  return acknowledged.flatMap(({ messageId, body }) => (bodies.get(messageId) === body ? [] : body))
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.size === seen.add(name).size)
}

/** Bodies end in the number that their customer gave them. */
function disordered(stored: readonly Stored[]): string[] {
  const last = new Map<string, number>()
  return stored.flatMap(({ direction, body }) => {
    if (direction !== 'in') return []
    const place = body.lastIndexOf(' ')
    const customer = body.slice(0, place)
    const number = Number(body.slice(place))
    const before = last.get(customer) ?? 0
    last.set(customer, number)
    return number > before ? [] : body
  })
}

async function gaps(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select i.id from interaction i join interaction_log e on e.interaction_id = i.id
     group by i.id having count(*) <> i.seq or max(e.seq) <> i.seq or min(e.seq) <> 1`,
  )
  return rows.map(({ id }) => `interaction ${id}`)
}

export function judgeCalls(
  answers: readonly Answer[],
  calls: readonly Call[],
): Pick<Truths, 'undelivered' | 'renamed' | 'overtaken'> {
  const taken = new Set(calls.filter(({ isTaken }) => isTaken).map(({ messageId }) => messageId))
  const names = Map.groupBy(calls, ({ messageId }) => messageId)
  const newest = new Map<number, number>()
  return {
    undelivered: answers.flatMap(({ messageId, body }) => (taken.has(messageId) ? [] : body)),
    renamed: [...names.values()].flatMap((same) =>
      new Set(same.map(({ webhookId }) => webhookId)).size > 1 ? (same[0]?.body ?? '') : [],
    ),
    overtaken: calls.flatMap(({ interactionId, messageId, body }) => {
      const before = newest.get(interactionId) ?? 0
      newest.set(interactionId, Math.max(before, messageId))
      return messageId < before ? body : []
    }),
  }
}

interface LoggedStep {
  interaction_id: string
  seq: string
  type: string
  user_id: string | null
  data: { agent?: string; rings?: string } | null
}

/** Reads the log of each interaction as a story: who was asked, who had it. Of queues and agents; who rings all asks many at once. */
async function shared(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<LoggedStep>(
    `select interaction_id, seq, type, user_id, data from event
     where type in ('offered', 'declined', 'timeout', 'assigned', 'released', 'transferred', 'closed', 'queued')
     order by interaction_id, seq`,
  )
  return judgeSteps(rows)
}

export function judgeSteps(steps: readonly LoggedStep[]): string[] {
  const asked = new Set<string>()
  const owned = new Set<string>()
  return steps.flatMap(({ interaction_id: id, seq, type, data }) => {
    // Somebody who has it, or may assign it, has given it to another; the note and the ringing say nothing else.
    const isGiven = data?.agent !== undefined && data.rings === undefined
    const isWrong =
      type === 'offered' ? asked.has(id) || owned.has(id) : type === 'assigned' && owned.has(id) && !isGiven
    if (type === 'offered') asked.add(id)
    else asked.delete(id)
    if (type === 'assigned' || (type === 'transferred' && isGiven)) owned.add(id)
    else if (type !== 'offered' && type !== 'timeout') owned.delete(id)
    return isWrong ? `interaction ${id} at ${seq}` : []
  })
}

/** What was written until now is told within a while; what routing writes meanwhile is none of this question. */
async function misshown(database: pg.Client, desks: readonly Desk[], withinMs: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string; seq: string; shown: string[] }>(
    `select i.id, i.seq, array_agg(e.seq order by e.seq) filter (where e.type in ('message', 'note')) as shown
     from interaction i join interaction_log e on e.interaction_id = i.id group by i.id`,
  )
  const stored = new Map(rows.map((row) => [Number(row.id), row]))
  const mistakesOf = ({ state, repeated: again, mistakes }: Desk, place: number): string[] => {
    const wrong = [...state.threads].flatMap(([id, { items, seq, gap }]) => {
      const row = stored.get(id)
      const until = Number(row?.seq)
      const shown = items
        .filter((item) => (item.type === 'message' || item.type === 'note') && item.seq <= until)
        .map((item) => item.seq)
      const first = shown[0] ?? 0
      const is = (row?.shown ?? []).map(Number).filter((number) => number >= first)
      const isRight = !gap && seq >= until && shown.join() === is.join()
      return isRight
        ? []
        : `thread ${id} on desk ${place}: ${shown.join()} of ${is.join()}, ${seq} of ${until}`
    })
    if (again > 0) wrong.push(`${again} items told twice on desk ${place}`)
    return [...wrong, ...mistakes]
  }
  const found = (): string[] => desks.flatMap(mistakesOf)
  const areRight = () => found().length === 0 || undefined
  await eventually(areRight, 'the desks to show what is stored', withinMs).catch(() => {})
  return found()
}
