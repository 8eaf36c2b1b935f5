/** What an entry of the audit log changed, field by field. */
import { useLingui } from '@lingui/react/macro'

type Fields = Readonly<Record<string, unknown>> | null

const mostShown = 6
/** In every row, and told by the entry itself. */
const saidElsewhere: ReadonlySet<string> = new Set(['id', 'version', 'createdAt', 'updatedAt'])

export function Difference({ before, after }: { before: Fields; after: Fields }) {
  const { t } = useLingui()
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (name) => !saidElsewhere.has(name),
  )
  if (names.length === 0) return <span className="text-text-3">–</span>
  const rest = names.length - mostShown
  return (
    <ul className="flex max-w-[560px] flex-col gap-1 font-mono text-small" dir="ltr">
      {names.slice(0, mostShown).map((name) => (
        <li key={name} className="flex flex-wrap gap-2">
          <span className="text-text-2">{name}</span>
          <span className="flex min-w-0 flex-wrap gap-2">
            {before && name in before ? (
              <del className="break-all text-text-2">{shown(before[name])}</del>
            ) : null}
            {after && name in after ? (
              <ins className="break-all no-underline">
                {before && name in before ? '→ ' : ''}
                {shown(after[name])}
              </ins>
            ) : null}
          </span>
        </li>
      ))}
      {rest > 0 ? <li className="text-text-2">{t`and ${rest} more`}</li> : null}
    </ul>
  )
}

const mostLetters = 160

function shown(value: unknown): string {
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value)
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text
}
