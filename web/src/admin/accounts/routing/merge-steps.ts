/** Steps that two have changed, as fields of a form: one for each step by its id, and one for their order. */
import type { Action } from '@patchbay/protocol/api/actions.ts'
import type { Flat } from '../../common/merge.ts'

const ORDER = 'order'
// A hyphen begins no id, so that a step may be called as it likes.
const prefix = '-'

/** `others` are the lists that it is compared with: a step that only they have is null here. */
export function toFlat(steps: readonly Action[], others: readonly (readonly Action[])[]): Flat {
  const ids = new Set([steps, ...others].flat().map(({ id }) => id))
  const own = new Map(steps.map((step) => [step.id, step]))
  return {
    [ORDER]: steps.map(({ id }) => id),
    ...Object.fromEntries([...ids].map((id) => [prefix + id, own.get(id) ?? null])),
  }
}

/** Steps that the order does not name, because the other one added them, come last. */
export function fromFlat(flat: Flat): Action[] {
  const { [ORDER]: order, ...byId } = flat
  const steps = new Map(
    Object.values(byId).flatMap((step) => (step === null ? [] : [[(step as Action).id, step as Action]])),
  )
  const named = (order as string[]).flatMap((id) => steps.get(id) ?? [])
  return [...named, ...[...steps.values()].filter((step) => !named.includes(step))]
}

/** What a field of the flat form is called. */
export function labelsOf(
  steps: readonly Action[],
  nameOf: (step: Action) => string,
  order: string,
): Record<string, string> {
  return { [ORDER]: order, ...Object.fromEntries(steps.map((step) => [prefix + step.id, nameOf(step)])) }
}
