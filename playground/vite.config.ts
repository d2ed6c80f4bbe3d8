import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  appType: 'custom',
  plugins: [react(), svelte({ configFile: false })],
  resolve: { conditions: ['module', 'browser', 'development|production', 'millrace-source'] },
  // Named, so that nothing is found only when the first page asks for it, which would reload that page.
  optimizeDeps: {
    include: [
      '@preact/signals-core',
      'eventsource-parser',
      'react',
      'react-dom',
      'react-dom/client',
      'react/jsx-dev-runtime',
      'svelte',
    ],
  },
  server: { warmup: { clientFiles: ['./src/main.tsx'] } },
})
