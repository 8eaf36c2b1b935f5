// The row types of the database, as the migrations make it. Written by `npm run db:dump`.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

export interface AccountTable {
  id: GeneratedAlways<number>
  uid: Generated<string>
  name: string
  reply_url: Generated<string>
  list_id: number
  description: Generated<string>
  map_key: string | null
  map_key_description: Generated<string>
  token_digest: Buffer
  token_sealed: Buffer
  old_token_digest: Buffer | null
  old_token_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  secret_sealed: Buffer
  old_secret_sealed: Buffer | null
  old_secret_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  update_rule: Generated<'fill' | 'never' | 'overwrite'>
  reopen_within_minutes: Generated<number>
  notification_template: Generated<string>
  attachment_limit_bytes: number | null
  file_lifetime_hours: number | null
  body_limit_bytes: Generated<number>
  rate_per_second: Generated<number>
  rate_burst: Generated<number>
  actions: ColumnType<unknown, string | undefined, string>
  version: Generated<number>
  first_message_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  deleted_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  require_signature: Generated<boolean>
  sandbox: Generated<boolean>
  keep_bodies: Generated<boolean>
  events_url: Generated<string>
  events: Generated<string[]>
  alarm_email: Generated<string>
  alarm_url: Generated<string>
  alarm_after_failures: Generated<number>
  disposition_required: Generated<boolean>
}

export interface AccountAgentTable {
  account_id: number
  user_id: number
}

export interface AccountMemberTable {
  account_id: number | null
  user_id: number | null
}

export interface AccountTeamTable {
  account_id: number
  team_id: number
}

export interface ActionCallTable {
  interaction_id: number
  account_id: number
  run_id: number
  step_id: string
  state: 'due' | 'talking'
  webhook_id: string
  message_id: number | null
  seq: number
  due_at: ColumnType<Date, Date | string, Date | string>
  give_up_at: ColumnType<Date, Date | string, Date | string>
  fence: Generated<number>
}

export interface ActionRunTable {
  id: GeneratedAlways<number>
  interaction_id: number
  account_id: number
  started_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  lines: ColumnType<unknown, string | undefined, string>
  vars: ColumnType<unknown, string | undefined, string>
  answered: Generated<string[]>
  calls: Generated<number>
}

export interface AlarmTable {
  id: GeneratedAlways<number>
  account_id: number
  purpose: number
  reason: string
  since: ColumnType<Date, Date | string | undefined, Date | string>
  ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  mailed_opened: Generated<boolean>
  mailed_ended: Generated<boolean>
}

export interface ApiKeyTable {
  id: GeneratedAlways<number>
  user_id: number
  name: string
  start: string
  last4: string
  digest: Buffer
  scopes: string[] | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_used_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_used_ip: string | null
  replaced_by: number | null
}

export interface AppUserTable {
  id: GeneratedAlways<number>
  email: string
  name: string
  fullname: string
  role: 'admin' | 'supervisor' | 'agent'
  password_hash: string | null
  capacity: Generated<number>
  locale: Generated<'en' | 'it'>
  disabled_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  role_id: number | null
  sso_issuer: string | null
  sso_subject: string | null
  version: Generated<number>
}

export interface ArrivalSheetTable {
  id: GeneratedAlways<number>
  account_id: number
  from_at: ColumnType<Date, Date | string, Date | string>
  to_at: ColumnType<Date, Date | string, Date | string>
  count: number
  refused: number
  entries: Buffer
  bodies: Buffer | null
}

