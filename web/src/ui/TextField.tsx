/** Text in one line or many, and passwords. */

import { useLingui } from '@lingui/react/macro'
import { type ReactNode, type Ref, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { TextArea as KitTextArea } from 'react-aria-components/TextArea'
import {
  TextField as KitTextField,
  type TextFieldProps as KitTextProps,
} from 'react-aria-components/TextField'
import { FieldFrame, type FieldWords, invalid } from './Field.tsx'

type Kit<P> = Omit<P, 'children' | 'className' | 'style' | 'isInvalid' | 'validationBehavior'>

export interface TextFieldProps extends Kit<KitTextProps>, FieldWords {
  placeholder?: string
  /** Stands inside the box before or after the text: an icon, a unit, a button. */
  prefix?: ReactNode
  suffix?: ReactNode
  isMono?: boolean
  inputRef?: Ref<HTMLInputElement>
  className?: string
}

export function TextField({
  label,
  isLabelHidden,
  description,
  error,
  placeholder,
  prefix,
  suffix,
  isMono,
  inputRef,
  className = '',
  ...props
}: TextFieldProps) {
  return (
    <KitTextField {...props} {...invalid(error)} className={`field ${className}`}>
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <Group className="box">
          {prefix}
          <Input
            className={`input ${isMono ? 'font-mono' : ''}`}
            {...(placeholder ? { placeholder } : {})}
            {...(inputRef ? { ref: inputRef } : {})}
          />
          {suffix ? <span className="suffix">{suffix}</span> : null}
        </Group>
      </FieldFrame>
    </KitTextField>
  )
}

/** A password that can be looked at; pasting and password managers are welcome. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'suffix'>) {
  const { t } = useLingui()
  const [isShown, setShown] = useState(false)
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      autoCorrect="off"
      spellCheck="false"
      suffix={
        <Button
          slot={null}
          className="box-button px-1"
          aria-pressed={isShown}
          aria-label={t`Show password`}
          onPress={() => setShown(!isShown)}
        >
          {isShown ? t`Hide` : t`Show`}
        </Button>
      }
    />
  )
}

export interface TextAreaProps extends Omit<TextFieldProps, 'prefix' | 'suffix' | 'type' | 'inputRef'> {
  rows?: number
  inputRef?: Ref<HTMLTextAreaElement>
}

/** Grows with its text up to 40 % of the height. */
export function TextArea({
  label,
  isLabelHidden,
  description,
  error,
  placeholder,
  isMono,
  inputRef,
  rows = 3,
  className = '',
  ...props
}: TextAreaProps) {
  return (
    <KitTextField {...props} {...invalid(error)} className={`field ${className}`}>
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <Group className="box">
          <KitTextArea
            dir="auto"
            rows={rows}
            className={`input ${isMono ? 'font-mono' : ''}`}
            {...(placeholder ? { placeholder } : {})}
            {...(inputRef ? { ref: inputRef } : {})}
          />
        </Group>
      </FieldFrame>
    </KitTextField>
  )
}
