import { labCommand } from './commands.ts';

process.exitCode = await labCommand(process.argv.slice(2));
