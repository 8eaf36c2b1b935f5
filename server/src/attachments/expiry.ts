/** Deletes the bytes of files whose lifetime is over. A download refuses them from the very moment on, whenever this comes by. */
import type { Chores } from '@patchbay/kit/chores.ts'
import type { Context } from '../context.ts'
import { removeFile, removeUnfinished } from './files.ts'
import { removeOrphans } from './orphans.ts'

const AT_ONCE = 100

/** Answers how many files went. */
export async function removeExpired(ctx: Pick<Context, 'db' | 'config'>): Promise<number> {
  const expired = await ctx.db
    .selectFrom('attachment')
    .select(['id', 'path'])
    .where('removed_at', 'is', null)
    .where(({ eb, fn }) => eb('expires_at', '<=', fn<Date>('now')))
    .orderBy('expires_at')
    .limit(AT_ONCE)
    .execute()
  if (expired.length === 0) return 0
  // The bytes first: a row that says removed is never looked at again.
  for (const { path } of expired) await removeFile(ctx.config.attachmentsDir, path)
  await ctx.db
    .updateTable('attachment')
    .set({ removed_at: new Date() })
    .where(({ eb, val }) => eb('id', '=', eb.fn.any(val(expired.map(({ id }) => id)))))
    .execute()
  return expired.length
}

export function attachmentChores(ctx: Pick<Context, 'db' | 'config' | 'log'>): Chores {
  return {
    'remove-expired-files': {
      every: '* * * * *',
      async run(_payload, stopping) {
        while ((await removeExpired(ctx)) === AT_ONCE && !stopping.aborted);
      },
    },
    'remove-forgotten-uploads': {
      every: '17 * * * *',
      run: () => removeUnfinished(ctx.config.attachmentsDir),
    },
    'remove-orphaned-files': {
      every: '20 2 * * *',
      run: async (_payload, stopping) => void (await removeOrphans(ctx, stopping)),
    },
  }
}
