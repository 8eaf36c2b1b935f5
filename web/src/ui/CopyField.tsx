/** One line to be copied: an address, a key; secrets are masked until shown. */

import { Trans } from '@lingui/react/macro'
import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from './Button.tsx'
import { CopyButton } from './CopyButton.tsx'

export interface CopyFieldProps {
  label: string
  isLabelHidden?: boolean
  value: string
  /** What is shown while it is hidden, such as the address with the token as dots; without it there is nothing to hide. */
  masked?: string
  onCopy?: () => void
  /** Further buttons at the end. */
  children?: ReactNode
}

export function CopyField({ label, isLabelHidden, value, masked, onCopy, children }: CopyFieldProps) {
  const id = useId()
  const [isShown, setShown] = useState(masked === undefined)
  const shown = isShown ? value : (masked ?? value)
  return (
    <fieldset className="field copy-frame" aria-labelledby={id}>
      <span id={id} className={isLabelHidden ? 'visually-hidden' : 'label'}>
        {label}
      </span>
      <div className="copy-field">
        <MiddleCut text={shown} />
        {masked === undefined ? null : (
          <Button
            icon={isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            aria-pressed={isShown}
            onPress={() => setShown(!isShown)}
          >
            {isShown ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
          </Button>
        )}
        <CopyButton text={value} size="medium" {...(onCopy ? { onCopy } : {})} />
        {children}
      </div>
    </fieldset>
  )
}

/** When it does not fit, the middle goes: the start says where, the end says which. */
function MiddleCut({ text }: { text: string }) {
  const tail = text.length > 24 ? 8 : 0
  return (
    <bdi dir="ltr" className="copy-value" title={text}>
      <span>{text.slice(0, text.length - tail)}</span>
      <span>{text.slice(text.length - tail)}</span>
    </bdi>
  )
}
