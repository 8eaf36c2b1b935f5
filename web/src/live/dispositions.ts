/** Dispositions used lately in this browser, the newest first. */
import { stored } from './stored.ts'

const keep = 6

export const dispositions = stored<readonly string[]>('dispositions', [], (value) =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, keep) : [],
)

export function used(disposition: string): void {
  dispositions.set((all) => [disposition, ...all.filter((one) => one !== disposition)].slice(0, keep))
}
