import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * PatternFly ships 9.8 MB of Latin web fonts. The console reads Chinese as well, so it uses the system's fonts
 * (src/ui/theme.css) and leaves those out of the build.
 */
function withoutWebFonts(): Plugin {
  return {
    name: 'without-web-fonts',
    enforce: 'pre',
    transform(code, id) {
      if (!/patternfly.*\.css$/.test(id)) return undefined;
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
    },
  };
}

export default defineConfig({
  plugins: [withoutWebFonts(), react()],
  build: { target: 'es2023', manifest: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': process.env['HV_CONSOLE_URL'] ?? 'http://127.0.0.1:8443' } },
});
