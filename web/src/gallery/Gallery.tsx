/** The components side by side, in every state: for building them, for pictures and for axe. `?dir=rtl` turns it round. */
import { useEffect } from 'react'
import { KitProvider } from '../ui/KitProvider.tsx'
import { Page, PageHeader } from '../ui/Page.tsx'
import { Toasts } from '../ui/Toast.tsx'
import { Buttons } from './Buttons.tsx'
import { Data } from './Data.tsx'
import { Fields } from './Fields.tsx'
import { Marks } from './Marks.tsx'
import { Overlays } from './Overlays.tsx'

export function Gallery() {
  const isRtl = location.search.includes('dir=rtl')
  useEffect(() => {
    document.documentElement.dir = isRtl ? 'rtl' : 'ltr'
  }, [isRtl])
  return (
    <KitProvider locale={isRtl ? 'ar-AE' : 'en'} navigate={() => {}}>
      <main className="h-full overflow-auto">
        <Page>
          <PageHeader
            title="Components"
            description="Every component in every state that can be seen at rest."
          />
          <div className="grid gap-3 narrow:grid-cols-2">
            <Buttons />
            <Marks />
            <Fields />
            <Overlays />
          </div>
          <Data />
        </Page>
      </main>
      <Toasts />
    </KitProvider>
  )
}
