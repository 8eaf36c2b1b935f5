/** Makes a mail of paragraphs and at most one link: as text, and as HTML that needs nothing from elsewhere. */
import { escapeHtml } from './html.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
}

export interface Letter {
  subject: string
  paragraphs: readonly string[]
  /** Stands between the first paragraph and the rest. */
  link?: { label: string; url: string }
}

export function writeMail(to: string, { subject, paragraphs, link }: Letter): Required<Mail> {
  const [first = '', ...rest] = paragraphs
  const text = [first, ...(link ? [`${link.label}:\n${link.url}`] : []), ...rest].join('\n\n')
  const paragraph = (words: string): string => `<p>${escapeHtml(words)}</p>`
  const button =
    link && `<p><a href="${escapeHtml(link.url)}" style="${BUTTON}">${escapeHtml(link.label)}</a></p>`
  const html = [
    `<!doctype html><html><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="${PAGE}">`,
    paragraph(first),
    ...(button ? [button] : []),
    ...rest.map(paragraph),
    '</body></html>',
  ].join('\n')
  return { to, subject, text: `${text}\n`, html: `${html}\n` }
}

// Mail programs read styles at the element and hardly elsewhere.
const PAGE =
  'font: 16px/1.5 system-ui, sans-serif; color: #1c1e21; max-width: 34rem; margin: 0 auto; padding: 1.5rem'
const BUTTON =
  'display: inline-block; padding: 0.6rem 1rem; border-radius: 6px; background: #1d4ed8; color: #ffffff; text-decoration: none'
