/** What a backup is: a folder laid out as DATA_DIR, and a file that says that it is whole. */
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

export const MANIFEST = 'backup.json'

export const Manifest = Type.Object({
  format: Type.Literal(1),
  program: Type.String(),
  startedAt: Type.String(),
  endedAt: Type.String(),
  startLsn: Type.String(),
  stopLsn: Type.String(),
  /** Whether the key is in the backup; otherwise the operator has it. */
  hasSecretKey: Type.Boolean(),
})
export type Manifest = Static<typeof Manifest>

export function readManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(Manifest, value) ? value : undefined
  } catch {
    return undefined
  }
}
