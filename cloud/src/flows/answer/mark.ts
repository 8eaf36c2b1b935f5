/** The mark that an answer of ours carries through its channel, by which its echo is known. */

const shape = /^patchbay:(\d{1,15}):(\d{1,4})$/

export function markOf(parcelId: number, part: number): string {
  return `patchbay:${parcelId}:${part}`
}

export function readOurs(metadata: string | undefined): { parcelId: number; part: number } | undefined {
  const match = shape.exec(metadata ?? '')
  return match ? { parcelId: Number(match[1]), part: Number(match[2]) } : undefined
}

/** By which an answer is known at the contact centre: it may be several messages of the channel. */
export function answerName(parcelId: number): string {
  return `answer.${parcelId}`
}
