/** Mails of alarms: one when it is opened, one when it has ended, to the address that the account names at that moment. */

import type { Chores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import type { Context } from '../../context.ts'
import { type Alarm, takeUnmailed } from '../../delivery/alarms.ts'

const AT_ONCE = 100

/** Answers how many alarms it looked at. */
export async function mailAlarms(ctx: Pick<Context, 'db' | 'config'>): Promise<number> {
  return transaction(ctx.db, async (tx) => {
    const alarms = await takeUnmailed(tx, AT_ONCE)
    for (const alarm of alarms) {
      if (alarm.alarm_email === '') continue
      for (const letter of lettersOf(alarm, `${ctx.config.publicUrl}/admin/accounts/${alarm.account_id}`))
        await queueMail(tx, writeMail(alarm.alarm_email, letter))
    }
    return alarms.length
  })
}

function lettersOf(alarm: Alarm, url: string) {
  const what = alarm.purpose === 0 ? 'Answers' : 'Events'
  const link = { label: 'Open the account', url }
  const opened = {
    subject: `${what} of ${alarm.name} are not delivered`,
    paragraphs: [
      `Since ${instant(alarm.since)} deliveries of the account ${alarm.name} fail: ${alarm.reason}`,
      'Nothing is lost: what waits is tried again for 72 hours, and what was given up can be replayed for 30 days. You are told once more when it works again.',
    ],
    link,
  }
  const ended = {
    subject: `${what} of ${alarm.name} are delivered again`,
    paragraphs: [
      `Deliveries of the account ${alarm.name} work again since ${instant(alarm.ended_at ?? alarm.since)}. They had failed since ${instant(alarm.since)}: ${alarm.reason}`,
      'What waited is on its way. What was refused meanwhile can be delivered again from the delivery log.',
    ],
    link,
  }
  return [...(alarm.mailed_opened ? [] : [opened]), ...(alarm.ended_at === null ? [] : [ended])]
}

const instant = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

export function alarmChores(ctx: Pick<Context, 'db' | 'config'>): Chores {
  return {
    'mail-alarms': {
      every: '* * * * *',
      async run(_payload, stopping) {
        while ((await mailAlarms(ctx)) === AT_ONCE && !stopping.aborted);
      },
    },
  }
}
