import { constants } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces a file so that a crash at any moment leaves the old content or the new, never half of one: written beside,
 * flushed, renamed, and the directory flushed (rename(2) is durable only when its directory is).
 */
export async function writeDurably(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const beside = `${file}.new`;
  const handle = await open(beside, 'w', mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  await flushDirectory(directory);
}

/**
 * Adds to a file's end and flushes it. A crash meanwhile leaves a part of `content` there at most. Rejects when the file
 * is not there or does not have `length` bytes: it is not what the caller takes it for.
 */
export async function appendDurably(file: string, length: number, content: string): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    const { size } = await handle.stat();
    if (size !== length) throw new RangeError(`${file} has ${size} bytes instead of ${length}`);
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

export async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The file's text, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
