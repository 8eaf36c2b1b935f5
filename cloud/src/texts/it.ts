/** Mails in Italian. */
import type { Texts } from './texts.ts'

/** What it is, and the ending of words that agree with it. */
const kinds = {
  facebook: { the: 'La pagina Facebook', o: 'a' },
  instagram: { the: 'L’account Instagram', o: 'o' },
}

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
  reconnect: ({ kind, page, site, words }) => ({
    subject: `${page} va ricollegat${kinds[kind].o}`,
    paragraphs: [
      `${kinds[kind].the} «${page}» non funziona più su ${site}: ${words}`,
      'Accedi al sito, apri l’integrazione nell’elenco e scegli «Ricollega». Fino ad allora i suoi messaggi potrebbero non arrivare al tuo contact center, e le risposte restano in attesa.',
    ],
  }),
  replaced: ({ kind, page, site }) => ({
    subject: `${page} è stat${kinds[kind].o} collegat${kinds[kind].o} da qualcun altro`,
    paragraphs: [
      `${kinds[kind].the} «${page}» che avevi collegato su ${site} è stat${kinds[kind].o} collegat${kinds[kind].o} di nuovo da un’altra persona che l’amministra.`,
      'Il collegamento è uno solo: da ora i messaggi vanno all’altro contact center, e il tuo non ne riceve più. Se è stato un errore, esegui di nuovo il collegamento.',
    ],
  }),
}
