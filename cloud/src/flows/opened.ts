/** What is sealed of an integration, opened. */
import { open, type SealingKey } from '@patchbay/kit/crypto.ts'

export function opened(key: SealingKey, id: number, name: string, sealed: Buffer | null): string | null {
  return sealed && open(key, `integration:${id}:${name}`, sealed)
}
