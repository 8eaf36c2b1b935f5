/**
 * The secret headers of triggers' web requests: sealed where they stand in the actions, as base64, shown as null, and null sent back keeps
 * what is stored for the same host. For another host it is written anew: who may change an address need not know what goes there.
 */
import { open, type SealingKey, seal } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { RequestHeader } from '@patchbay/protocol/api/actions.ts'
import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'

type Request = Extract<TriggerAction, { type: 'web-request' }>

/** Refuses with TR-101 a null where nothing is kept. */
export function sealHeaders(
  key: SealingKey,
  actions: readonly TriggerAction[],
  before: readonly TriggerAction[],
): TriggerAction[] {
  return actions.map((action, at) => {
    if (action.type !== 'web-request' || !action.headers) return action
    const kept = before.filter((old) => old.type === 'web-request' && hostOf(old) === hostOf(action))
    const stored = kept.flatMap((old) => (old.type === 'web-request' ? (old.headers ?? []) : []))
    const headers = action.headers.map((header, nr): RequestHeader => {
      const { name, value, secret } = header
      if (value !== null)
        return secret ? { ...header, value: seal(key, placeOf(name), value).toString('base64') } : header
      const old = stored.find((one) => one.secret && one.name.toLowerCase() === name.toLowerCase())
      if (secret && old) return { ...header, value: old.value }
      throw new Refusal('TR-101', `Write the value of ${name}: none is stored for this host.`, {
        field: `actions[${at}].headers[${nr}].value`,
      })
    })
    return { ...action, headers }
  })
}

export function showHeaders(actions: readonly TriggerAction[]): TriggerAction[] {
  return actions.map((action) =>
    action.type === 'web-request' && action.headers
      ? {
          ...action,
          headers: action.headers.map((header) => (header.secret ? { ...header, value: null } : header)),
        }
      : action,
  )
}

export function openHeader(key: SealingKey, { name, value }: RequestHeader): string {
  return open(key, placeOf(name), Buffer.from(value ?? '', 'base64'))
}

const placeOf = (name: string): string => `trigger:header:${name.toLowerCase()}`
const hostOf = ({ url }: Request): string => /^https?:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? ''
