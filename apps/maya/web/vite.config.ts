import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The engine's money is read from its sources, so that the page builds without building the engine first.
  resolve: { conditions: ['holdfast-source', ...defaultClientConditions] },
  server: { proxy: { '/api': SERVER, '/pay': SERVER } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows files of this origin and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
