import type { Capture } from '@hypervigil/model';
import { platform } from '../../data/client.ts';

/** What came is not what the host captured. */
export class DamagedFile extends Error {}

/** The whole file of one host, piece by piece. Rejects with {@link DamagedFile} when its SHA-256 is another one. */
export async function readCaptureFile(
  id: string,
  { id: fileId, hostName, sha256 }: Capture['files'][number],
): Promise<{ readonly name: string; readonly content: Blob }> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let next: number | null = 0; next !== null; ) {
    const part: { data: string; next: number | null } = await platform.readCapture({
      params: { id, fileId },
      query: { offset: next },
    });
    parts.push(Uint8Array.from(atob(part.data), (character) => character.charCodeAt(0)));
    next = part.next;
  }
  const content = new Blob(parts, { type: 'application/vnd.tcpdump.pcap' });
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await content.arrayBuffer()));
  if ([...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== sha256) throw new DamagedFile();
  return { name: `capture-${id.slice(0, 8)}-${hostName ?? fileId.slice(0, 8)}.pcap`, content };
}
