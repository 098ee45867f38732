import './data/zod-csp.ts';
import '@patternfly/patternfly/patternfly-base.css';
import './ui/theme.css';
import './ui/layout.css';
import './ui/table.css';
import './ui/flows.css';
import './ui/pages.css';
import './ui/contrast.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { readPreferences } from './data/preferences.ts';
import { createI18n } from './i18n/setup.ts';

const preferences = readPreferences();
const i18n = await createI18n(preferences.language);
createRoot(document.getElementById('root')!).render(<App i18n={i18n} preferences={preferences} />);
