/** Our fields bound to a form: value, error and focus come from it. */
import {
  type Control,
  type FieldPath,
  type FieldValues,
  type RegisterOptions,
  useController,
} from 'react-hook-form'
import { RadioGroup, type RadioGroupProps, Switch } from './Choice.tsx'
import { NumberField, type NumberFieldProps } from './NumberField.tsx'
import { Select, type SelectProps } from './Select.tsx'
import { PasswordField, TextArea, type TextAreaProps, TextField, type TextFieldProps } from './TextField.tsx'

interface Binding<T extends FieldValues> {
  control: Control<T>
  name: FieldPath<T>
  rules?: Pick<RegisterOptions<T, FieldPath<T>>, 'validate' | 'required' | 'deps'>
}
type Bound<T extends FieldValues, P> = Binding<T> &
  Omit<P, 'value' | 'onChange' | 'onBlur' | 'error' | 'name' | 'inputRef'>

function useBinding<T extends FieldValues>({ control, name, rules }: Binding<T>) {
  const { field, fieldState } = useController({ control, name, ...(rules ? { rules } : {}) })
  return { ...field, error: fieldState.error?.message }
}

export function FormText<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Bound<T, TextFieldProps>) {
  const { value, onChange, onBlur, ref, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <TextField {...props} {...{ name, value, onChange, onBlur, error }} inputRef={ref} />
}

export function FormPassword<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Bound<T, Omit<TextFieldProps, 'type' | 'suffix'>>) {
  const { value, onChange, onBlur, ref, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <PasswordField {...props} {...{ name, value, onChange, onBlur, error }} inputRef={ref} />
}

export function FormTextArea<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Bound<T, TextAreaProps>) {
  const { value, onChange, onBlur, ref, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <TextArea {...props} {...{ name, value, onChange, onBlur, error }} inputRef={ref} />
}

/** The value is NaN while the field is empty. */
export function FormNumber<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Bound<T, NumberFieldProps>) {
  const { value, onChange, onBlur, ref, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <NumberField {...props} {...{ value, onChange, onBlur, error }} inputRef={ref} />
}

export function FormSelect<T extends FieldValues, K extends string | number>({
  control,
  name,
  rules,
  ...props
}: Bound<T, SelectProps<K>>) {
  const { value, onChange, onBlur, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <Select<K> {...props} {...{ value, onChange, onBlur, error }} />
}

export function FormRadio<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Bound<T, RadioGroupProps>) {
  const { value, onChange, onBlur, error } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <RadioGroup {...props} {...{ name, value, onChange, onBlur, error }} />
}

export function FormSwitch<T extends FieldValues>({
  control,
  name,
  rules,
  ...props
}: Binding<T> & { children: string; description?: string }) {
  const { value, onChange, onBlur, ref } = useBinding({ control, name, ...(rules ? { rules } : {}) })
  return <Switch {...props} isSelected={value} {...{ name, onChange, onBlur }} inputRef={ref} />
}
