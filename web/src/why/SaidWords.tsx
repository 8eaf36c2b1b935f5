/** What a step did, in the language of the desk; one of before, in the words it was kept with. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Said } from '@patchbay/protocol/said.ts'
import type { ReactNode } from 'react'

export interface SaidWordsProps {
  said: Said | undefined
  words: string
  /** How a step is called; else by its id. */
  nameOf?: (stepId: string) => string
}

// The only one of its file, since it is loaded by itself.
export default function SaidWords({ said, words, nameOf = (id) => id }: SaidWordsProps): ReactNode {
  const { t } = useLingui()
  if (!said) return words
  const { code, seconds, waits, why, text = '', count = 0 } = said
  const name = <bdi>{said.name}</bdi>
  const quoted = <bdi>{text}</bdi>
  const step = <bdi>{said.name === undefined ? t`the end of the flow` : nameOf(said.name)}</bdi>
  const whys = {
    'no-reply-url': t`the account has no Reply URL`,
    'window-over': t`the channel takes no more answers`,
  }
  const reason = why && whys[why]
  const answers = (
    <Plural
      value={count}
      _0="The bot answers nothing"
      one="The bot answers"
      other="The bot gives # answers"
    />
  )
  const unsent = reason && code !== 'cannot-answer' ? <Trans>Nothing was sent: {reason}.</Trans> : null
  const all: Record<Said['code'], () => ReactNode> = {
    'too-many-steps': () => <Trans>More than {count} steps ran without waiting: the flow ends here.</Trans>,
    'too-many-calls': () => (
      <Trans>{count} calls were made since the customer wrote: the flow ends here.</Trans>
    ),
    'outside-interval': () => <Trans>Outside its interval.</Trans>,
    'queue-gone': () => <Trans>Queue {name} is gone.</Trans>,
    'waits-in-queue': () =>
      seconds === undefined ? (
        <Trans>Waits in the queue {name} until somebody accepts.</Trans>
      ) : (
        <Trans>
          Waits in the queue {name} for {seconds} s.
        </Trans>
      ),
    'agent-gone': () => <Trans>User {name} is no agent of this account any more.</Trans>,
    'rings-agent': () =>
      seconds === undefined ? (
        <Trans>Rings {name} until somebody accepts.</Trans>
      ) : (
        <Trans>
          Rings {name} for {seconds} s.
        </Trans>
      ),
    'nobody-came': () => <Trans>Nobody accepted in time.</Trans>,
    holds: () => <Trans>The conditions hold: on to {step}.</Trans>,
    'holds-not': () => <Trans>The conditions do not hold: on to {step}.</Trans>,
    jumps: () => <Trans>Jumps to {step}.</Trans>,
    'does-nothing': () => <Trans>Does nothing.</Trans>,
    line: () => quoted,
    'wrote-before': () => <Trans>The contact has written to this account before.</Trans>,
    'answered-before': () => <Trans>It has answered in this interaction.</Trans>,
    'cannot-answer': () => <Trans>No answer can be sent: {reason}.</Trans>,
    'empty-text': () => <Trans>Its text is empty once filled in.</Trans>,
    answers: () => <Trans>Answers “{quoted}”.</Trans>,
    closes: () => (said.name === undefined ? <Trans>Closes.</Trans> : <Trans>Closes with {name}.</Trans>),
    'closes-without': () => <Trans>Closes; its disposition is gone.</Trans>,
    'tags-gone': () => <Trans>Its tags are gone.</Trans>,
    tags: () => <Trans>Tags with {name}.</Trans>,
    'asks-bot': () => <Trans>Asks the bot.</Trans>,
    'would-ask-bot': () => (
      <Trans>Would ask the bot. It is not called while trying: as if it handed over.</Trans>
    ),
    'bot-fault': () => <Trans>The bot gave no answer: {quoted}</Trans>,
    'bot-status': () => <Trans>The bot answered {count}.</Trans>,
    'bot-long': () => <Trans>The bot answered more than 64 KiB.</Trans>,
    'bot-unusable': () => <Trans>The bot’s answer is of no use: {quoted}</Trans>,
    'bot-says': () => (
      <>
        {text === '' ? <Trans>The bot answers nothing.</Trans> : <Trans>The bot answers {quoted}.</Trans>}{' '}
        {waits ? <Trans>It waits for the customer’s next message.</Trans> : null}
      </>
    ),
    'bot-sends-on': () => <Trans>{answers} and sends on.</Trans>,
    'bot-hands-over': () => <Trans>{answers} and hands over.</Trans>,
    'bot-waits': () => <Trans>{answers} and waits for the customer.</Trans>,
    'customer-silent': () => <Trans>The customer wrote nothing in time.</Trans>,
    'too-late': () => <Trans>It could not be asked in time.</Trans>,
    'step-gone': () => <Trans>The step was taken out of the flow meanwhile.</Trans>,
    'sends-request': () => <Trans>Sends the request for “{name}”.</Trans>,
    'would-send-request': () => (
      <Trans>Would send the request for “{name}”. It is not sent while trying.</Trans>
    ),
    'request-fault': () => (
      <Trans>
        The web request for “{name}” got no answer: {quoted}
      </Trans>
    ),
    'request-answered': () => (
      <Trans>
        Answered {count}; kept in “{name}”.
      </Trans>
    ),
  }
  // One that a newer server says is told in its words.
  const told = all[code] as (() => ReactNode) | undefined
  return told ? (
    <>
      {told()} {unsent}
    </>
  ) : (
    words
  )
}
