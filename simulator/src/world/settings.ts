/** What can be set about the box: switches for what Meta does not document, and faults. Neither is saved. */

export interface Switches {
  /** HTTP status by error, `190` or `190/463`; 400 where nothing is said. */
  statusOf: Record<string, number>
  subscribedApps: 'replace' | 'merge'
  /** How `subscribed_apps` says that it worked. */
  success: 'string' | 'boolean'
  sticker: 'sticker' | 'both' | 'image'
  hasFromName: boolean
  /** What is answered of a profile that may not be seen. */
  hiddenProfile: 'empty' | 'error'
  /** `#_=_` behind the address to which the dialog returns. */
  hasFragment: boolean
  hasStateOnCancel: boolean
  /** The customer's device says at once that a message arrived, and that it was read. */
  receipts: 'none' | 'delivered' | 'read'
  cdnLifeMs: number
  shortTokenMs: number
  longTokenMs: number
}

export function usualSwitches(): Switches {
  return {
    statusOf: {},
    subscribedApps: 'replace',
    success: 'string',
    sticker: 'sticker',
    hasFromName: true,
    hiddenProfile: 'empty',
    hasFragment: true,
    hasStateOnCancel: true,
    receipts: 'delivered',
    cdnLifeMs: 48 * 3_600_000,
    shortTokenMs: 2 * 3_600_000,
    longTokenMs: 5_183_944_000,
  }
}

/** What happens to one of the next calls of the Graph API. */
export interface NextFault {
  /** Only calls whose `METHOD /path` contains this. */
  match?: string
  times?: number
  status?: number
  error?: { code: number; subcode?: number; message?: string; isTransient?: boolean }
  delayMs?: number
  /** The connection is cut before the call has done anything, or after it has done everything. */
  cut?: 'before' | 'after'
}

export interface Faults {
  next: NextFault[]
  /** Each delivery is sent so many times more. */
  duplicates: number
  /** Deliveries wait until they are released, in batches and another order. */
  holds: boolean
  signature: 'good' | 'bad' | 'missing' | 'sha1'
  hasUnknownFields: boolean
  hasNumberIds: boolean
  hasSeconds: boolean
  cdn: { status?: number; type?: string; sizeBytes?: number; delayMs?: number }
  /** Page or app -> until when it is throttled, in ms, and with which error. */
  limited: Map<string, { until: number; code: number }>
}

export function noFaults(): Faults {
  return {
    next: [],
    duplicates: 0,
    holds: false,
    signature: 'good',
    hasUnknownFields: false,
    hasNumberIds: false,
    hasSeconds: false,
    cdn: {},
    limited: new Map(),
  }
}
