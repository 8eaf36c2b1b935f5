/** The address of an account's built-in echo receiver: nobody can guess it, and nothing needs to be stored to know it. */
import { equalInConstantTime, hmacSha256, type SealingKey } from '@patchbay/kit/crypto.ts'

const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function echoUrl(publicUrl: string, key: SealingKey, uid: string): string {
  return `${publicUrl}/echo/${uid}/${macOf(key, uid)}`
}

export function isEchoMac(key: SealingKey, uid: string, mac: string): boolean {
  return UID.test(uid) && equalInConstantTime(mac, macOf(key, uid))
}

/** For the guarded door, which lets through these addresses, to the letter, though they may be private. */
export function isEchoUrl(publicUrl: string, key: SealingKey, url: string): boolean {
  const uid = url.split('/').at(-2)
  return uid !== undefined && UID.test(uid) && equalInConstantTime(url, echoUrl(publicUrl, key, uid))
}

function macOf(key: SealingKey, uid: string): string {
  return hmacSha256(key.bytes, `echo receiver of account ${uid}`).subarray(0, 24).toString('base64url')
}
