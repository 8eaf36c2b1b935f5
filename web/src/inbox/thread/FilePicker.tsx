/** The button that picks files to attach. */
import { useLingui } from '@lingui/react/macro'
import { Paperclip } from 'lucide-react'
import { memo, useRef } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useFiles } from './useFiles.ts'

export function FilePicker({ interactionId, limitBytes }: { interactionId: number; limitBytes: number }) {
  const take = useFiles(interactionId, limitBytes)
  const input = useRef<HTMLInputElement>(null)
  const pick = useHandler(() => input.current?.click())
  return (
    <>
      <input
        // Of its own for each interaction: what is picked belongs to the one for which the picker was opened.
        key={interactionId}
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          take([...(target.files ?? [])])
          // The same file can be picked again.
          target.value = ''
        }}
      />
      <Attach onPress={pick} />
    </>
  )
}

const Attach = memo(function Attach({ onPress }: { onPress: () => void }) {
  const { t } = useLingui()
  return <IconButton label={t`Attach files`} icon={<Paperclip aria-hidden />} onPress={onPress} />
})
