import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Look, openConsole } from './support/browser.ts';
import { SCREENS } from './support/screens.ts';

// node test/screenshots.ts FOLDER [screen,screen] [light|dark] [en|zh-CN] [width]: pictures for people to look at.
const [folder = 'screenshots', wanted = '', theme = 'light', language = 'en', width = '1280'] = process.argv.slice(2);
const look = { theme, language, width: Number(width), height: Number(width) < 600 ? 860 : 800 } as Look;
await mkdir(folder, { recursive: true });
await using opened = await openConsole(look);
for (const screen of SCREENS.filter(({ name }) => wanted === '' || wanted.split(',').includes(name))) {
  await opened.page.goto(opened.url + screen.path);
  await screen.ready(opened.page, language === 'en' ? 'en' : 'zh-CN');
  const path = join(folder, `${screen.name}-${theme}-${language}-${width}.png`);
  await opened.page.screenshot({ path });
  console.log(path);
}
if (opened.complaints.length > 0) console.log('complaints:', opened.complaints);
