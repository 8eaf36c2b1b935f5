/** A tree whose lines can be moved: by dragging, or by the keys of the grip. */
import { ChevronRight, GripVertical } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Collection } from 'react-aria-components/Collection'
import { Tree, TreeItem, TreeItemContent } from 'react-aria-components/Tree'
import { useDragAndDrop } from 'react-aria-components/useDragAndDrop'

export interface TreeNode {
  id: number
  label: string
  /** Behind the label. */
  mark?: ReactNode
  /** Buttons at the end. */
  actions?: ReactNode
  children: readonly TreeNode[]
}

export interface TreeViewProps {
  label: string
  nodes: readonly TreeNode[]
  /** Enter, or a click on the line. */
  onOpen: (id: number) => void
  onMove: (id: number, target: { id: number; place: 'before' | 'after' | 'on' }) => void
}

export function TreeView({ label, nodes, onOpen, onMove }: TreeViewProps) {
  // Open until it is closed, so that what is new is seen.
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set())
  const all = idsOf(nodes)
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onMove({ keys, target }) {
      const [id] = keys
      if (id !== undefined) onMove(Number(id), { id: Number(target.key), place: target.dropPosition })
    },
  })
  const line = (node: TreeNode) => (
    <TreeItem
      id={node.id}
      textValue={node.label}
      className="tree-line option"
      onAction={() => onOpen(node.id)}
    >
      <TreeItemContent>
        {({ hasChildItems }) => (
          <>
            <Button slot="drag" className="icon-button" data-variant="quiet" data-size="small">
              <GripVertical aria-hidden />
            </Button>
            {hasChildItems ? (
              <Button slot="chevron" className="icon-button" data-variant="quiet" data-size="small">
                <ChevronRight aria-hidden className="flip-rtl" />
              </Button>
            ) : (
              <span className="w-7" />
            )}
            <span className="truncate">
              <bdi>{node.label}</bdi>
            </span>
            <span className={node.mark ? 'min-w-12 flex-1 truncate' : undefined}>{node.mark}</span>
            <span className="ms-auto inline-flex flex-none">{node.actions}</span>
          </>
        )}
      </TreeItemContent>
      <Collection items={node.children}>{line}</Collection>
    </TreeItem>
  )
  return (
    <Tree
      aria-label={label}
      className="list"
      items={nodes}
      dragAndDropHooks={dragAndDropHooks}
      expandedKeys={all.filter((id) => !closed.has(id))}
      onExpandedChange={(open) => setClosed(new Set(all.filter((id) => !open.has(id))))}
    >
      {line}
    </Tree>
  )
}

function idsOf(nodes: readonly TreeNode[]): number[] {
  return nodes.flatMap((node) => [node.id, ...idsOf(node.children)])
}
