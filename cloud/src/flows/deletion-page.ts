/** What a person reads who asked Facebook to have deleted what is kept about him: a page without an app, in his language. */
import { escapeHtml } from '@patchbay/kit/html.ts'

interface Words {
  title: string
  done(day: string): string
  underWay: string
  unknown: string
}

const words: Readonly<Record<'en' | 'it', Words>> = {
  en: {
    title: 'Data deletion',
    done: (day) =>
      `Everything that was kept about the person at Facebook was deleted on ${day}: the login, the tokens of the pages, and the connections made with them.`,
    underWay: 'The deletion was asked for and is under way.',
    unknown: 'No deletion is known under this code.',
  },
  it: {
    title: 'Cancellazione dei dati',
    done: (day) =>
      `Tutto ciò che era conservato sulla persona su Facebook è stato cancellato il ${day}: l’accesso, i token delle pagine e i collegamenti fatti con essi.`,
    underWay: 'La cancellazione è stata richiesta ed è in corso.',
    unknown: 'Con questo codice non è nota alcuna cancellazione.',
  },
}

/** `found`: what is known of the code. */
export function deletionPage(language: 'en' | 'it', found: { done_at: Date | null } | undefined): string {
  const { title, done, underWay, unknown } = words[language]
  const text = found?.done_at ? done(found.done_at.toISOString().slice(0, 10)) : found ? underWay : unknown
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} - Patchbay</title></head>
<body><main><h1>${title}</h1><p>${escapeHtml(text)}</p></main></body>
</html>
`
}
