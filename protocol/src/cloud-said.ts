/** What the cloud says of integrations and answers: by code with its values, so that everybody reads it in his language. */
import { type Static, Type } from 'typebox'
import { english } from './cloud-sentences-en.ts'
import { italian } from './cloud-sentences-it.ts'

const Sentence = Type.Object({
  code: Type.String({ description: '`words`: said by somebody else; `text` has it.' }),
  values: Type.Record(Type.String(), Type.String()),
})

export const CloudSaid = Type.Object(
  {
    sentences: Type.Array(Sentence, { description: 'One after the other.' }),
    words: Type.String({ description: 'The same in English.' }),
  },
  { description: 'Codes with their values, for whoever says it in another language.' },
)
export type CloudSaid = Static<typeof CloudSaid>
export type Sentence = Static<typeof Sentence>
export type SentenceCode = keyof typeof english

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { en: english, it: italian }

/** A code that is not known here is left out; words of somebody else stay as they are. */
export function inWords(sentences: readonly Sentence[], locale: string): string {
  return sentences
    .map(({ code, values }) => {
      const sentence = languages[locale]?.[code] ?? languages.en?.[code]
      return sentence?.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '') ?? values.text ?? ''
    })
    .join(' ')
}
