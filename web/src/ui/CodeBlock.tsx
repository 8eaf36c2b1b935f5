/** Code to read and copy, in one or several languages. Dark in both themes. */

import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { CopyButton } from './CopyButton.tsx'
import { highlight } from './highlight.ts'
import { Segments } from './Segments.tsx'

export interface CodeBlockProps {
  label: string
  /** One sample, or one per language; `copy` when what is copied holds a secret that the shown code masks. */
  samples: readonly { id: string; label: string; code: string; copy?: string }[] | string
  /** Buttons beside Copy, such as Run from here. */
  actions?: ReactNode
  /** Lines of output below the code, in the same block. */
  output?: string
}

export function CodeBlock({ label, samples, actions, output }: CodeBlockProps) {
  const { t } = useLingui()
  const list: Exclude<typeof samples, string> =
    typeof samples === 'string' ? [{ id: 'only', label, code: samples }] : samples
  const [chosen, setChosen] = useState(list[0]?.id ?? '')
  const sample = list.find(({ id }) => id === chosen) ?? list[0]
  if (!sample) return null
  return (
    <figure className="flex min-w-0 flex-col gap-2" aria-label={label}>
      <div className="flex flex-wrap items-center gap-2">
        {list.length > 1 ? (
          <Segments
            label={t`Language`}
            items={list.map(({ id, label }) => ({ id, label }))}
            selected={sample.id}
            onSelect={setChosen}
          />
        ) : null}
        <span className="ms-auto flex gap-2">
          <CopyButton text={sample.copy ?? sample.code} />
          {actions}
        </span>
      </div>
      <pre className="code" dir="ltr">
        <code>
          {highlight(sample.code).map(({ kind, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
            <span key={at} className={kind === 'plain' ? undefined : `code-${kind}`}>
              {text}
            </span>
          ))}
          {output ? <span className="code-comment">{`\n${output}`}</span> : null}
        </code>
      </pre>
    </figure>
  )
}
