// The row types of the database, as the migrations make it. Written by `npm run db:dump`.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

export interface AppUserTable {
  id: GeneratedAlways<number>
  email: string
  password_hash: string
  locale: Generated<'en' | 'it'>
  verified_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface AuditEntryTable {
  id: GeneratedAlways<number>
  at: ColumnType<Date, Date | string | undefined, Date | string>
  user_id: number | null
  address: string | null
  action: string
  object: string
  object_id: number | null
  owner_id: number | null
  before: ColumnType<unknown, string | null, string | null>
  after: ColumnType<unknown, string | null, string | null>
}

export interface CatchUpTable {
  integration_id: number
  until: ColumnType<Date, Date | string, Date | string>
}

export interface ConnectAttemptTable {
  digest: Buffer
  session_id: number
  expires_at: ColumnType<Date, Date | string, Date | string>
}

export interface CustomerTable {
  integration_id: number
  person: string
  first_name: string | null
  last_name: string | null
  named_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_sign_at: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface DeletionRequestTable {
  code: string
  requested_at: ColumnType<Date, Date | string | undefined, Date | string>
  done_at: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface FacebookLoginTable {
  user_id: number
  token_sealed: Buffer
  token_expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  facebook_user_id: string
  name: string
  granted: string[]
  declined: string[]
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface FileCopyTable {
  id: GeneratedAlways<number>
  integration_id: number
  parcel_key: string
  place: number
  url: string
  kind: string
  state: Generated<'wanted' | 'here' | 'failed' | 'gone'>
  attempts: Generated<number>
  next_at: ColumnType<Date, Date | string | undefined, Date | string>
  reason: string | null
  name: string | null
  type: string | null
  size_bytes: number | null
  attachment_id: number | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface InstallationTable {
  id: Generated<number>
  key_fingerprint: string
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface IntegrationTable {
  id: GeneratedAlways<number>
  user_id: number
  kind: Generated<'facebook' | 'instagram'>
  page_id: string
  page_name: string
  facebook_user_id: string
  page_token_sealed: Buffer | null
  receive_url: string
  receive_url_sealed: Buffer | null
  account_id: number
  api_key_sealed: Buffer | null
  secret_sealed: Buffer | null
  uid_sealed: Buffer | null
  uid_digest: Buffer | null
  server_name: string | null
  messenger: Generated<boolean>
  wall_posts: Generated<boolean>
  comment_depth: Generated<number>
  wall_files: Generated<boolean>
  language: Generated<'en' | 'it'>
  state: Generated<'connected' | 'paused' | 'reconnect' | 'replaced' | 'disconnected'>
  state_reason: string | null
  state_since: ColumnType<Date, Date | string | undefined, Date | string>
  token_expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  token_checked_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  missing_permissions: Generated<string[]>
  subscribed_fields: Generated<string[]>
  subscription_checked_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_event_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_forwarded_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_reply_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_failure_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_failure: string | null
  failures_in_row: Generated<number>
  version: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  linked_page_id: string | null
  linked_page_name: string | null
  wrong_secret_since: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface LaneTable {
  id: GeneratedAlways<number>
  integration_id: number
  direction: 'in' | 'out'
  conversation: string
  next_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  is_claimed: Generated<boolean>
  fence: Generated<number>
}

export interface LaneEndTable {
  integration_id: number
  direction: 'in' | 'out'
  failures: Generated<number>
  held_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  complaint: string | null
  succeeded_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  freed: Generated<number>
}

export interface MailCodeTable {
  user_id: number
  purpose: 'verify' | 'reset'
  digest: Buffer | null
  tries: Generated<number>
  expires_at: ColumnType<Date, Date | string, Date | string>
  password_hash: string | null
}

export interface PairingTable {
  code_digest: Buffer
  target_sealed: Buffer
  server_name: string
  host: string
  address: string
  expires_at: ColumnType<Date, Date | string, Date | string>
}

export interface ParcelTable {
  id: GeneratedAlways<number>
  lane_id: number
  integration_id: number
  direction: string
  key: string
  content: ColumnType<unknown, string, string>
  happened_at: ColumnType<Date, Date | string, Date | string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  attempts: Generated<number>
  state: Generated<'pending' | 'done' | 'dead'>
  reason: string | null
  ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  taken_as: number | null
}

export interface SchemaMigrationTable {
  number: number
  name: string
  checksum: string
  applied_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface SentTable {
  id: GeneratedAlways<number>
  integration_id: number
  parcel_id: number
  part: number
  is_last: boolean
  answer_id: number
  person: string
  thread_id: string | null
  message_id: string | null
  status: Generated<'asked' | 'sent' | 'delivered' | 'read'>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  sent_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  private_to: string | null
  words_digest: string | null
}

export interface SessionTable {
  id: GeneratedAlways<number>
  digest: Buffer
  user_id: number
  address: string
  user_agent: string | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  last_used_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date, Date | string, Date | string>
}

export interface WallPlaceTable {
  integration_id: number
  thread_id: string
  person: string
  answer_to: string
}

export interface DB {
  app_user: AppUserTable
  audit_entry: AuditEntryTable
  catch_up: CatchUpTable
  connect_attempt: ConnectAttemptTable
  customer: CustomerTable
  deletion_request: DeletionRequestTable
  facebook_login: FacebookLoginTable
  file_copy: FileCopyTable
  installation: InstallationTable
  integration: IntegrationTable
  lane: LaneTable
  lane_end: LaneEndTable
  mail_code: MailCodeTable
  pairing: PairingTable
  parcel: ParcelTable
  schema_migration: SchemaMigrationTable
  sent: SentTable
  session: SessionTable
  wall_place: WallPlaceTable
}
