/** Which language writes which mails. */
import { en } from './en.ts'
import { it } from './it.ts'
import type { Texts } from './texts.ts'

export const textsOf = (locale: string): Texts => (locale === 'it' ? it : en)
