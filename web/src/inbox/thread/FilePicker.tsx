/** The button that picks files to attach. */
import { useLingui } from '@lingui/react/macro'
import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { IconButton } from '../../ui/Button.tsx'

export function FilePicker({ onPick }: { onPick: (files: File[]) => void }) {
  const { t } = useLingui()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          onPick([...(target.files ?? [])])
          // The same file can be picked again.
          target.value = ''
        }}
      />
      <IconButton
        label={t`Attach files`}
        icon={<Paperclip aria-hidden />}
        onPress={() => input.current?.click()}
      />
    </>
  )
}
