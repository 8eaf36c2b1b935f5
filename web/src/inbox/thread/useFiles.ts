/** Files that were picked, pasted or dropped: those that fit go up, the others are named with why not. */
import { useLingui } from '@lingui/react/macro'
import { upload } from '../../live/uploads.ts'
import { toast } from '../../ui/Toast.tsx'
import { sizeOf } from '../size.ts'

export function useFiles(interactionId: number, limitBytes: number): (files: Iterable<File>) => void {
  const { t, i18n } = useLingui()
  return (files) => {
    const fits: File[] = []
    for (const file of files) {
      if (file.size > limitBytes) {
        toast(t`${file.name} is larger than ${sizeOf(limitBytes, i18n.locale)}`, { tone: 'bad' })
      } else if (file.size === 0) toast(t`${file.name} is empty`, { tone: 'bad' })
      else fits.push(file)
    }
    upload(interactionId, fits)
  }
}
