/** Entries of a delivery log for tests. */
import type { LogAttempt, LogEntry, LogRow } from '@patchbay/protocol/api/log.ts'

export function logRow(change: Partial<LogRow> = {}): LogRow {
  return {
    id: 'd1',
    at: '2026-11-20T12:31:04.120Z',
    accountId: 1,
    direction: 'out',
    event: 'reply',
    interactionId: 12,
    messageId: 40,
    deliveryId: 7,
    state: 'delivered',
    status: 200,
    code: null,
    reason: null,
    note: null,
    askedBy: null,
    attempt: 1,
    attempts: 30,
    durationMs: 38,
    nextAt: null,
    ...change,
  }
}

export function logAttempt(change: Partial<LogAttempt> = {}): LogAttempt {
  return {
    attempt: 1,
    startedAt: '2026-11-20T12:31:04.120Z',
    durationMs: 38,
    status: 200,
    error: null,
    method: 'POST',
    url: 'https://api.nord.example/reply',
    request: {
      headers: { 'content-type': 'application/json', 'webhook-signature': '…' },
      body: '{"id":40,"body":"Hello"}',
      sizeBytes: 24,
    },
    response: { headers: {}, body: 'ok', sizeBytes: 2 },
    timing: { dnsMs: 2, connectMs: 6, tlsMs: 10, firstByteMs: 18 },
    ...change,
  }
}

export function logEntry(change: Partial<LogEntry> = {}): LogEntry {
  return {
    row: logRow(),
    attempts: [logAttempt()],
    diagnosis: { diagnosis: 'ok', detail: 'It answered 200 OK after 38 ms.' },
    curl: `curl -X POST 'https://api.nord.example/reply'`,
    ...change,
  }
}
