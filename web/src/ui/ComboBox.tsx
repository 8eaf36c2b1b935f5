/** A choice among many by typing: one, or several with tags. */

import { useLingui } from '@lingui/react/macro'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { ComboBox as KitComboBox } from 'react-aria-components/ComboBox'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { ListBox } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer'
import { FieldFrame, type FieldWords, invalid } from './Field.tsx'
import { type Option, OptionItem } from './Select.tsx'
import { TagList } from './TagList.tsx'

/** Above this many options only those in view are drawn: 300 plain ones take a quarter of a second on a slow machine. */
const manyOptions = 60
const newKey = 'new\u0000'

interface Common<K extends string | number> extends FieldWords {
  options: readonly Option<K>[]
  placeholder?: string
  isDisabled?: boolean
  isRequired?: boolean
  onBlur?: () => void
  /** For options found by the server: give those that match and search anew at each change. */
  onSearch?: (text: string) => void
  /** Offers to make what was typed when nothing is called so. */
  onCreate?: (text: string) => void
  className?: string
}

export interface ComboBoxProps<K extends string | number> extends Common<K> {
  value: K | null
  onChange: (value: K | null) => void
}

export function ComboBox<K extends string | number>({
  value,
  onChange,
  options,
  ...props
}: ComboBoxProps<K>) {
  return (
    <Box
      {...props}
      options={options}
      selection={{
        mode: 'single',
        value,
        set: (key) => onChange(options.find(({ id }) => id === key)?.id ?? null),
      }}
    />
  )
}

export interface MultiSelectProps<K extends string | number> extends Common<K> {
  value: readonly K[]
  onChange: (value: K[]) => void
  /** Options that are chosen but not among those found. */
  chosen?: readonly Option<K>[]
}

export function MultiSelect<K extends string | number>({
  value,
  onChange,
  options,
  chosen = options,
  ...props
}: MultiSelectProps<K>) {
  const known = [...options, ...chosen]
  const tags = value.map((id) => known.find((option) => option.id === id) ?? { id, label: String(id) })
  return (
    <div className="field">
      <Box
        {...props}
        options={options}
        selection={{
          mode: 'multiple',
          value,
          set: (keys) =>
            onChange([
              ...value.filter((id) => keys.includes(id)),
              ...options.map(({ id }) => id).filter((id) => keys.includes(id) && !value.includes(id)),
            ]),
        }}
      />
      {tags.length > 0 ? (
        <TagList
          label={props.label}
          items={tags}
          {...(props.isDisabled ? {} : { onRemove: (id) => onChange(value.filter((one) => one !== id)) })}
        />
      ) : null}
    </div>
  )
}

type Key = string | number
type Selection =
  | { mode: 'single'; value: Key | null; set: (key: Key | null) => void }
  | { mode: 'multiple'; value: readonly Key[]; set: (keys: readonly Key[]) => void }

function Box({
  label,
  isLabelHidden,
  description,
  error,
  options,
  selection,
  placeholder,
  onSearch,
  onCreate,
  className = '',
  ...props
}: Common<Key> & { selection: Selection }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const isNew = onCreate && text.trim() && !options.some((option) => option.label === text.trim())
  const items = isNew ? [...options, { id: newKey, label: t`Create “${text.trim()}”` }] : options
  const list = (
    <ListBox
      className="list max-h-80"
      renderEmptyState={() => <p className="hint p-2">{t`Nothing found`}</p>}
    >
      {(option: Option) => <OptionItem {...option} />}
    </ListBox>
  )
  const shared = {
    ...props,
    ...invalid(error),
    className: `field ${className}`,
    allowsEmptyCollection: true,
    menuTrigger: 'focus' as const,
    // Given as `items` the list is taken as found; as `defaultItems` the kit filters it by what is typed.
    ...(onSearch ? { items } : { defaultItems: items }),
    onInputChange: (value: string) => {
      setText(value)
      onSearch?.(value)
    },
  }
  const body = (
    <>
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <Group className="box">
          <Input className="input" placeholder={placeholder ?? t`Type to search`} />
          <Button className="box-button">
            <ChevronDown aria-hidden />
          </Button>
        </Group>
      </FieldFrame>
      <Popover className="popover" offset={4}>
        {items.length > manyOptions ? (
          <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: 32, padding: 4 }}>
            {list}
          </Virtualizer>
        ) : (
          list
        )}
      </Popover>
    </>
  )
  if (selection.mode === 'multiple') {
    return (
      <KitComboBox
        {...shared}
        selectionMode="multiple"
        value={selection.value}
        onChange={(keys) => (keys.includes(newKey) ? onCreate?.(text.trim()) : selection.set(keys))}
      >
        {body}
      </KitComboBox>
    )
  }
  return (
    <KitComboBox
      {...shared}
      value={selection.value}
      onChange={(key) => (key === newKey ? onCreate?.(text.trim()) : selection.set(key))}
    >
      {body}
    </KitComboBox>
  )
}
