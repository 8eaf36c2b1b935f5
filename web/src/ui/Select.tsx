/** One of a list; with more than some twenty options take a ComboBox. */

import { useLingui } from '@lingui/react/macro'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as KitSelect, SelectValue } from 'react-aria-components/Select'
import { FieldFrame, type FieldWords, invalid } from './Field.tsx'

export interface Option<K extends string | number = string | number> {
  id: K
  label: string
  description?: string
  icon?: ReactNode
  isDisabled?: boolean
}

export interface SelectProps<K extends string | number> extends FieldWords {
  options: readonly Option<K>[]
  value: K | null
  onChange: (value: K) => void
  onBlur?: () => void
  placeholder?: string
  isDisabled?: boolean
  isRequired?: boolean
  name?: string
  className?: string
}

export function Select<K extends string | number>({
  label,
  isLabelHidden,
  description,
  error,
  options,
  onChange,
  placeholder,
  className = '',
  ...props
}: SelectProps<K>) {
  const { t } = useLingui()
  return (
    <KitSelect
      {...props}
      {...invalid(error)}
      placeholder={placeholder ?? t`Choose`}
      onChange={(key) => {
        const option = options.find(({ id }) => id === key)
        if (option) onChange(option.id)
      }}
      className={`field ${className}`}
    >
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <Button className="box cursor-pointer">
          <SelectValue className="select-value flex items-center gap-2" />
          <ChevronDown aria-hidden />
        </Button>
      </FieldFrame>
      <Popover className="popover" offset={4}>
        <ListBox className="list" items={options}>
          {(option) => <OptionItem {...option} />}
        </ListBox>
      </Popover>
    </KitSelect>
  )
}

/** A line of a list box; the tick says what is chosen. */
export function OptionItem({ id, label, description, icon, isDisabled = false }: Option) {
  return (
    <ListBoxItem id={id} textValue={label} isDisabled={isDisabled} className="option">
      {icon}
      <span className="option-text">
        <span>
          <bdi>{label}</bdi>
        </span>
        {description ? <span className="hint">{description}</span> : null}
      </span>
      <Check aria-hidden className="option-check" />
    </ListBoxItem>
  )
}
