/** Starts the desk: words first, then the routes. */
import './ui/index.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startWords } from './shell/words.ts'

const root = document.getElementById('root')
if (root) startWords().then(() => createRoot(root).render(<App />))