export interface AttachmentTable {
  id: GeneratedAlways<number>
  name: string
  type: string
  size_bytes: number
  path: string
  digest: Buffer
  user_id: number | null
  account_id: number | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  removed_at: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface AuditEntryTable {
  id: GeneratedAlways<number>
  at: ColumnType<Date, Date | string | undefined, Date | string>
  user_id: number | null
  key_id: number | null
  address: string | null
  action: string
  object: string
  object_id: number | null
  before: ColumnType<unknown, string | null, string | null>
  after: ColumnType<unknown, string | null, string | null>
}

export interface BusinessIntervalTable {
  id: GeneratedAlways<number>
  name: string
  time_zone: string
  always: Generated<boolean>
  ranges: ColumnType<unknown, string | undefined, string>
  holidays: ColumnType<unknown, string | undefined, string>
  version: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface CallRecordTable {
  id: GeneratedAlways<number>
  account_id: number
  interaction_id: number
  message_id: number | null
  event: 'bot' | 'web-request' | 'trigger'
  asked_by: string
  key: string
  state: 'pending' | 'delivered' | 'failed' | 'dead'
  attempt_limit: number
  started_at: ColumnType<Date, Date | string, Date | string>
  attempts: ColumnType<unknown, string, string>
}

export interface ChannelEventTable {
  account_id: number
  event_id: string
  at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface ContactTable {
  id: Generated<number>
  list_id: number
  first_name: string | null
  last_name: string | null
  tags: Generated<string[]>
  street: string | null
  postal_code: string | null
  city: string | null
  country: string | null
  date_of_birth: string | null
  description: string | null
  phone: string | null
  mobile: string | null
  fax: string | null
  email: string | null
  url: string | null
  facebook: string | null
  twitter: string | null
  skype: string | null
  custom: ColumnType<unknown, string | undefined, string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface ContactKeyTable {
  list_id: number
  field: string
  value: string
  contact_id: number
  claimed: Generated<boolean>
}

export interface CustomFieldTable {
  id: GeneratedAlways<number>
  list_id: number | null
  name: string
  type: 'text' | 'select' | 'number' | 'switch' | 'datetime' | 'url'
  required: Generated<boolean>
  options: string[] | null
  position: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
  link: Generated<string>
}

export interface DeliveryTable {
  id: Generated<number>
  interaction_id: number
  account_id: number
  message_id: number | null
  webhook_id: string
  state: Generated<'pending' | 'delivered' | 'failed' | 'dead'>
  attempts: Generated<number>
  next_at: ColumnType<Date, Date | string | undefined, Date | string>
  last_status: number | null
  last_error: string | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  purpose: Generated<number>
  event: Generated<string>
  payload: ColumnType<unknown, string | null, string | null>
  replayed_as: number | null
}

export interface DeliveryAttemptTable {
  id: GeneratedAlways<number>
  delivery_id: number
  account_id: number
  attempt: number
  started_at: ColumnType<Date, Date | string, Date | string>
  duration_ms: number
  status: number | null
  error: string | null
  request_body: string | null
  response_body: string | null
  details: ColumnType<unknown, string | null, string | null>
}

export interface DispositionTable {
  id: GeneratedAlways<number>
  parent_id: number | null
  name: string
  level: number
  position: Generated<number>
  list_id: number | null
  account_id: number | null
  queue_id: number | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface DispositionTreeTable {
  id: number | null
  name: string | null
  path: string | null
  parent_id: number | null
  level: number | null
  position: number | null
  list_id: number | null
  account_id: number | null
  queue_id: number | null
  created_at: Date | null
  sort: number[] | null
  version: number | null
}

export interface EchoTable {
  id: GeneratedAlways<number>
  account_id: number
  received_at: ColumnType<Date, Date | string | undefined, Date | string>
  headers: ColumnType<unknown, string, string>
  body: string
}

export interface EndpointTable {
  id: number
  account_id: number
  purpose: number
  state: Generated<'closed' | 'open' | 'ramping'>
  since: ColumnType<Date, Date | string | undefined, Date | string>
  failures: Generated<number>
  refusals: Generated<number>
  last_error: string | null
  probes: Generated<number>
  probe_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  not_before: ColumnType<Date | null, Date | string | null, Date | string | null>
  ramp: Generated<number>
  probed_at: ColumnType<Date[], (Date | string)[] | undefined, (Date | string)[]>
}

export interface EventTable {
  interaction_id: number
  seq: number
  type: string
  message_id: number | null
  user_id: number | null
  data: ColumnType<unknown, string | null, string | null>
  at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface InstallationTable {
  id: number
  key_fingerprint: string
  setup_digest: Buffer | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface InteractionTable {
  id: Generated<number>
  account_id: number
  contact_id: number
  thread_id: Generated<string>
  state: Generated<'new' | 'queued' | 'offered' | 'assigned' | 'closed'>
  user_id: number | null
  queue_id: number | null
  seq: Generated<number>
  to_address: string | null
  external_url: string | null
  subject: string | null
  unread: Generated<number>
  last_message_id: number | null
  last_message_at: ColumnType<Date, Date | string | undefined, Date | string>
  last_message_direction: string | null
  last_message_preview: string | null
  waiting_since: ColumnType<Date | null, Date | string | null, Date | string | null>
  first_reply_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  disposition: string | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  assigned_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  closed_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  closed_by: number | null
  window_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  human_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  disposition_id: number | null
}

export interface InteractionLogTable {
  interaction_id: number | null
  seq: number | null
  type: string | null
  message_id: number | null
  user_id: number | null
  data: unknown
  at: Date | null
}

export interface InteractionTagTable {
  interaction_id: number
  tag_id: number
}

export interface LaneTable {
  interaction_id: number
  account_id: number
  next_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  fence: Generated<number>
  purpose: Generated<number>
  parked_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  claimed: Generated<boolean>
}

export interface ListTable {
  id: GeneratedAlways<number>
  name: string
  description: Generated<string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface MessageTable {
  id: Generated<number>
  interaction_id: number
  account_id: number
  contact_id: number
  seq: number
  direction: 'in' | 'out'
  secret: Generated<boolean>
  body: string
  attachment_id: number | null
  user_id: number | null
  sent_by: string | null
  client_id: string | null
  part: Generated<number>
  channel_id: string | null
  written_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  status: 'received' | 'note' | 'queued' | 'sending' | 'retrying' | 'sent' | 'delivered' | 'read' | 'failed'
  status_reason: string | null
  next_attempt_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  status_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  marked: Generated<boolean>
  edited_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  deleted_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  reactions: string[] | null
  elsewhere: Generated<boolean>
}

export interface MessageTriggerTable {
  id: GeneratedAlways<number>
  name: string
  position: number
  enabled: Generated<boolean>
  direction: 'in' | 'out' | 'both'
  account_ids: number[] | null
  interval_id: number | null
  conditions: ColumnType<unknown, string | undefined, string>
  actions: ColumnType<unknown, string | undefined, string>
  fired: Generated<number>
  last_fired_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  version: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface OfferTable {
  id: GeneratedAlways<number>
  interaction_id: number
  queue_id: number | null
  user_id: number
  state: Generated<'open' | 'accepted' | 'declined' | 'timeout' | 'taken' | 'withdrawn'>
  reason: string | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date, Date | string, Date | string>
  ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  team_id: number | null
  takes_slot: Generated<boolean>
}

export interface PasswordLinkTable {
  user_id: number
  digest: Buffer
  kind: 'invitation' | 'reset'
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date, Date | string, Date | string>
}

export interface PauseTable {
  id: GeneratedAlways<number>
  name: string
  key: string | null
  minutes: number | null
  place: Generated<number>
  version: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface PopupTable {
  id: GeneratedAlways<number>
  interaction_id: number
  trigger_id: number
  place: number
  title: string
  body: string
  url: string | null
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface PresenceTable {
  user_id: number
  state: Generated<'available' | 'paused' | 'offline' | 'wrap-up' | 'not-answering'>
  reason: string | null
  since: ColumnType<Date, Date | string | undefined, Date | string>
  lease_until: ColumnType<Date, Date | string | undefined, Date | string>
  by_program: Generated<boolean>
  last_engaged_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  until: ColumnType<Date | null, Date | string | null, Date | string | null>
  cause: Generated<'never' | 'self' | 'supervisor' | 'missed' | 'wrap-up' | 'silent' | 'signed-out'>
  set_by: number | null
  note: string | null
  missed: Generated<number>
  away_since: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface PresenceNowTable {
  user_id: number | null
  presence: unknown
}

export interface PresencePeriodTable {
  id: GeneratedAlways<number>
  user_id: number
  state: string
  reason: string | null
  cause: string
  by_user_id: number | null
  note: string | null
  since: ColumnType<Date, Date | string, Date | string>
  until: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface PresenceRuleTable {
  id: Generated<number>
  pause_needs_reason: Generated<boolean>
  missed_offers: Generated<number | null>
  paused_is_absent: Generated<boolean>
  absent_minutes: Generated<number | null>
  version: Generated<number>
}

export interface QueueTable {
  id: GeneratedAlways<number>
  name: string
  description: Generated<string>
  strategy: Generated<'rrmemory' | 'beepall' | 'leastrecent' | 'fewestactive'>
  agent_timeout_seconds: Generated<number>
  weight: Generated<number>
  last_user_id: number | null
  version: Generated<number>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  group_name: Generated<string>
  wrap_up_seconds: Generated<number>
  auto_answer: Generated<boolean>
  disposition_required: Generated<boolean>
}

export interface QueueAgentTable {
  queue_id: number
  user_id: number
}

export interface QueueEntryTable {
  interaction_id: number
  account_id: number
  queue_id: number | null
  entered_at: ColumnType<Date, Date | string | undefined, Date | string>
  until: ColumnType<Date | null, Date | string | null, Date | string | null>
  step_id: string | null
  user_id: number | null
  team_id: number | null
  kind: GeneratedAlways<number>
  target_id: GeneratedAlways<number>
  return_to: number | null
}

export interface QueueMemberTable {
  queue_id: number | null
  user_id: number | null
}

export interface QueueSkillTable {
  queue_id: number
  skill_id: number
  after_seconds: number
  level: number
}

export interface QueueTeamTable {
  queue_id: number
  team_id: number
}

export interface RecoveryCodeTable {
  user_id: number
  digest: Buffer
}

export interface RelayTable {
  id: GeneratedAlways<number>
  url: string
  server_id: string
  key_sealed: Buffer
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface ReplayTable {
  id: GeneratedAlways<number>
  account_id: number
  since: ColumnType<Date, Date | string, Date | string>
  until_id: number
  position: Generated<number>
  per_second: number
  next_at: ColumnType<Date, Date | string | undefined, Date | string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
}

export interface RoleTable {
  id: GeneratedAlways<number>
  name: string
  preset: 'admin' | 'supervisor' | 'agent' | 'integrator' | 'read-only' | null
  permissions: Generated<string[]>
  may_answer: GeneratedAlways<boolean>
  sees_all: GeneratedAlways<boolean>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface RouteRequestTable {
  interaction_id: number
  account_id: number
}

export interface SchemaMigrationTable {
  number: number
  name: string
  checksum: string
  applied_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface SecondFactorTable {
  user_id: number
  secret_sealed: Buffer
  confirmed_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  last_step: Generated<number>
  failures: Generated<number>
  failures_since: ColumnType<Date, Date | string | undefined, Date | string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface SenderMessageTable {
  account_id: number
  sender_id: string
  message_id: number
  content: Buffer
}

export interface SessionTable {
  digest: Buffer
  user_id: number
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  last_used_at: ColumnType<Date, Date | string | undefined, Date | string>
  expires_at: ColumnType<Date, Date | string, Date | string>
  address: string | null
  user_agent: string | null
  viewed_user_id: number | null
  viewed_until: ColumnType<Date | null, Date | string | null, Date | string | null>
  id: GeneratedAlways<number>
  via: Generated<'password' | 'second-factor' | 'single-sign-on'>
}

export interface SignInChallengeTable {
  digest: Buffer
  user_id: number
  purpose: 'code' | 'set-up'
  tries: Generated<number>
  expires_at: ColumnType<Date, Date | string, Date | string>
}

export interface SignInRoleTable {
  role_id: number
}

export interface SignInSettingTable {
  id: Generated<number>
  password_for: Generated<'everybody' | 'admins'>
  sso_enabled: Generated<boolean>
  sso_issuer: Generated<string>
  sso_client_id: Generated<string>
  sso_secret_sealed: Buffer | null
  sso_button: Generated<string>
  sso_domains: Generated<string[]>
  sso_creates_users: Generated<boolean>
  sso_role_id: number | null
  version: Generated<number>
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface SignInTeamTable {
  team_id: number
}

export interface SkillTable {
  id: GeneratedAlways<number>
  name: string
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface TagTable {
  id: GeneratedAlways<number>
  name: string
  color: Generated<string>
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface TeamTable {
  id: GeneratedAlways<number>
  name: string
  created_at: ColumnType<Date, Date | string | undefined, Date | string>
  version: Generated<number>
}

export interface TeamMemberTable {
  team_id: number
  user_id: number
}

export interface TriggerRequestTable {
  message_id: number
  interaction_id: number
  attempts: Generated<number>
  not_before: ColumnType<Date, Date | string | undefined, Date | string>
}

export interface UserSkillTable {
  user_id: number
  skill_id: number
  level: number
}

export interface DB {
  account: AccountTable
  account_agent: AccountAgentTable
  account_member: AccountMemberTable
  account_team: AccountTeamTable
  action_call: ActionCallTable
  action_run: ActionRunTable
  alarm: AlarmTable
  api_key: ApiKeyTable
  app_user: AppUserTable
  arrival_sheet: ArrivalSheetTable
  attachment: AttachmentTable
  audit_entry: AuditEntryTable
  business_interval: BusinessIntervalTable
  call_record: CallRecordTable
  channel_event: ChannelEventTable
  contact: ContactTable
  contact_key: ContactKeyTable
  custom_field: CustomFieldTable
  delivery: DeliveryTable
  delivery_attempt: DeliveryAttemptTable
  disposition: DispositionTable
  disposition_tree: DispositionTreeTable
  echo: EchoTable
  endpoint: EndpointTable
  event: EventTable
  installation: InstallationTable
  interaction: InteractionTable
  interaction_log: InteractionLogTable
  interaction_tag: InteractionTagTable
  lane: LaneTable
  list: ListTable
  message: MessageTable
  message_trigger: MessageTriggerTable
  offer: OfferTable
  password_link: PasswordLinkTable
  pause: PauseTable
  popup: PopupTable
  presence: PresenceTable
  presence_now: PresenceNowTable
  presence_period: PresencePeriodTable
  presence_rule: PresenceRuleTable
  queue: QueueTable
  queue_agent: QueueAgentTable
  queue_entry: QueueEntryTable
  queue_member: QueueMemberTable
  queue_skill: QueueSkillTable
  queue_team: QueueTeamTable
  recovery_code: RecoveryCodeTable
  relay: RelayTable
  replay: ReplayTable
  role: RoleTable
  route_request: RouteRequestTable
  schema_migration: SchemaMigrationTable
  second_factor: SecondFactorTable
  sender_message: SenderMessageTable
  session: SessionTable
  sign_in_challenge: SignInChallengeTable
  sign_in_role: SignInRoleTable
  sign_in_setting: SignInSettingTable
  sign_in_team: SignInTeamTable
  skill: SkillTable
  tag: TagTable
  team: TeamTable
  team_member: TeamMemberTable
  trigger_request: TriggerRequestTable
  user_skill: UserSkillTable
}
