/** Why something that came in was refused, in plain words for who runs the service, by the codes of the refusals. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

export const refusalWords: Readonly<Record<string, MessageDescriptor>> = {
  'OC-102': msg`The token is wrong or its time is over. Copy the Receive URL again from the Connect page.`,
  'OC-103': msg`A field that every message needs is missing or no text: from, body or mapKey.`,
  'OC-104': msg`mapKey names no field of a contact. Use one such as phone or email, or a custom field by its cf_ name.`,
  'OC-105': msg`AttachmentId names no file of this account. Upload the file first and send the id that is answered.`,
  'OC-106': msg`This message id came before with other content. Give every message an id of its own and repeat one unchanged.`,
  'OC-107': msg`The message is longer than this account takes. Send long texts as files, or raise the limit in Settings.`,
  'OC-108': msg`This content type is not understood. Send JSON, or a form.`,
  'OC-109': msg`It came faster than this account takes. Repeat after the seconds in Retry-After, or raise the rate in Settings.`,
  'OC-110': msg`The installation was busy. Nothing was stored: repeat after the seconds in Retry-After.`,
  'OC-111': msg`The body cannot be read: it is empty, cut off, or no JSON object and no form.`,
  'OC-112': msg`A file named by its address could not be fetched. Upload it instead, or mend the address.`,
  'OC-113': msg`A field holds something that is not text, or is too long. Leave it out or send it as text.`,
  'OC-114': msg`The database was lost meanwhile, so nobody knows whether it was stored. Repeat it with the same message id.`,
  'OC-115': msg`A value is of a kind that cannot be stored. Leave out fields until it is taken.`,
  'OC-116': msg`The id names no message of this account of which this can be told.`,
  'OC-117': msg`It was not signed, or not rightly: this account takes only what is signed with its secret.`,
  'GE-106': msg`The request is longer than is taken here. Send files by the attachments API.`,
  'GE-108': msg`The body is no readable JSON.`,
}
