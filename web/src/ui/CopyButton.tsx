/** Copies a text; its word turns to “Copied” for two seconds and is read aloud. */

import { useLingui } from '@lingui/react/macro'
import { Check, Copy } from 'lucide-react'
import { Button, type ButtonSize } from './Button.tsx'
import { useCopy } from './useCopy.ts'

export interface CopyButtonProps {
  /** A function when the text must be fetched first. */
  text: string | (() => string | Promise<string>)
  label?: string
  size?: ButtonSize
  /** Told after the text is on the clipboard. */
  onCopy?: () => void
}

export function CopyButton({ text, label, size = 'small', onCopy }: CopyButtonProps) {
  const { t } = useLingui()
  const { isCopied, copy } = useCopy()
  return (
    <>
      <Button
        size={size}
        icon={isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
        onPress={async () => {
          await copy(typeof text === 'string' ? text : await text())
          onCopy?.()
        }}
      >
        {isCopied ? t`Copied` : (label ?? t`Copy`)}
      </Button>
      <span role="status" className="visually-hidden">
        {isCopied ? t`Copied` : ''}
      </span>
    </>
  )
}
