/** How much of its limits an app or a page has used, as Meta says in the headers of its answers. */

export interface Usage {
  /** Percent of the limit that is nearest; 100 and more: no calls are taken. */
  percent: number
  /** When calls are taken again. */
  regainMs: number | undefined
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

export function readUsage(headers: Headers): Usage {
  const app = parse(headers['x-app-usage'])
  const business = parse(headers['x-business-use-case-usage'])
  const lists = typeof business === 'object' && business !== null ? Object.values(business).flat() : []
  const entries = [app, ...lists].filter(isRecord)
  const percents = entries.flatMap(({ call_count, total_time, total_cputime }) =>
    [call_count, total_time, total_cputime].filter((value) => typeof value === 'number'),
  )
  const minutes = entries
    .map(({ estimated_time_to_regain_access }) => estimated_time_to_regain_access)
    .filter((value) => typeof value === 'number')
  const longest = Math.max(0, ...minutes)
  return { percent: Math.max(0, ...percents), regainMs: longest > 0 ? longest * 60_000 : undefined }
}

function parse(header: string | string[] | undefined): unknown {
  try {
    return JSON.parse(String(header ?? 'null'))
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
