/** A text with variables: a button puts one in where the caret stands. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Braces } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { TextArea } from '../../ui/TextField.tsx'
import { useVariables } from './variables.ts'

export interface VariableTextProps {
  label: string
  value: string
  onChange: (text: string) => void
  /** Whose custom fields are offered. */
  listId?: number | undefined
  rows?: number
  isFaulty?: boolean
  isMono?: boolean
  className?: string
  description?: string
}

export function VariableText({
  label,
  value,
  onChange,
  listId,
  rows = 3,
  isFaulty = false,
  isMono = false,
  className = '',
  description,
}: VariableTextProps) {
  const { t } = useLingui()
  const variables = useVariables(listId)
  const input = useRef<HTMLTextAreaElement>(null)
  const insert = (name: string) => {
    const { selectionStart: from = value.length, selectionEnd: to = value.length } = input.current ?? {}
    onChange(`${value.slice(0, from)}{{${name}}}${value.slice(to)}`)
  }
  return (
    <div className={`flex flex-col items-start gap-2 ${className}`}>
      <TextArea
        className="w-full"
        label={label}
        rows={rows}
        isMono={isMono}
        value={value}
        onChange={onChange}
        inputRef={input}
        description={description}
        error={isFaulty ? t`Look at this text.` : undefined}
      />
      <Menu
        label={t`Variables`}
        trigger={
          <Button size="small" icon={<Braces aria-hidden />}>
            <Trans>Insert a variable</Trans>
          </Button>
        }
        items={variables.map(({ id, description }) => ({
          id,
          label: id,
          ...(description ? { description } : {}),
          onAction: () => insert(id),
        }))}
      />
    </div>
  )
}
