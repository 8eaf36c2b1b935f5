/** Variables in texts: `{{contact.firstName}}` stands for what the database holds under that name. */
import { flowVariables } from '@patchbay/protocol/api/actions.ts'

/** The value of a variable as text; empty where there is none. */
export type Read = (name: string) => string

const PLACE = /\{\{([^{}]*)\}\}/g
const known: ReadonlySet<string> = new Set(flowVariables)

/** The names between braces, as they stand there. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = '']) => name.trim())
}

/** `fit` makes a value fit for what is around it: an address, JSON. */
export function fill(text: string, read: Read, fit: (value: string) => string = (value) => value): string {
  return text.replace(PLACE, (_, name: string) => fit(read(name.trim())))
}

/** `vars.order.status` belongs to the variable `order`; undefined: another kind of name. */
export function ownVariable(name: string): string | undefined {
  return /^vars\.([a-zA-Z][a-zA-Z0-9_]*)(\.[^\s{}]+)?$/.exec(name)?.[1]
}

/** What a flow sets by itself. */
export interface Settable {
  /** By the custom fields of the account's list. */
  customFieldIds: ReadonlySet<number>
  /** By web requests. */
  variables: ReadonlySet<string>
  /** A bot may set any. */
  hasBot: boolean
}

export function isVariable(name: string, settable: Settable): boolean {
  const own = ownVariable(name)
  if (own !== undefined) return settable.hasBot || settable.variables.has(own)
  const field = /^contact\.cf_([1-9]\d{0,15})$/.exec(name)?.[1]
  return field === undefined ? known.has(name) : settable.customFieldIds.has(Number(field))
}
