/** Yes or no, some of many, one of few. */
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Checkbox as KitCheckbox,
  type CheckboxProps as KitCheckboxProps,
} from 'react-aria-components/Checkbox'
import {
  CheckboxGroup as KitCheckboxGroup,
  type CheckboxGroupProps as KitGroupProps,
} from 'react-aria-components/CheckboxGroup'
import {
  RadioGroup as KitRadioGroup,
  type RadioGroupProps as KitRadioGroupProps,
  Radio,
} from 'react-aria-components/RadioGroup'
import { Switch as KitSwitch, type SwitchProps as KitSwitchProps } from 'react-aria-components/Switch'
import { FieldFrame, type FieldWords, invalid } from './Field.tsx'

interface ChoiceWords {
  children?: ReactNode
  description?: ReactNode
}

type Kit<P> = Omit<P, 'children' | 'className' | 'style'>

function Words({ children, description }: ChoiceWords) {
  if (!children) return null
  return (
    <span className="choice-text">
      <span>{children}</span>
      {description ? <span className="hint">{description}</span> : null}
    </span>
  )
}

/** Without children it needs an `aria-label`. */
export function Checkbox({ children, description, ...props }: Kit<KitCheckboxProps> & ChoiceWords) {
  return (
    <KitCheckbox {...props} className="choice">
      {({ isIndeterminate }) => (
        <>
          <span className="check">{isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}</span>
          <Words description={description}>{children}</Words>
        </>
      )}
    </KitCheckbox>
  )
}

/** For a setting that acts at once or with the page's save bar. */
export function Switch({ children, description, ...props }: Kit<KitSwitchProps> & ChoiceWords) {
  return (
    <KitSwitch {...props} className="choice">
      <span className="switch" />
      <Words description={description}>{children}</Words>
    </KitSwitch>
  )
}

export interface ChoiceOption {
  id: string
  label: string
  description?: ReactNode
  isDisabled?: boolean
}

export interface CheckboxGroupProps extends Omit<Kit<KitGroupProps>, 'isInvalid'>, FieldWords {
  options: readonly ChoiceOption[]
}

export function CheckboxGroup({
  label,
  isLabelHidden,
  description,
  error,
  options,
  ...props
}: CheckboxGroupProps) {
  return (
    <KitCheckboxGroup {...props} {...invalid(error)} className="field">
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <div className="choices">
          {options.map(({ id, label, description, isDisabled = false }) => (
            <Checkbox key={id} value={id} isDisabled={isDisabled} description={description}>
              {label}
            </Checkbox>
          ))}
        </div>
      </FieldFrame>
    </KitCheckboxGroup>
  )
}

export interface RadioGroupProps extends Omit<Kit<KitRadioGroupProps>, 'isInvalid'>, FieldWords {
  options: readonly ChoiceOption[]
}

export function RadioGroup({ label, isLabelHidden, description, error, options, ...props }: RadioGroupProps) {
  return (
    <KitRadioGroup {...props} {...invalid(error)} className="field">
      <FieldFrame {...{ label, isLabelHidden, description, error }}>
        <div className="choices">
          {options.map(({ id, label, description, isDisabled = false }) => (
            <Radio key={id} value={id} isDisabled={isDisabled} className="choice">
              <span className="dot-choice" />
              <Words description={description}>{label}</Words>
            </Radio>
          ))}
        </div>
      </FieldFrame>
    </KitRadioGroup>
  )
}
