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
  // What is picked belongs to the one for which the picker was opened.
  const asked = useRef<typeof take>(undefined)
  const pick = useHandler(() => {
    asked.current = take
    input.current?.click()
  })
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          const files = [...(target.files ?? [])]
          ;(asked.current ?? take)(files)
          asked.current = undefined
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
