/** Type to find, arrows to move, Enter to take: a field over the list of what it finds. */
import { useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { found } from './found.ts'

export interface PickOption<K> {
  id: K
  label: string
  /** Stands behind the label: how often, how busy. */
  note?: ReactNode
}

interface PickListProps<K> {
  label: string
  description?: ReactNode
  options: readonly PickOption<K>[]
  onPick: (id: K) => void
  /** Offers to make what was typed when nothing is called so. */
  onCreate?: (text: string) => void
  /** While what was picked is under way. */
  isPending?: boolean
  maxLength?: number
}

/** More are found by typing. */
const mostShown = 100

export function PickList<K extends string | number>({
  label,
  description,
  options,
  onPick,
  onCreate,
  isPending = false,
  maxLength = 200,
}: PickListProps<K>) {
  const { t } = useLingui()
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const wanted = text.trim()
  const shown = found(options, text).slice(0, mostShown)
  const isNew =
    onCreate && wanted !== '' && !options.some((one) => one.label.toLowerCase() === wanted.toLowerCase())
  const lines: { key: string; label: string; note?: ReactNode; run: () => void }[] = [
    ...shown.map((one) => ({
      key: String(one.id),
      label: one.label,
      note: one.note,
      run: () => onPick(one.id),
    })),
    ...(isNew ? [{ key: 'new', label: t`Create “${wanted}”`, run: () => onCreate(wanted) }] : []),
  ]
  const active = Math.min(at, lines.length - 1)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' })
  }, [active])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt((active + step + lines.length) % Math.max(1, lines.length))
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      if (!isPending) lines[active]?.run()
    }
  }

  return (
    <div className="asks" aria-busy={isPending || undefined}>
      <div className="field">
        <label className="label" htmlFor={`${id}-text`}>
          {label}
        </label>
        <div className="box">
          <input
            id={`${id}-text`}
            className="input"
            role="combobox"
            aria-expanded={lines.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: it is what was opened to be typed into
            autoFocus
            value={text}
            maxLength={maxLength}
            onChange={({ target }) => {
              setText(target.value)
              setAt(0)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {description ? <span className="hint">{description}</span> : null}
      </div>
      <div id={`${id}-list`} ref={list} role="listbox" aria-label={label} className="pick-list">
        {lines.map(({ key, label: words, note, run }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="option"
            data-focused={index === active || undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => !isPending && run()}
          >
            <span className="option-text">
              <bdi>{words}</bdi>
            </span>
            {note ? <span className="hint">{note}</span> : null}
          </div>
        ))}
      </div>
      {lines.length === 0 ? <p className="hint">{t`Nothing found`}</p> : null}
    </div>
  )
}
