/** Turns the schemas of an endpoint into checks. What does not pass becomes GE-101 with the field at fault. */
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Clean, UnionPrioritySort } from 'typebox/value'

// Otherwise the library sorts all unions of a schema anew at each call, which was a tenth of what an answer costs; see `sorted`.
Settings.Set({ unionPrioritySort: false })

/** As the framework names the parts of a request. */
type Part = 'body' | 'querystring' | 'params'

/**
 * Answers the value as the schema describes it: defaults filled in, members it does not name left out, and in paths and queries, where
 * everything is text, numbers and booleans made of it.
 */
export function createCheck(schema: TSchema, part: Part): (given: unknown) => unknown {
  const validator = Compile(schema)
  const sorted = UnionPrioritySort(schema)
  return (given) => {
    // Where every field is optional, no body at all is as good as an empty object.
    const filled = validator.Default(storable(given ?? {}))
    const value = part === 'body' ? filled : convert(filled, (text) => validator.Convert(text))
    if (!validator.Check(value)) throw new Unfit(part, validator.Errors(value))
    return Clean(sorted, value)
  }
}

// 1.5 is no integer, and what says 1.5 does not mean 1.
function convert(text: unknown, loosely: (text: unknown) => unknown): unknown {
  const given = { ...(text as Record<string, unknown>) }
  const made = loosely(text) as Record<string, unknown>
  for (const [name, value] of Object.entries(made))
    if (typeof value === 'number' && typeof given[name] === 'string' && String(value) !== given[name])
      made[name] = given[name]
  return made
}

/** PostgreSQL keeps neither U+0000 nor half a surrogate pair: what no person meant to write must not become an error of ours. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\u2400')
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, storable(member)]))
}

/** In the shape in which the framework reports what it validated itself, so that the refusal is made in one place. */
class Unfit extends Error {
  readonly statusCode = 400
  readonly validation: readonly object[]
  readonly validationContext: Part

  constructor(part: Part, validation: readonly object[]) {
    super(`unfit ${part}`)
    this.validationContext = part
    this.validation = validation
  }
}
