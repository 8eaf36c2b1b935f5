/** Mails in Italian. */
import type { Texts } from './texts.ts'

export const it: Texts = {
  verify: ({ code, site }) => ({
    subject: 'Il suo codice per Patchbay',
    paragraphs: [
      `Inserisca questo codice su ${site} per confermare il suo indirizzo e-mail:`,
      code,
      'Vale una volta sola e per dieci minuti. Se non è stato lei a registrarsi, non faccia nulla.',
    ],
  }),
  reset: ({ code, site }) => ({
    subject: 'Una nuova password per Patchbay',
    paragraphs: [
      `Qualcuno ha chiesto una nuova password per il suo account su ${site}. Questo codice la imposta:`,
      code,
      'Vale una volta sola e per dieci minuti. Se non è stato lei, non faccia nulla: la password resta com’è.',
    ],
  }),
  alreadyRegistered: ({ site }) => ({
    subject: 'Lei è già registrato su Patchbay',
    paragraphs: [
      `Qualcuno, forse lei, si è registrato con questo indirizzo su ${site}, dove ha già un account.`,
      'Acceda con la sua password, o ne chieda una nuova nella pagina di accesso. Se non è stato lei, non faccia nulla.',
    ],
  }),
  replaced: ({ page, site }) => ({
    subject: `${page} è stata collegata da qualcun altro`,
    paragraphs: [
      `La pagina Facebook «${page}» che aveva collegato su ${site} è stata collegata di nuovo da un’altra persona che la amministra.`,
      'Una pagina ha un solo collegamento: da ora i suoi messaggi vanno all’altro contact center, e il suo non ne riceve più. Se è stato un errore, colleghi di nuovo la pagina.',
    ],
  }),
}
