/** Mails in Italian. */
import type { Texts } from './texts.ts'

export const it: Texts = {
  verify: ({ code, site }) => ({
    subject: 'Il tuo codice per Patchbay',
    paragraphs: [
      `Inserisci questo codice su ${site} per confermare il tuo indirizzo e-mail:`,
      code,
      'Vale una volta sola e per dieci minuti. Se non ti sei registrato tu, non fare nulla.',
    ],
  }),
  reset: ({ code, site }) => ({
    subject: 'Una nuova password per Patchbay',
    paragraphs: [
      `Qualcuno ha chiesto una nuova password per il tuo account su ${site}. Questo codice la imposta:`,
      code,
      'Vale una volta sola e per dieci minuti. Se non sei stato tu, non fare nulla: la password resta com’è.',
    ],
  }),
  alreadyRegistered: ({ site }) => ({
    subject: 'Sei già registrato su Patchbay',
    paragraphs: [
      `Qualcuno, forse tu, si è registrato con questo indirizzo su ${site}, dove hai già un account.`,
      'Accedi con la tua password, o chiedine una nuova nella pagina di accesso. Se non sei stato tu, non fare nulla.',
    ],
  }),
  reconnect: ({ page, site, words }) => ({
    subject: `${page} va ricollegata`,
    paragraphs: [
      `La pagina Facebook «${page}» non funziona più su ${site}: ${words}`,
      'Accedi al sito, poi a Facebook, e scegli «Ricollega» nella pagina. Fino ad allora i suoi messaggi non arrivano al tuo contact center.',
    ],
  }),
  replaced: ({ page, site }) => ({
    subject: `${page} è stata collegata da qualcun altro`,
    paragraphs: [
      `La pagina Facebook «${page}» che avevi collegato su ${site} è stata collegata di nuovo da un’altra persona che la amministra.`,
      'Una pagina ha un solo collegamento: da ora i suoi messaggi vanno all’altro contact center, e il tuo non ne riceve più. Se è stato un errore, collega di nuovo la pagina.',
    ],
  }),
}
