/** A place where files may be dropped, pasted or picked. */
import { type ClipboardEvent, type DragEvent, type ReactNode, type RefObject, useRef, useState } from 'react'

export interface FileDropProps {
  /** Shown over the area while files hang above it: “Drop to attach”. */
  label: string
  onFiles: (files: File[]) => void
  children: ReactNode
  isDisabled?: boolean
  className?: string
}

export function FileDrop({ label, onFiles, children, isDisabled = false, className = '' }: FileDropProps) {
  // Entering a child fires before leaving its parent: count, do not toggle.
  const depth = useRef(0)
  const [isOver, setOver] = useState(false)
  const enter = (by: number) => {
    depth.current += by
    setOver(depth.current > 0)
  }
  const holdsFiles = (event: DragEvent) => !isDisabled && event.dataTransfer.types.includes('Files')
  const take = (files: FileList) => {
    if (!isDisabled && files.length > 0) onFiles([...files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button beside it is the first
    <div
      className={`drop ${className}`}
      onDragEnter={(event) => holdsFiles(event) && enter(1)}
      onDragLeave={(event) => holdsFiles(event) && enter(-1)}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        depth.current = 0
        setOver(false)
        take(event.dataTransfer.files)
      }}
      onPaste={(event: ClipboardEvent) => {
        if (event.clipboardData.files.length === 0) return
        event.preventDefault()
        take(event.clipboardData.files)
      }}
    >
      {children}
      {isOver ? <div className="drop-cover">{label}</div> : null}
    </div>
  )
}

/** The way without a mouse: `open` shows the system's file dialog, `input` must stand somewhere on the page. */
export function useFilePicker(
  onFiles: (files: File[]) => void,
  { accept, isSingle = false }: { accept?: string; isSingle?: boolean } = {},
) {
  const input: RefObject<HTMLInputElement | null> = useRef(null)
  return {
    open: () => input.current?.click(),
    input: (
      <input
        ref={input}
        type="file"
        hidden
        multiple={!isSingle}
        accept={accept}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // The same file may be picked twice in a row.
          event.target.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
    ),
  }
}
