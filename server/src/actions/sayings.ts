/** What a step did, in English. */
import type { Said } from '@patchbay/protocol/said.ts'

const whys: Record<NonNullable<Said['why']>, string> = {
  'no-reply-url': 'the account has no Reply URL',
  'window-over': 'the channel takes no more answers',
}

const ways: Record<Said['code'], (said: Said) => string> = {
  'too-many-steps': ({ count }) => `More than ${count} steps ran without waiting: the flow ends here.`,
  'too-many-calls': ({ count }) => `${count} calls were made since the customer wrote: the flow ends here.`,
  'outside-interval': () => 'Outside its interval.',
  'queue-gone': ({ name }) => `Queue ${name} is gone.`,
  'waits-in-queue': ({ name, seconds }) => `Waits in the queue ${name}${until(seconds)}.`,
  'agent-gone': ({ name }) => `User ${name} is no agent of this account any more.`,
  'rings-agent': ({ name, seconds }) => `Rings ${name}${until(seconds)}.`,
  'nobody-came': () => 'Nobody accepted in time.',
  holds: ({ name }) => `The conditions hold: ${onTo(name)}.`,
  'holds-not': ({ name }) => `The conditions do not hold: ${onTo(name)}.`,
  jumps: ({ name }) => `Jumps: ${onTo(name)}.`,
  'does-nothing': () => 'Does nothing.',
  line: ({ text = '' }) => text,
  'wrote-before': () => 'The contact has written to this account before.',
  'answered-before': () => 'It has answered in this interaction.',
  'cannot-answer': ({ why }) => `No answer can be sent: ${why && whys[why]}.`,
  'empty-text': () => 'Its text is empty once filled in.',
  answers: ({ text }) => `Answers “${text}”.`,
  closes: ({ name }) => (name === undefined ? 'Closes.' : `Closes with ${name}.`),
  'closes-without': () => 'Closes; its disposition is gone.',
  'tags-gone': () => 'Its tags are gone.',
  tags: ({ name }) => `Tags with ${name}.`,
  'asks-bot': () => 'Asks the bot.',
  'would-ask-bot': () => 'Would ask the bot. It is not called while trying: as if it handed over.',
  'bot-fault': ({ text }) => `The bot gave no answer: ${text}`,
  'bot-status': ({ count }) => `The bot answered ${count}.`,
  'bot-long': () => 'The bot answered more than 64 KiB.',
  'bot-unusable': ({ text }) => `The bot ${text}.`,
  'bot-says': ({ text, waits }) =>
    `${text === undefined ? 'The bot answers nothing.' : `The bot answers ${text}.`}${waits ? ' It waits for the customer’s next message.' : ''}`,
  'bot-sends-on': ({ count }) => `${counted(count)} and sends on.`,
  'bot-hands-over': ({ count }) => `${counted(count)} and hands over.`,
  'bot-waits': ({ count }) => `${counted(count)} and waits for the customer.`,
  'customer-silent': () => 'The customer wrote nothing in time.',
  'too-late': () => 'It could not be asked in time.',
  'step-gone': () => 'The step was taken out of the flow meanwhile.',
  'sends-request': ({ name }) => `Sends the request for “${name}”.`,
  'would-send-request': ({ name }) => `Would send the request for “${name}”. It is not sent while trying.`,
  'request-fault': ({ name, text }) => `The web request for “${name}” got no answer: ${text}`,
  'request-answered': ({ name, count }) => `Answered ${count}; kept in “${name}”.`,
}

export function inEnglish(said: Said): string {
  const words = ways[said.code](said)
  // What a bot has said while nothing can be sent.
  return said.why && said.code !== 'cannot-answer' ? `${words} Nothing was sent: ${whys[said.why]}.` : words
}

function until(seconds: number | undefined): string {
  return seconds === undefined ? ' until somebody accepts' : ` for ${seconds} s`
}

function onTo(step: string | undefined): string {
  return step === undefined ? 'the flow ends' : `on to ${step}`
}

function counted(count = 0): string {
  return count === 1 ? 'The bot answers' : `The bot gives ${count} answers`
}
