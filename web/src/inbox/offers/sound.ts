/** The sounds of the desk, made here so that nothing has to be fetched: two soft notes for an offer, one for a message. */
import { preferences } from '../../shell/preferences.ts'

let context: AudioContext | null = null

/** Browsers stay silent until the person has touched the page. Ask a moment after a sound was wanted. */
export function isBlocked(): boolean {
  return context?.state === 'suspended'
}

export function ring(): void {
  play([
    [659.25, 0],
    [880, 0.18],
  ])
}

export function tick(): void {
  play([[1046.5, 0]], 0.5)
}

export function unlockOnGesture(done: () => void): () => void {
  const unlock = () => {
    context ??= new AudioContext()
    void context.resume().then(done)
  }
  window.addEventListener('pointerdown', unlock, { once: true })
  window.addEventListener('keydown', unlock, { once: true })
  return () => {
    window.removeEventListener('pointerdown', unlock)
    window.removeEventListener('keydown', unlock)
  }
}

function play(notes: readonly (readonly [hertz: number, afterSeconds: number])[], share = 1): void {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  for (const [hertz, after] of notes) note(context, hertz, after, share * preferences().volume)
}

function note(audio: AudioContext, hertz: number, afterSeconds: number, volume: number): void {
  if (volume <= 0) return
  const start = audio.currentTime + afterSeconds
  const tone = audio.createOscillator()
  const gain = audio.createGain()
  tone.type = 'sine'
  tone.frequency.value = hertz
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.25 * volume, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
  tone.connect(gain).connect(audio.destination)
  tone.start(start)
  tone.stop(start + 0.55)
}
