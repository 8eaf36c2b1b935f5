/** What only Instagram has in a message: stories that name the account, and answers to a story of it. */
import { list, type Members, members, readText } from '../channels/values.ts'
import type { Content } from '../messaging/attachments.ts'

const isAddress = (url: string | undefined): url is string => url !== undefined && /^https?:\/\//i.test(url)

/** A story is gone after a day, so its picture is fetched like a file; what is left of `attachments` is read as everywhere. */
export function readStories(message: Members): Content & { attachments: readonly unknown[] } {
  const found: Content = { files: [], lines: [] }
  const attachments = list(message.attachments).filter((item) => {
    const { type, payload } = members(item)
    if (type !== 'story_mention') return true
    add(found, '(Mention in a story)', readText(members(payload).url))
    return false
  })
  const { story } = members(message.reply_to)
  if (story !== undefined) add(found, '(Answer to a story)', readText(members(story).url))
  return { ...found, attachments }
}

function add({ files, lines }: Content, words: string, url: string | undefined): void {
  lines.push(words)
  if (isAddress(url)) files.push({ url, kind: 'story' })
}
