/** Mails are chores: queued in the transaction that gives them a reason, sent after it, tried again for a day. */
import type { Transaction } from 'kysely'
import { addChore, type Chores } from './chores.ts'
import type { Mail } from './letter.ts'
import { openPost, type PostOffice } from './post.ts'

/** The waits grow from 3 s to 6 h: thirteen attempts are 28 hours. */
const ATTEMPTS = 13

/** A mail waits in the database as it is written. One that carries a link which opens a door is written by the chore that sends it instead. */
export async function queueMail<DB>(tx: Transaction<DB>, mail: Mail): Promise<void> {
  await addChore(tx, 'send-mail', mail, { attempts: ATTEMPTS })
}

export function mailChores(office: PostOffice): Chores {
  const post = openPost(office)
  return { 'send-mail': { run: (mail, stopping) => post.send(mail as Mail, stopping) } }
}
