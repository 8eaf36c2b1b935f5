/** A number, as the viewer's language writes it. */
import { Minus, Plus } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import {
  NumberField as KitNumberField,
  type NumberFieldProps as KitNumberProps,
} from 'react-aria-components/NumberField'
import { FieldFrame, type FieldWords, invalid } from './Field.tsx'

export interface NumberFieldProps
  extends Omit<KitNumberProps, 'children' | 'className' | 'style' | 'isInvalid' | 'validationBehavior'>,
    FieldWords {
  /** The unit, shown after the number. */
  suffix?: string
  inputRef?: Ref<HTMLInputElement>
  className?: string
}

/** `value` is NaN while the field is empty. */
export function NumberField({
  label,
  isLabelHidden,
  description,
  error,
  suffix,
  inputRef,
  className = '',
  ...props
}: NumberFieldProps) {
  return (
    <KitNumberField {...props} {...invalid(error)} className={`field ${className}`}>
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <Group className="box">
          <Input className="input tabular" {...(inputRef ? { ref: inputRef } : {})} />
          {suffix ? <span className="suffix">{suffix}</span> : null}
          <Button slot="decrement" className="box-button">
            <Minus aria-hidden />
          </Button>
          <Button slot="increment" className="box-button">
            <Plus aria-hidden />
          </Button>
        </Group>
      </FieldFrame>
    </KitNumberField>
  )
}
