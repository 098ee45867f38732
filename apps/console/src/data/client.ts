import './zod-csp.ts';
import { api, createClient } from '@hypervigil/contract';

/** The platform that served this page. The session is a cookie that the browser adds by itself. */
export const platform = createClient(api, (url, init) => fetch(url, init));
