import type { OnStep } from '../steps.ts';
import type { CloudMessages } from './messages/index.ts';

const TICK_MS = 200;

/** Shows steps as they go: in place on a terminal, a plain line each elsewhere, an object a line for machines. */
export interface Progress {
  readonly onStep: OnStep;
  /** Takes the running lines away before anything else is printed. */
  close(): void;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** `host h1` → the words for `host`, and `h1`. */
function title(name: string, messages: CloudMessages): string {
  const whole = messages.steps[name];
  if (whole !== undefined) return whole;
  const [kind = '', ...rest] = name.split(' ');
  return [messages.steps[kind] ?? kind, ...rest].join(' ');
}

export function createProgress(
  json: boolean,
  messages: CloudMessages,
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  if (json)
    return {
      onStep: (step) => process.stdout.write(`${JSON.stringify({ type: 'step', ...step })}\n`),
      close: () => {},
    };
  return out.isTTY ? liveProgress(messages, out) : plainProgress(messages, out);
}

function plainProgress(messages: CloudMessages, out: NodeJS.WriteStream): Progress {
  return {
    onStep: (step) => {
      if (step.state !== 'start')
        out.write(`${step.state === 'done' ? '✓' : '✗'} ${title(step.name, messages)} (${seconds(step.elapsedMs)})\n`);
    },
    close: () => {},
  };
}

function liveProgress(messages: CloudMessages, out: NodeJS.WriteStream): Progress {
  const running = new Map<string, number>();
  let drawn = 0;
  const erase = () => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    for (const [name, began] of running)
      out.write(`… ${title(name, messages)} ${seconds(performance.now() - began)}\n`);
    drawn = running.size;
  };
  const timer = setInterval(draw, TICK_MS);
  timer.unref();
  return {
    onStep: (step) => {
      if (step.state === 'start') running.set(step.name, performance.now());
      else {
        erase();
        running.delete(step.name);
        out.write(`${step.state === 'done' ? '✓' : '✗'} ${title(step.name, messages)} (${seconds(step.elapsedMs)})\n`);
      }
      draw();
    },
    close: () => {
      clearInterval(timer);
      erase();
    },
  };
}
