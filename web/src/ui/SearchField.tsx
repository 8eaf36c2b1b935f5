/** A place to search: Escape or the cross empties it. Plain HTML, because every list has one before anything else is loaded. */
import { useLingui } from '@lingui/react/macro'
import { Search, X } from 'lucide-react'
import { type Ref, useRef } from 'react'

export interface SearchFieldProps {
  /** Read aloud, and shown as the placeholder. */
  label: string
  value: string
  onChange: (value: string) => void
  /** On Enter. */
  onSubmit?: (value: string) => void
  autoFocus?: boolean
  isDisabled?: boolean
  inputRef?: Ref<HTMLInputElement>
  className?: string
}

export function SearchField({
  label,
  value,
  onChange,
  onSubmit,
  autoFocus = false,
  isDisabled = false,
  inputRef,
  className = '',
}: SearchFieldProps) {
  const { t } = useLingui()
  const box = useRef<HTMLDivElement>(null)
  const clear = () => {
    onChange('')
    box.current?.querySelector('input')?.focus()
  }
  return (
    <div className={`field ${className}`}>
      <div className="box" ref={box}>
        <Search aria-hidden />
        <input
          ref={inputRef}
          type="search"
          className="input"
          aria-label={label}
          placeholder={label}
          value={value}
          disabled={isDisabled}
          // biome-ignore lint/a11y/noAutofocus: asked for by who opens a search
          autoFocus={autoFocus}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onSubmit?.(value)
            if (event.key === 'Escape' && value) {
              // Only the search is left, not the dialog around it.
              event.stopPropagation()
              clear()
            }
          }}
        />
        {value ? (
          <button type="button" className="box-button" aria-label={t`Clear`} onClick={clear}>
            <X aria-hidden />
          </button>
        ) : null}
      </div>
    </div>
  )
}
