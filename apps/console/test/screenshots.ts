import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Look, type Opened, openConsole } from './support/browser.ts';
import { SCREENS } from './support/screens.ts';

// Pictures for people to look at, and sheets of several side by side. Each option takes several values with commas:
// node test/screenshots.ts FOLDER --look light,dark,high-light,high-dark --language en,zh-CN --width 1280,400 --screen map
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    screen: { type: 'string', default: SCREENS.map(({ name }) => name).join() },
    look: { type: 'string', default: 'light' },
    language: { type: 'string', default: 'en' },
    width: { type: 'string', default: '1280' },
  },
});
const [folder = 'screenshots'] = positionals;
const screens = SCREENS.filter(({ name }) => values.screen.split(',').includes(name));
const LOOKS: Readonly<Record<string, Pick<Look, 'theme' | 'contrast'>>> = {
  light: { theme: 'light' },
  dark: { theme: 'dark' },
  'high-light': { theme: 'light', contrast: 'high' },
  'high-dark': { theme: 'dark', contrast: 'high' },
};

/** As many as still can be read, beside each other. */
async function sheet({ page }: Opened, name: string, pictures: readonly string[], width: number): Promise<void> {
  const images = await Promise.all(pictures.map(async (path) => (await readFile(path)).toString('base64')));
  const columns = width < 600 ? 4 : 2;
  await page.goto('about:blank');
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.setContent(
    `<body style="margin:0;display:grid;grid-template-columns:repeat(${columns},1fr);gap:4px;background:#808080">${images
      .map((image) => `<img src="data:image/png;base64,${image}" style="width:100%">`)
      .join('')}`,
  );
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

await mkdir(folder, { recursive: true });
for (const name of values.look.split(','))
  for (const language of values.language.split(',') as NonNullable<Look['language']>[])
    for (const width of values.width.split(',').map(Number)) {
      await using opened = await openConsole({ ...LOOKS[name], language, width, height: width < 600 ? 860 : 800 });
      const variant = `${name}-${language}-${width}`;
      const pictures: string[] = [];
      for (const screen of screens) {
        await opened.page.goto(opened.url + screen.path);
        await screen.ready(opened.page, language);
        const path = join(folder, `${screen.name}-${variant}.png`);
        await opened.page.screenshot({ path });
        pictures.push(path);
      }
      console.log(variant, ...opened.complaints);
      for (let first = 0; first < pictures.length; first += 4)
        await sheet(opened, `sheet-${variant}-${first / 4 + 1}`, pictures.slice(first, first + 4), width);
    }
