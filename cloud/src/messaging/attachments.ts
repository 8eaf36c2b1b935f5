/** What an attachment of a message is to the contact centre: a file to fetch, or words. */
import type { FileLink } from '../channels/channel-event.ts'
import { list, type Members, members, readId, readText } from '../channels/values.ts'

/** Which channel, and where addresses lead that come without their host. */
interface Messaging {
  channel: string
  site: string
}

export const notPassedOn = (channel: string): string =>
  `(The customer sent something that ${channel} does not pass on.)`

export interface Content {
  files: FileLink[]
  /** To be written below the text of the message. */
  lines: string[]
}

const fileKinds = new Set(['image', 'audio', 'video', 'file'])
const linkKinds = new Set(['fallback', 'share', 'post', 'ig_post', 'reel', 'ig_reel'])

export function readAttachments(value: unknown, channel: Messaging): Content {
  const content: Content = { files: [], lines: [] }
  for (const item of list(value)) readOne(members(item), content, channel)
  // While stickers change their form, one comes as a sticker and as an image.
  const seen = new Set<string>()
  content.files = content.files.filter(({ url }) => !seen.has(url) && seen.add(url))
  return content
}

function readOne(attachment: Members, { files, lines }: Content, channel: Messaging): void {
  const type = readText(attachment.type) ?? 'attachment'
  const payload = members(attachment.payload)
  const url = readText(payload.url) ?? readText(attachment.url)
  const isFetched = url !== undefined && /^https?:\/\//i.test(url)
  if (type === 'sticker' && isFetched) files.push({ url, kind: 'image' })
  else if (fileKinds.has(type) && isFetched) files.push({ url, kind: type })
  else lines.push(describe(type, attachment, payload, absolute(url, channel), channel))
}

function describe(
  type: string,
  attachment: Members,
  payload: Members,
  url: string | undefined,
  { channel }: Messaging,
): string {
  const title = readText(payload.title) ?? readText(attachment.title)
  if (type === 'location') return describeLocation(payload, title)
  if (type === 'template') return describeTemplate(payload)
  if (type === 'appointment_booking') return describeAppointment(payload)
  if (type === 'like_heart') return '❤️'
  if (type === 'unsupported_type') return notPassedOn(channel)
  if (linkKinds.has(type) && (title || url)) return [title, url].filter(Boolean).join('\n')
  return `(${[type.replaceAll('_', ' '), url].filter(Boolean).join(': ')})`
}

function absolute(url: string | undefined, { site }: Messaging): string | undefined {
  return url?.startsWith('/') ? site + url : url
}

function describeLocation(payload: Members, title: string | undefined): string {
  const { lat, long } = members(payload.coordinates)
  const latitude = Number(lat)
  const longitude = Number(long)
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return title ?? '(location)'
  const place = `${latitude},${longitude}`
  return [title ?? `Location: ${place}`, `https://www.google.com/maps?q=${place}`].join('\n')
}

function describeTemplate(payload: Members): string {
  const elements = list(members(payload.product).elements).concat(list(payload.elements))
  const lines = elements.map((element) => {
    const { title, subtitle } = members(element)
    return [readText(title), readText(subtitle)].filter(Boolean).join(' – ')
  })
  const text = [readText(payload.text), ...lines].filter(Boolean).join('\n')
  return text === '' ? '(template)' : text
}

function describeAppointment(payload: Members): string {
  const status = readText(payload.status) ?? 'appointment'
  const start = readText(payload.start_time) ?? readId(payload.start_time)
  return `(Appointment: ${[status.toLowerCase(), start].filter(Boolean).join(', ')})`
}
