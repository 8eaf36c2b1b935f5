/** Mails in English. */
import type { Texts } from './texts.ts'

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
  reconnect: ({ page, site, words }) => ({
    subject: `${page} has to be connected again`,
    paragraphs: [
      `The Facebook page “${page}” no longer works at ${site}: ${words}`,
      'Sign in there, log in at Facebook, and choose “Reconnect” on the page. Until then its messages do not reach your contact centre.',
    ],
  }),
  replaced: ({ page, site }) => ({
    subject: `${page} was connected by somebody else`,
    paragraphs: [
      `The Facebook page “${page}” that you had connected at ${site} was connected again by somebody else who administers it.`,
      'A page has one connection: its messages go to the other contact centre from now on, and yours gets none any more. If that was a mistake, connect the page again.',
    ],
  }),
}
