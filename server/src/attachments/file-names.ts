/** Names of files: as senders write them, as they are kept, and as a download offers them. */
import { Refusal } from '@patchbay/kit/refusal.ts'

const LONGEST = 200

/** The last part of a path, without what no file system or header takes. Refuses a name of which nothing is left. */
export function cleanFileName(given: string | undefined): string {
  const last = given?.toWellFormed().split(/[/\\]/).at(-1) ?? ''
  // Control and formatting characters: the latter turn names around, so that exe.png ends in gnp.exe.
  const name = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  if (/^\.*$/.test(name)) throw new Refusal('AT-104')
  return shorten(name)
}

// What opens a file is its extension, so that is what stays.
function shorten(name: string): string {
  const chars = [...name]
  if (chars.length <= LONGEST) return name
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? ''
  return chars.slice(0, LONGEST - [...extension].length).join('') + extension
}

/** RFC 6266: an ASCII stand-in for old clients, and the name itself. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^ !#-[\]-~]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
