/** The files of what is being written: uploaded ones, and those on their way with how far they are. */
import { useLingui } from '@lingui/react/macro'
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { Paperclip, RotateCw, X } from 'lucide-react'
import { useProblem } from '../../api/useProblem.ts'
import { changeDraft } from '../../live/drafts.ts'
import { cancelUpload, retryUpload, type Upload } from '../../live/uploads.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Mark.tsx'
import { sizeOf } from '../size.ts'

interface UploadListProps {
  interactionId: number
  files: readonly Attached[]
  uploads: readonly Upload[]
}

export function UploadList({ interactionId, files, uploads }: UploadListProps) {
  const { t, i18n } = useLingui()
  if (files.length === 0 && uploads.length === 0) return null
  const remove = (id: number) =>
    changeDraft(interactionId, (draft) => ({ ...draft, files: draft.files.filter((file) => file.id !== id) }))
  return (
    <ul className="uploads" aria-label={t`Files`}>
      {files.map(({ id, name, sizeBytes }) => (
        <li key={id} className="upload">
          <Paperclip aria-hidden />
          <bdi className="truncate">{name}</bdi>
          <span className="flex-none text-small text-text-2">{sizeOf(sizeBytes, i18n.locale)}</span>
          <Remove label={t`Remove ${name}`} onPress={() => remove(id)} />
        </li>
      ))}
      {uploads.map((upload) => (
        <OnItsWay key={upload.key} upload={upload} />
      ))}
    </ul>
  )
}

function OnItsWay({ upload: { key, name, progress, problem } }: { upload: Upload }) {
  const { t } = useLingui()
  const words = useProblem()
  return (
    <li className="upload" data-tone={problem ? 'bad' : undefined}>
      <Paperclip aria-hidden />
      <bdi className="truncate">{name}</bdi>
      {problem === null ? (
        <>
          <Progress label={t`Upload of ${name}`} value={progress} />
          <span className="tabular text-small">{Math.round(progress * 100)}%</span>
        </>
      ) : (
        <>
          <span className="text-small" role="alert">
            {words(problem)}
          </span>
          <IconButton
            label={t`Upload ${name} again`}
            size="small"
            icon={<RotateCw aria-hidden />}
            onPress={() => retryUpload(key)}
          />
        </>
      )}
      <Remove label={t`Cancel ${name}`} onPress={() => cancelUpload(key)} />
    </li>
  )
}

function Remove({ label, onPress }: { label: string; onPress: () => void }) {
  return <IconButton label={label} size="small" icon={<X aria-hidden />} onPress={onPress} />
}
