/** What there is in the box: apps, people, pages, tokens, threads, posts, files. Data alone. */

export type Task = (typeof allTasks)[number]
/** A page's admin has all of them. */
export const allTasks = [
  'ADVERTISE',
  'ANALYZE',
  'CREATE_CONTENT',
  'MESSAGING',
  'MODERATE',
  'MANAGE',
  'MANAGE_LEADS',
  'VIEW_MONETIZATION_INSIGHTS',
] as const

/** The app under which answers from the page's own inbox appear in echoes. */
export const INBOX_APP = '26390203743090'

export type Platform = 'messenger' | 'instagram'

export interface Subscription {
  callbackUrl: string
  verifyToken: string
  fields: string[]
  includesValues: boolean
}

/** What a person allowed an app in the dialog. */
export interface Grant {
  personId: string
  asid: string
  permissions: Map<string, 'granted' | 'declined'>
  pageIds: string[]
}

export interface App {
  id: string
  name: string
  secret: string
  redirectUris: string[]
  needsProof: boolean
  hasHumanAgent: boolean
  deauthorizeUrl: string
  deletionUrl: string
  /** What a config_id of the dialog stands for: permissions. */
  configurations: Map<string, string[]>
  /** By object: page, instagram. */
  subscriptions: Map<string, Subscription>
  /** By person. */
  grants: Map<string, Grant>
}

export interface Person {
  id: string
  firstName: string
  lastName: string
  /** By page. */
  roles: Map<string, Task[]>
  /** Pages whose messages the person does not take. */
  blocked: string[]
  hasHiddenProfile: boolean
}

export interface Page {
  id: string
  name: string
  category: string
  /** Missing in /me/accounts without business_management. */
  isBusinessOwned: boolean
  canVisitorsPost: boolean
  /** App -> subscribed fields. */
  subscribed: Map<string, string[]>
  /** App -> since when all deliveries of messages failed, in ms. */
  failingSince: Map<string, number>
  instagram?: { id: string; username: string }
}

export interface Token {
  value: string
  kind: 'short' | 'long' | 'page'
  appId: string
  personId: string
  pageId?: string
  issuedAt: number
  /** 0 is never. */
  expiresAt: number
  /** error_subcode of 190 since it was revoked. */
  revokedBy?: number
}

export interface Code {
  value: string
  appId: string
  personId: string
  redirectUri: string
  expiresAt: number
  isUsed: boolean
}

export interface Attachment {
  id: string
  type: string
  fileId?: string
  /** Sent instead of an address of the CDN. */
  payload?: Record<string, unknown>
}

export interface Message {
  mid: string
  at: number
  isFromPage: boolean
  /** Of answers: the app that sent it. */
  appId?: string
  text?: string
  attachments: Attachment[]
  replyTo?: string
  /** File of the story that it answers. */
  story?: string
  metadata?: string
  /** Emoji by who reacted. */
  reactions: Map<'person' | 'page', string>
  edits: number
  isDeleted: boolean
  isDelivered: boolean
  isRead: boolean
}

export interface Thread {
  id: string
  platform: Platform
  pageId: string
  personId: string
  messages: Message[]
  /** What last opened the window, in ms. */
  openedAt: number
  /** After a private reply nothing may follow until the person answers. */
  awaitsPerson: boolean
  /** Another app that has the thread. */
  ownerAppId?: string
  typing?: 'page'
}

export interface Author {
  kind: 'person' | 'page'
  id: string
}

export interface Post {
  id: string
  pageId: string
  author: Author
  item: 'post' | 'status' | 'photo' | 'video' | 'share'
  message: string
  fileIds: string[]
  link?: string
  createdAt: number
  updatedAt: number
  isPublished: boolean
  isHidden: boolean
  isDeleted: boolean
  hasPrivateReply: boolean
  /** By scoped id of who reacted. */
  reactions: Map<string, string>
}

export interface Comment {
  id: string
  postId: string
  /** The post, or the comment that this one answers. */
  parentId: string
  pageId: string
  author: Author
  message: string
  fileId?: string
  createdAt: number
  isHidden: boolean
  isDeleted: boolean
  hasPrivateReply: boolean
  reactions: Map<string, string>
}

export interface StoredFile {
  id: string
  name: string
  type: string
  bytes: Buffer
}

/** Uploaded ahead of a message (`reusable`) or of a comment (`photo`). */
export interface Upload {
  id: string
  kind: 'reusable' | 'photo'
  pageId: string
  type: string
  fileId: string
  at: number
}

export interface Attempt {
  at: number
  ms: number
  /** 0: no answer. */
  status: number
  error?: string
}

/** One POST that a subscribed app is owed. */
export interface Delivery {
  id: string
  appId: string
  pageIds: string[]
  kind: 'messaging' | 'feed'
  object: string
  entries: unknown[]
  createdAt: number
  nextAt: number
  attempts: Attempt[]
  state: 'waiting' | 'delivered' | 'dropped' | 'held'
}

export interface World {
  apps: Map<string, App>
  people: Map<string, Person>
  pages: Map<string, Page>
  /** `<platform>/<page>/<person>` -> the id under which the page knows the person. */
  scopedIds: Map<string, string>
  tokens: Map<string, Token>
  codes: Map<string, Code>
  /** `<platform>/<page>/<person>` */
  threads: Map<string, Thread>
  posts: Map<string, Post>
  comments: Map<string, Comment>
  files: Map<string, StoredFile>
  uploads: Map<string, Upload>
  deliveries: Delivery[]
  /** How far the clock runs ahead of the real one. */
  aheadMs: number
}

export function emptyWorld(): World {
  return {
    apps: new Map(),
    people: new Map(),
    pages: new Map(),
    scopedIds: new Map(),
    tokens: new Map(),
    codes: new Map(),
    threads: new Map(),
    posts: new Map(),
    comments: new Map(),
    files: new Map(),
    uploads: new Map(),
    deliveries: [],
    aheadMs: 0,
  }
}
