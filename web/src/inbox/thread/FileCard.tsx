/** A file in a bubble: a picture is shown, anything else is named, both can be downloaded. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { File, FileX, Image } from 'lucide-react'
import { sizeOf } from '../size.ts'

const picture = /^image\/(?:png|jpeg|gif|webp)$/

export function FileCard({ file }: { file: Attached }) {
  const { t, i18n } = useLingui()
  const { name, type, sizeBytes, gone } = file
  if (gone) {
    return (
      <span className="file">
        <FileX aria-hidden />
        <span className="min-w-0">
          <bdi className="block truncate">{name}</bdi>
          <span className="text-small text-text-2">
            <Trans>The file is gone: its time is over</Trans>
          </span>
        </span>
      </span>
    )
  }
  const href = `/api/attachments/${file.id}/download`
  const isPicture = picture.test(type)
  return (
    <>
      {isPicture ? (
        <a href={`${href}?inline=true`} target="_blank" rel="noreferrer" className="file-picture">
          <img src={`${href}?inline=true`} alt={name} loading="lazy" decoding="async" />
        </a>
      ) : null}
      <a className="file" href={href} download={name}>
        {isPicture ? <Image aria-hidden /> : <File aria-hidden />}
        <span className="min-w-0">
          <span className="visually-hidden">{t`Download`} </span>
          <bdi className="block truncate font-medium">{name}</bdi>
          <span className="text-small text-text-2">{sizeOf(sizeBytes, i18n.locale)}</span>
        </span>
      </a>
    </>
  )
}
