/** The files of what is being written: uploaded ones, and those on their way with how far they are. */
import { useLingui } from '@lingui/react/macro'
import type { File as Attached } from '@patchbay/protocol/api/interactions.ts'
import { Paperclip, RotateCw, X } from 'lucide-react'
import { IconButton } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Mark.tsx'
import { sizeOf } from '../size.ts'
import { cancelUpload, retryUpload, type Upload } from './uploads.ts'

interface UploadListProps {
  files: readonly Attached[]
  uploads: readonly Upload[]
  onRemove: (id: number) => void
}

export function UploadList({ files, uploads, onRemove }: UploadListProps) {
  const { t } = useLingui()
  if (files.length === 0 && uploads.length === 0) return null
  return (
    <ul className="uploads" aria-label={t`Files`}>
      {files.map(({ id, name, sizeBytes }) => (
        <li key={id} className="upload">
          <Paperclip aria-hidden />
          <bdi className="truncate">{name}</bdi>
          <span className="text-small text-text-2">{sizeOf(sizeBytes)}</span>
          <Remove label={t`Remove ${name}`} onPress={() => onRemove(id)} />
        </li>
      ))}
      {uploads.map(({ key, name, progress, problem }) => (
        <li key={key} className="upload" data-tone={problem ? 'bad' : undefined}>
          <Paperclip aria-hidden />
          <bdi className="truncate">{name}</bdi>
          {problem === null ? (
            <>
              <Progress label={t`Upload of ${name}`} value={progress} />
              <span className="tabular text-small">{Math.round(progress * 100)}%</span>
            </>
          ) : (
            <>
              <span className="text-small">
                {problem === 'offline' ? t`The server cannot be reached` : problem}
              </span>
              <IconButton
                label={t`Upload ${name} again`}
                size="small"
                variant="quiet"
                icon={<RotateCw aria-hidden />}
                onPress={() => retryUpload(key)}
              />
            </>
          )}
          <Remove label={t`Cancel ${name}`} onPress={() => cancelUpload(key)} />
        </li>
      ))}
    </ul>
  )
}

function Remove({ label, onPress }: { label: string; onPress: () => void }) {
  return <IconButton label={label} size="small" variant="quiet" icon={<X aria-hidden />} onPress={onPress} />
}
