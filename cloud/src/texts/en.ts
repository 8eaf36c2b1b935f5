/** Mails in English. */
import type { Texts } from './texts.ts'

const kinds = { facebook: 'Facebook page', instagram: 'Instagram account' }

export const en: Texts = {
  verify: ({ code, site }) => ({
    subject: 'Your code for Patchbay',
    paragraphs: [
      `Enter this code at ${site} to confirm your e-mail address:`,
      code,
      'It works once and for ten minutes. If it was not you who registered, do nothing.',
    ],
  }),
  reset: ({ code, site }) => ({
    subject: 'A new password for Patchbay',
    paragraphs: [
      `Somebody asked for a new password for your account at ${site}. This code sets one:`,
      code,
      'It works once and for ten minutes. If it was not you, do nothing: your password stays as it is.',
    ],
  }),
  alreadyRegistered: ({ site }) => ({
    subject: 'You are registered at Patchbay already',
    paragraphs: [
      `Somebody, perhaps you, registered with this address at ${site}. You have an account there already.`,
      'Sign in with your password, or ask for a new one on the sign-in page. If it was not you, do nothing.',
    ],
  }),
  reconnect: ({ kind, page, site, words }) => ({
    subject: `${page} has to be connected again`,
    paragraphs: [
      `The ${kinds[kind]} “${page}” no longer works at ${site}: ${words}`,
      'Sign in there, open it in the list, and choose “Reconnect”. Until then its messages may not reach your contact centre, and answers wait.',
    ],
  }),
  replaced: ({ kind, page, site }) => ({
    subject: `${page} was connected by somebody else`,
    paragraphs: [
      `The ${kinds[kind]} “${page}” that you had connected at ${site} was connected again by somebody else who administers it.`,
      'There is one connection for each: its messages go to the other contact centre from now on, and yours gets none any more. If that was a mistake, connect it again.',
    ],
  }),
}
