/** Mails are chores: queued in the transaction that gives them a reason, sent after it, tried again for a day. */
import { addChore, type Chores } from '../chores/chores.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import type { Mail } from './letter.ts'
import { openPost } from './post.ts'

/** The waits grow from 3 s to 6 h: thirteen attempts are 28 hours. */
const ATTEMPTS = 13

/** A mail waits in the database as it is written. One that carries a link which opens a door is written by the chore that sends it instead. */
export async function queueMail(tx: Tx, mail: Mail): Promise<void> {
  await addChore(tx, 'send-mail', mail, { attempts: ATTEMPTS })
}

export function mailChores(ctx: Pick<Context, 'config' | 'log'>): Chores {
  const post = openPost(ctx)
  return { 'send-mail': { run: (mail, stopping) => post.send(mail as Mail, stopping) } }
}
