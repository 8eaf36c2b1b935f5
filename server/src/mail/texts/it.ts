/** Mails in Italian. */
import type { Texts } from './texts.ts'

export const it: Texts = {
  invitation: ({ fullname, by, desk, url }) => ({
    subject: by ? `${by} ti invita su Patchbay` : 'Il tuo invito su Patchbay',
    paragraphs: [
      `Ciao ${fullname}, hai un account su ${desk}. Scegli una password e puoi entrare.`,
      'Il link funziona una sola volta e per sette giorni. Poi chiedine uno nuovo.',
    ],
    link: { label: 'Scegli una password', url },
  }),
  reset: ({ fullname, desk, url }) => ({
    subject: 'Una nuova password per Patchbay',
    paragraphs: [
      `Ciao ${fullname}, qualcuno ha chiesto una nuova password per il tuo account su ${desk}.`,
      "Il link funziona una sola volta, entro un'ora. Quando imposti la password, le altre sessioni finiscono.",
      'Se non sei stato tu, non fare nulla: la password resta quella di prima.',
    ],
    link: { label: 'Imposta una nuova password', url },
  }),
}
