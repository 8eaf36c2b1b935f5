/** The sound of an offer: two soft notes, made here so that nothing has to be fetched. */
import { preferences } from '../../shell/preferences.ts'

let context: AudioContext | null = null

/** Browsers stay silent until the person has touched the page. */
export function isBlocked(): boolean {
  return context !== null && context.state === 'suspended'
}

export function ring(): void {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  note(context, 659.25, 0)
  note(context, 880, 0.18)
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

function note(audio: AudioContext, hertz: number, afterSeconds: number): void {
  const start = audio.currentTime + afterSeconds
  const tone = audio.createOscillator()
  const gain = audio.createGain()
  tone.type = 'sine'
  tone.frequency.value = hertz
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.25 * preferences().volume, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
  tone.connect(gain).connect(audio.destination)
  tone.start(start)
  tone.stop(start + 0.55)
}
