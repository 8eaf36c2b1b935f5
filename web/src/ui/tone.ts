/** What a colour means, and the icon that says the same without it. */
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad' | 'info'

export const toneIcons: Record<Tone, LucideIcon> = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
}
