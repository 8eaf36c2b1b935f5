/** A word for how it ended, the recent ones at hand, Enter does it. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useId, useState } from 'react'
import { dispositions, used } from '../../live/dispositions.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useChange } from './useChanges.ts'

export default function CloseForm({ id, onDone }: { id: number; onDone: () => void }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const recent = dispositions.use()
  const options = useId()
  const closing = useChange('POST /api/openchannel/interactions/:id/close', onDone)
  const close = (disposition: string) => {
    const word = disposition.trim()
    if (word) used(word)
    closing.mutate({ params: { id }, body: { disposition: word || null } })
  }
  const found = recent.filter((one) => one.toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <form
      className="asks"
      onSubmit={(event) => {
        event.preventDefault()
        close(text)
      }}
    >
      <TextField
        label={t`How did it end?`}
        description={t`May stay empty`}
        value={text}
        onChange={setText}
        autoFocus
        maxLength={200}
      />
      {found.length > 0 ? (
        <ul className="asks-choices" id={options} aria-label={t`Used lately`}>
          {found.map((one) => (
            <li key={one}>
              <Button variant="quiet" size="small" isWide onPress={() => close(one)}>
                {one}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <Button type="submit" variant="primary" isWide isPending={closing.isPending}>
        <Trans>Close interaction</Trans>
      </Button>
    </form>
  )
}
