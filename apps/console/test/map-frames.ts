import { type Opened, openConsole } from './support/browser.ts';

// node test/map-frames.ts [VMS] [host|group|tenant] [open]: how long the map's frames take, for people to read. With
// `open` every cluster is opened first. In a browser without a GPU, as in the tests, painting is done by the processor.
const [vms = '1000', layout = 'host', open = ''] = process.argv.slice(2);
await using opened = await openConsole({}, { mode: 'vms', vms: Number(vms) });
const { page, url, fake } = opened;
const cdp = await opened.context.newCDPSession(page);

interface Frames {
  readonly frames: number;
  /** Between two frames, as somebody would see it on this machine, as busy as it is. */
  readonly worstGap: number;
  /** The longest task of the page's main thread by processor time, which other work on the machine does not lengthen. */
  readonly longestTask: number;
  /** How many tasks took more than 50 ms of the processor. */
  readonly over50: number;
}
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Of the processor, in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

async function traced(work: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', '__metadata'] } });
  await work();
  const complete = new Promise<unknown>((done) => cdp.once('Tracing.tracingComplete', done));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', collect);
  return events;
}

/** Processor time of each task of the page's main thread, in milliseconds. */
function mainTasks(events: readonly TraceEvent[]): number[] {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  return events
    .filter((event) => event.name.endsWith('RunTask') && mains.has(threadOf(event)))
    .map(({ tdur = 0 }) => tdur / 1000);
}

async function during(work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const state = { gaps: [] as number[], on: true };
    (window as unknown as { measured: typeof state }).measured = state;
    let last = performance.now();
    requestAnimationFrame(function tick(now) {
      state.gaps.push(now - last);
      last = now;
      if (state.on) requestAnimationFrame(tick);
    });
  });
  const tasks = mainTasks(await traced(work));
  const gaps = await page.evaluate(() => {
    const { measured } = window as unknown as { measured: { gaps: number[]; on: boolean } };
    measured.on = false;
    return measured.gaps.slice(1);
  });
  return {
    frames: gaps.length,
    worstGap: Math.round(Math.max(...gaps)),
    longestTask: Math.round(Math.max(0, ...tasks)),
    over50: tasks.filter((ms) => ms > 50).length,
  };
}

async function middle({ page }: Opened) {
  const box = (await page.locator('.hv-map__stage').boundingBox())!;
  // A little beside the middle, where there is rather ground than a card.
  return { x: box.x + box.width / 2, y: box.y + 6 };
}

const started = performance.now();
await page.goto(`${url}/map?layout=${layout}`);
await page.locator('.react-flow__node').first().waitFor();
console.log(`first picture after ${Math.round(performance.now() - started)} ms`);
if (open !== '') {
  const containers = await page
    .locator('.react-flow__node-container')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-id')));
  await page.goto(`${url}/map?layout=${layout}&open=${containers.join()}`);
  await page.locator('.react-flow__node-vm').first().waitFor();
}
const [nodes, lines] = [page.locator('.react-flow__node'), page.locator('.react-flow__edge')];
console.log(`${await nodes.count()} nodes, ${await lines.count()} lines in the document`);
await page.getByText('Live', { exact: true }).waitFor();

const { x, y } = await middle(opened);
const all = fake.state.data.vms;
const change = (n: number) =>
  fake.state.changeVm(all[(n * 37) % all.length]!.id, { state: n % 2 === 0 ? 'paused' : 'running' });
const pan = async (each: (n: number) => void) => {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let n = 0; n < 60; n++) {
    await page.mouse.move(x + 4 * (n % 30), y + 3 * (n % 20));
    each(n);
  }
  await page.mouse.up();
};
const report: Record<string, Frames> = {};
report['pan'] = await during(() => pan(() => {}));
report['zoom'] = await during(async () => {
  for (let n = 0; n < 40; n++) await page.mouse.wheel(0, n < 20 ? -120 : 120);
});
report['hover'] = await during(async () => {
  for (let n = 0; n < 60; n++) await page.mouse.move(x - 400 + n * 13, y + 40 + (n % 12) * 16);
});
report['live'] = await during(async () => {
  for (let n = 0; n < 100; n++) {
    change(n);
    if (n % 25 === 0) fake.events.emit({ kind: 'changed', what: 'flows' });
    await page.evaluate(() => new Promise((done) => setTimeout(done, 25)));
  }
});
report['live while panning'] = await during(() =>
  pan((n) => {
    if (n % 4 === 0) change(n);
    if (n % 20 === 0) fake.events.emit({ kind: 'changed', what: 'flows' });
  }),
);
console.table(report);
if (opened.complaints.length > 0) console.log(opened.complaints);
