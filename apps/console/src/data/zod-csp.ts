import { z } from 'zod';

// zod compiles validators with `new Function` where it may; the content security policy forbids that, and trying would
// be reported as a violation. Imported before any schema is made.
z.config({ jitless: true });
