/** What the dialog says, in English and Italian. */
export type Language = 'en' | 'it'

export const languageOf = (acceptLanguage: string | undefined): Language =>
  /^\s*it\b/i.test(acceptLanguage ?? '') ? 'it' : 'en'

export const words = {
  en: {
    simulated: 'This is a simulator. Nothing here reaches Facebook.',
    whoAreYou: 'Who are you?',
    logIn: (app: string) => `${app} asks you to log in. Choose a person of the simulator.`,
    pages: (count: number) => (count === 1 ? 'Works on 1 page' : `Works on ${count} pages`),
    title: (app: string) => `${app} asks for access`,
    as: (name: string) => `You are ${name}.`,
    notYou: 'Not you?',
    choosePages: 'Which pages?',
    noPages: 'You work on no page.',
    choosePermissions: 'What may the app do?',
    declined: 'declined before, not asked again',
    cancel: 'Cancel',
    accept: (name: string) => `Continue as ${name}`,
    refused: 'This cannot go on',
  },
  it: {
    simulated: 'Questo è un simulatore. Nulla di qui raggiunge Facebook.',
    whoAreYou: 'Chi sei?',
    logIn: (app: string) => `${app} chiede di accedere. Scegli una persona del simulatore.`,
    pages: (count: number) => (count === 1 ? 'Lavora su 1 pagina' : `Lavora su ${count} pagine`),
    title: (app: string) => `${app} chiede l’accesso`,
    as: (name: string) => `Sei ${name}.`,
    notYou: 'Non sei tu?',
    choosePages: 'Quali pagine?',
    noPages: 'Non lavori su nessuna pagina.',
    choosePermissions: 'Che cosa può fare l’app?',
    declined: 'rifiutato in precedenza, non richiesto di nuovo',
    cancel: 'Annulla',
    accept: (name: string) => `Continua come ${name}`,
    refused: 'Non si può proseguire',
  },
} as const
