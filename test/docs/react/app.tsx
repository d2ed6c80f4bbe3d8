// react/app.tsx
import { createPool, setDefaultPool } from 'millrace'
import { Quote } from './quote.tsx'

setDefaultPool(createPool({ retry: { maxDelay: 10_000 }, linger: 5_000 }))

export function App() {
  return <Quote />
}
