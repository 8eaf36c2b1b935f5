/** Which of our languages a browser would rather read, for the pages that are served without an app. */

/** `header`: Accept-Language. English where it names neither. */
export function acceptedLanguage(header: string | undefined): 'en' | 'it' {
  const wishes = (header ?? '').slice(0, 1000).split(',').map(readWish)
  const of = (language: string): number =>
    Math.max(0, ...wishes.filter((wish) => wish.language === language).map(({ weight }) => weight))
  return of('it') > of('en') ? 'it' : 'en'
}

function readWish(text: string): { language: string; weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((one) => one.startsWith('q='))?.slice(2)
  return { language: tag.split('-', 1)[0] ?? '', weight: weight === undefined ? 1 : Number(weight) || 0 }
}
