/** Mails in English. */
import type { Texts } from './texts.ts'

export const en: Texts = {
  invitation: ({ fullname, by, desk, url }) => ({
    subject: by ? `${by} invites you to Patchbay` : 'Your invitation to Patchbay',
    paragraphs: [
      `Hello ${fullname}, you have an account at ${desk}. Choose a password, and you are in.`,
      'The link works once and for seven days. After that, ask for a new one.',
    ],
    link: { label: 'Choose a password', url },
  }),
  reset: ({ fullname, desk, url }) => ({
    subject: 'A new password for Patchbay',
    paragraphs: [
      `Hello ${fullname}, somebody asked for a new password for your account at ${desk}.`,
      'The link works once, within an hour. Setting the password signs you out everywhere else.',
      'If it was not you, do nothing: your password stays as it is.',
    ],
    link: { label: 'Set a new password', url },
  }),
}
