/** Which room of which program writes which table. */

type Tables = Readonly<Record<string, readonly string[]>>

const server: Tables = {
  access: ['session', 'api_key', 'sign_in_challenge'],
  accounts: ['account', 'account_agent', 'account_team', 'echo'],
  actions: ['action_call', 'action_run'],
  arrivals: ['arrival_sheet'],
  attachments: ['attachment'],
  audit: ['audit_entry'],
  contacts: ['contact', 'contact_key', 'custom_field', 'list', 'tag'],
  delivery: ['alarm', 'call_record', 'delivery', 'delivery_attempt', 'endpoint', 'lane', 'replay'],
  interactions: ['channel_event', 'interaction', 'interaction_tag', 'message', 'sender_message'],
  dispositions: ['disposition'],
  intervals: ['business_interval'],
  people: [
    'app_user',
    'installation',
    'password_link',
    'recovery_code',
    'role',
    'second_factor',
    'sign_in_role',
    'sign_in_setting',
    'sign_in_team',
    'team',
    'team_member',
  ],
  push: ['event'],
  relays: ['relay'],
  routing: [
    'offer',
    'pause',
    'presence',
    'presence_period',
    'presence_rule',
    'queue',
    'queue_agent',
    'queue_entry',
    'queue_skill',
    'queue_team',
    'route_request',
    'skill',
    'user_skill',
  ],
  triggers: ['message_trigger', 'popup', 'trigger_request'],
}

const cloud: Tables = {
  access: ['installation', 'session'],
  conversations: ['catch_up', 'customer', 'sent', 'wall_place'],
  files: ['file_copy'],
  audit: ['audit_entry'],
  integrations: ['connect_attempt', 'deletion_request', 'facebook_login', 'integration'],
  lanes: ['lane', 'lane_end', 'parcel'],
  pairings: ['pairing'],
  people: ['app_user', 'mail_code'],
}

const owners = new Map(
  Object.entries({ server, cloud }).map(([program, tables]) => [
    program,
    new Map(Object.entries(tables).flatMap(([room, names]) => names.map((name) => [name, room] as const))),
  ]),
)

/** `receive`, `reply` and the like are SQL functions that name the tables they write; this is about statements in TypeScript. */
export function ownerOf(program: string, table: string): string | undefined {
  return owners.get(program)?.get(table)
}

export function ownedTables(program: 'server' | 'cloud'): string[] {
  return [...(owners.get(program)?.keys() ?? [])]
}
