/** A card in the middle of an empty page: signing in, setting up. */
import '../shell/shell.css'
import type { ReactNode } from 'react'
import { Logo } from '../shell/Logo.tsx'
import { Toasts } from '../ui/Toast.tsx'

export function Alone({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="alone">
      <div className="flex w-full max-w-[380px] flex-col gap-6">
        <div className="flex items-center gap-3">
          <Logo />
          <span className="text-h3">Patchbay</span>
        </div>
        <section className="card p-6">
          <h1 className="mb-5 text-h1">{title}</h1>
          {children}
        </section>
      </div>
      <Toasts />
    </main>
  )
}
