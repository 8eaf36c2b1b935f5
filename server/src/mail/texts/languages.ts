/** Which language writes which mails. */
import { en } from './en.ts'
import { it } from './it.ts'
import type { Texts } from './texts.ts'

export const texts: Readonly<Record<'en' | 'it', Texts>> = { en, it }
