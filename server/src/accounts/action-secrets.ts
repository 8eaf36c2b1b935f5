/**
 * What steps keep secret: a bot's own secret and the secret headers of web requests. They are sealed where they stand in the actions, as
 * base64; they are shown as null, and null sent back keeps what is stored.
 */
import { open, type SealingKey, seal } from '@patchbay/kit/crypto.ts'
import type { Action, ActionOf } from '@patchbay/protocol/api/actions.ts'
import { refuseStep } from './actions.ts'

type Request = ActionOf<'web-request'>
type Header = NonNullable<Request['headers']>[number]

export interface Sealer {
  key: SealingKey
  uid: string
  /** As they are stored now. */
  before: readonly Action[]
}

const SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/

/** Refuses with AC-102 a secret that is none, and null where nothing is kept. */
export function sealActions(actions: readonly Action[], sealer: Sealer): Action[] {
  return actions.map((step, index) => {
    if (step.type === 'bot' && step.secret !== undefined)
      return { ...step, secret: botSecret(step, index, sealer) }
    if (step.type !== 'web-request' || !step.headers) return step
    return { ...step, headers: step.headers.map((header, nr) => sealHeader(step, index, header, nr, sealer)) }
  })
}

function botSecret(step: ActionOf<'bot'>, index: number, { key, uid, before }: Sealer): string {
  if (step.secret != null) {
    if (!SECRET.test(step.secret))
      throw refuseStep(index, 'secret', 'has a secret that is not `whsec_` and 24 to 64 bytes in base64.')
    return sealed(key, secretPlace(uid, step.id), step.secret)
  }
  const kept = before.find(({ id }) => id === step.id)
  if (kept?.type === 'bot' && kept.secret) return kept.secret
  throw refuseStep(index, 'secret', 'keeps a secret that it never had.')
}

function sealHeader(
  step: Request,
  index: number,
  header: Header,
  nr: number,
  { key, uid, before }: Sealer,
): Header {
  if (!header.secret && header.value !== null) return header
  if (header.value !== null)
    return { ...header, value: sealed(key, headerPlace(uid, step.id, header.name), header.value) }
  const kept = before.find(({ id }) => id === step.id)
  const old =
    kept?.type === 'web-request' ? kept.headers?.find(({ name }) => isSame(name, header.name)) : undefined
  if (old?.secret && old.value !== null && header.secret) return { ...header, value: old.value }
  throw refuseStep(index, `headers[${nr}].value`, `keeps a value of ${header.name} that it never had.`)
}

/** Without what is secret. */
export function showActions(actions: readonly Action[]): Action[] {
  return actions.map((step) => {
    if (step.type === 'bot' && step.secret !== undefined) return { ...step, secret: null }
    if (step.type !== 'web-request' || !step.headers) return step
    return {
      ...step,
      headers: step.headers.map((header) => (header.secret ? { ...header, value: null } : header)),
    }
  })
}

/** What signs the calls of a bot, when it has a secret of its own. */
export function openBotSecret(key: SealingKey, uid: string, step: ActionOf<'bot'>): string | null {
  return step.secret ? open(key, secretPlace(uid, step.id), Buffer.from(step.secret, 'base64')) : null
}

export function openHeader(key: SealingKey, uid: string, step: Request, { name, value }: Header): string {
  return open(key, headerPlace(uid, step.id, name), Buffer.from(value ?? '', 'base64'))
}

const sealed = (key: SealingKey, place: string, text: string): string =>
  seal(key, place, text).toString('base64')
const secretPlace = (uid: string, stepId: string): string => `account:${uid}:step:${stepId}:secret`
const headerPlace = (uid: string, stepId: string, name: string): string =>
  `account:${uid}:step:${stepId}:header:${name.toLowerCase()}`
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
